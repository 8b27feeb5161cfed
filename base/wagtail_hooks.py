from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from base.models import BasePage
from base.outbound import ExternalLinkHandler
from base.page_links import PageLinkHandler
from base.privacy import guard_document


@hooks.register("register_rich_text_features", order=100)
def register_links(features):
    features.register_link_type(PageLinkHandler)
    features.register_link_type(ExternalLinkHandler)


@hooks.register("before_serve_document")
def guard(document, request):
    return guard_document(document, request)


@hooks.register("before_publish_page")
def refuse_incomplete_page(request, page):
    """The same check as in the form, for every other way of publishing in the admin."""
    page = page.specific
    problems = page.publish_problems() if isinstance(page, BasePage) else []
    if not problems:
        return None
    lines = " ".join(problem.message for problem in problems)
    messages.error(request, _("Not published. %(problems)s") % {"problems": lines})
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


@hooks.register("before_bulk_action")
def refuse_incomplete_pages(request, action_type, objects, action_class_instance):
    if action_type != "publish":
        return None
    for page in objects:
        response = refuse_incomplete_page(request, page)
        if response is not None:
            return response
    return None
