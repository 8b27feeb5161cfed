"""The check before publishing for every way of publishing in the admin that is not the page's form."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import WorkflowAction
from wagtail.models import Page
from wagtail_localize.models import Translation
from wagtail_localize.views import update_translations

from base.models import BasePage


def refuse_incomplete_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say what `page` lacks and lead back to its editor; None when it may be published."""
    page = page.specific
    problems = page.publish_problems() if isinstance(page, BasePage) else []
    if not problems:
        return None
    lines = " ".join(problem.message for problem in problems)
    messages.error(request, _("Not published. %(problems)s") % {"problems": lines})
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


def refuse_incomplete_pages(request, action_type, objects, action_class_instance):
    if action_type != "publish":
        return None
    return next(filter(None, (refuse_incomplete_page(request, page) for page in objects)), None)


def refuse_incomplete_translation(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before the translator's editor publishes: ask the page as its translators have written it."""
    if request.method != "POST" or request.POST.get("action") != "publish":
        return None
    translation = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
    ).first()
    if translation is not None:
        page = translation.source.get_ephemeral_translated_instance(page.locale, fallback=True)
    return refuse_incomplete_page(request, page)


class UpdateTranslationsView(update_translations.UpdateTranslationsView):
    """Publishing at once is for those who may publish: the package lets every translator."""

    def form_valid(self, form):
        if not form.cleaned_data["publish_translations"]:
            return super().form_valid(form)
        translations = list(self.object.translations.filter(enabled=True))
        for translation in translations:
            page = translation.get_target_instance()
            if not page.permissions_for_user(self.request.user).can_publish():
                raise PermissionDenied
        self.object.update_from_db()
        for translation in translations:
            page = self.object.get_ephemeral_translated_instance(
                translation.target_locale, fallback=True
            )
            refused = refuse_incomplete_page(self.request, page)
            if refused is not None:
                return refused
        return super().form_valid(form)


class PageEditView(EditView):
    """Publishes in one transaction with the check before it: what was asked must still hold then."""

    @transaction.atomic
    def publish_action(self):
        return super().publish_action()


class WorkflowActionView(WorkflowAction):
    """Approving publishes the newest draft, which may be another than the one handed in."""

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        if self.action_name == "approve":
            draft = self.object.get_latest_revision_as_object()
            refused = refuse_incomplete_page(request, draft)
            if refused is not None:
                return refused
        return super().post(request, *args, **kwargs)
