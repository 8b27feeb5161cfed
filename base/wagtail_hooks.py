from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from base import publish_views
from base.outbound import ExternalLinkHandler
from base.page_links import PageLinkHandler
from base.privacy import guard_document
from base.scheduled import REFUSED


@hooks.register("register_rich_text_features", order=100)
def register_links(features):
    features.register_link_type(PageLinkHandler)
    features.register_link_type(ExternalLinkHandler)


@hooks.register("before_serve_document")
def guard(document, request):
    return guard_document(document, request)


hooks.register("before_publish_page", publish_views.refuse_incomplete_page)
hooks.register("before_bulk_action", publish_views.refuse_incomplete_pages)
hooks.register("before_edit_page", publish_views.refuse_incomplete_translation, order=-1)


@hooks.register("register_admin_urls", order=-1)
def register_guarded_update():
    """Found before wagtail-localize's own view of this address."""
    view = publish_views.UpdateTranslationsView.as_view()
    return [path("localize/update/<int:translation_source_id>/", view)]


@hooks.register("register_log_actions")
def register_refusals(actions):
    """A page that was not published at its time says so in its history, with what it lacked."""

    @actions.register_action(REFUSED)
    class RefusedFormatter(LogFormatter):
        label = _("Not published at its time")

        def format_message(self, log_entry):
            problems = " ".join(log_entry.data["problems"])
            return _("Not published at its time. %(problems)s") % {"problems": problems}
