"""Setting a desk up: its making, its rules, its end."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from events.desk_admin.base import DeskMixin
from events.desk_admin.forms import NewDeskForm, RulesForm
from events.desk_errors import DeskExistsError
from events.errors import EventError
from events.models import EventPage, RegistrationDesk
from events.services.desks import change_rules, delete_desk, open_desk

UNPROCESSABLE = 422


class PageDeskView(View):
    """From an event's page to its desk, in whichever language the page is; to a new one where there is none."""

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        if not request.user.has_perm("events.view_registrationdesk"):
            raise PermissionDenied
        page = get_object_or_404(EventPage, pk=page_id)
        desk = RegistrationDesk.objects.for_page(page)
        if desk is not None:
            return redirect("desks:overview", desk.pk)
        return redirect(f"{reverse('desks:new')}?page={page.pk}")


class NewDeskView(WagtailAdminTemplateMixin, FormView):
    """`?page=` chooses the event: its own screen links here."""

    form_class = NewDeskForm
    template_name = "events/desk_admin/new.html"
    page_title = _("New registration desk")
    header_icon = "clipboard-list"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": reverse_lazy("desks:index"), "label": _("Registration desks")},
        {"url": "", "label": _("New registration desk")},
    ]

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm("events.add_registrationdesk"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict:
        asked = self.request.GET.get("page", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
            return {}
        page = Page.objects.filter(pk=asked).first()
        if page is None:
            return {}
        pages = self.form_class().fields["page"].queryset
        return {"page": pages.filter(translation_key=page.translation_key).first()}

    def form_valid(self, form: NewDeskForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            desk = open_desk(page=data["page"], capacity=data["capacity"], actor=self.request.user)
        except DeskExistsError as error:
            messages.info(self.request, str(error))
            return redirect("desks:overview", error.desk.pk)
        messages.success(
            self.request,
            gettext("The desk is there, still closed. Say how it works, then open it."),
        )
        return redirect("desks:rules", desk.pk)

    def form_invalid(self, form: NewDeskForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class RulesView(DeskMixin, FormView):
    form_class = RulesForm
    template_name = "events/desk_admin/rules.html"
    page_title = _("Rules")
    permission = "events.change_registrationdesk"

    def get_form_kwargs(self) -> dict:
        # A copy: what is typed wrongly must not show in the heading.
        return super().get_form_kwargs() | {
            "instance": RegistrationDesk.objects.get(pk=self.desk.pk)
        }

    def form_valid(self, form: RulesForm) -> HttpResponse:
        try:
            change_rules(desk=self.desk, values=form.cleaned_data, actor=self.request.user)
        except EventError as error:
            form.add_error(error.field, str(error))
            return self.form_invalid(form)
        messages.success(self.request, gettext("The rules are saved, and hold from now on."))
        return redirect("desks:rules", self.desk.pk)

    def form_invalid(self, form: RulesForm) -> HttpResponse:
        messages.error(self.request, gettext("Not saved: please mend what is marked."))
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs) -> dict:
        may_delete = self.request.user.has_perm("events.delete_registrationdesk")
        return super().get_context_data(
            may_delete=may_delete and not self.desk.registrations.exists(), **kwargs
        )


class DeleteDeskView(DeskMixin, View):
    permission = "events.delete_registrationdesk"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        try:
            delete_desk(desk=self.desk, actor=request.user)
        except EventError as error:
            messages.error(request, str(error))
            return redirect("desks:rules", desk_id)
        messages.success(request, gettext("The desk is deleted."))
        return redirect("desks:index")


def told_offers(request: HttpRequest, offers: int) -> None:
    """Say that seats were offered to those who wait."""
    if offers:
        messages.info(
            request,
            ngettext(
                "%(number)s seat was offered to the waiting list.",
                "%(number)s seats were offered to the waiting list.",
                offers,
            )
            % {"number": offers},
        )
