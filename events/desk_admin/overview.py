"""The page with everything: how an event's registration stands, and who has registered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin.widgets.button import HeaderButton

from events.choices import PoolKind, RegistrationStatus
from events.desk_admin import numbers
from events.desk_admin.base import DeskMixin
from events.desk_admin.index import state_label
from events.desk_admin.registration_list import (
    MOST_FOUND,
    FilterForm,
    SearchForm,
    filtered,
    found,
    page_of,
    waiting_list,
)
from events.services.desks import set_open

WAITING_SHOWN = 20


class OverviewView(DeskMixin, TemplateView):
    """Numbers for all who may see the desk; registrations only for those who may see persons.

    Posting `q` searches; filters and pages are in the address.
    """

    template_name = "events/desk_admin/overview.html"
    page_title = _("Registrations")
    http_method_names = ["get", "head", "post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return self.get(request, *args, **kwargs)

    @property
    def header_buttons(self) -> list[HeaderButton]:
        page, buttons = self.desk.page, []
        if self.request.user.has_perm("events.work_registration"):
            url = reverse("desks:enter", args=[self.desk.pk])
            buttons.append(HeaderButton(gettext("Enter a registration"), url=url, icon_name="plus"))
        if self.request.user.has_perm("events.change_registrationdesk"):
            url = reverse("wagtailadmin_pages:edit", args=[page.pk])
            if page.permissions_for_user(self.request.user).can_edit():
                buttons.append(HeaderButton(gettext("Edit the page"), url=url, icon_name="edit"))
        if page.live and page.url:
            buttons.append(
                HeaderButton(gettext("Page of the event"), url=page.url, icon_name="view")
            )
        return buttons

    def get_context_data(self, **kwargs) -> dict:
        desk, user = self.desk, self.request.user
        counts = numbers.by_status(desk)
        context = {
            "state_label": state_label(desk),
            "counts": counts,
            "entered": numbers.entered(desk),
            "pools": numbers.by_pool(desk),
            "seats": numbers.seats_of(desk),
            "kinds": PoolKind,
            "may_build": user.has_perm("events.change_registrationdesk"),
            "may_work": user.has_perm("events.work_registration"),
            "may_see": user.has_perm("events.view_registration"),
        }
        if context["may_see"]:
            context |= self.registrations({count.status: count for count in counts})
        return super().get_context_data(**context, **kwargs)

    def registrations(self, counts: dict) -> dict:
        """The list, the waiting list, and what went wrong with mails."""
        search = SearchForm(self.request.POST or None)
        filters = FilterForm(self.request.GET, desk=self.desk)
        words = search.cleaned_data["q"].strip() if search.is_valid() else ""
        rows = found(self.desk, words)[: MOST_FOUND + 1] if words else None
        return {
            "search": search,
            "searched": bool(words),
            "found": list(rows or [])[:MOST_FOUND],
            "found_more": rows is not None and len(rows) > MOST_FOUND,
            "filters": filters,
            "chosen": filters.chosen,
            "page_obj": None
            if words
            else page_of(filtered(self.desk, filters.chosen), self.request.GET.get("p")),
            "pending": counts[RegistrationStatus.PENDING].registrations,
            "waiting": counts[RegistrationStatus.WAITING].registrations,
            "waiting_list": waiting_list(self.desk, WAITING_SHOWN),
            "failed": numbers.failed_mails(self.desk).count(),
        }


class OpenView(DeskMixin, View):
    """Begin or end taking registrations."""

    permission = "events.change_registrationdesk"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int, is_open: bool) -> HttpResponse:
        set_open(desk=self.desk, is_open=is_open, actor=request.user)
        return redirect("desks:overview", desk_id)
