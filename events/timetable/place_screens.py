"""Tables and time slots in the admin."""

from abc import ABC, abstractmethod

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from events.errors import EventError
from events.models import MeetingTable, TimeSlot
from events.services.moved import keep_slots, shift_slots
from events.services.places import (
    add_slots,
    add_tables,
    move_slot,
    remove_slot,
    remove_table,
    rename_table,
)
from events.timetable.fields import local
from events.timetable.forms import (
    ReasonForm,
    RemoveSlotForm,
    SlotForm,
    SlotsForm,
    TableForm,
    TablesForm,
)
from events.timetable.grid import Row, by_day, live_meetings
from events.timetable.screens import PlanningMixin, ServiceView, row_or_404


class PlacesView(PlanningMixin, TemplateView):
    """All tables and slots, each with how many meetings it has, and the forms that add more."""

    template_name = "events/timetable/places.html"
    page_title = _("Tables and times")
    current = "places"

    def get_context_data(self, **kwargs) -> dict:
        meetings = list(live_meetings(self.meeting_round))
        kwargs.setdefault("tables_form", TablesForm())
        kwargs.setdefault("slots_form", SlotsForm(initial={"starts_at": self._next_start()}))
        tables = [
            (table, sum(1 for m in meetings if m.table_id == table.pk))
            for table in self.meeting_round.tables.all()
        ]
        slots = [Row(slot, [m for m in meetings if m.slot_id == slot.pk]) for slot in self.slots]
        return super().get_context_data(tables=tables, days=by_day(slots), **kwargs)

    @cached_property
    def slots(self) -> list[TimeSlot]:
        return list(self.meeting_round.slots.all())

    def _next_start(self):
        """After the last slot, or when the event begins."""
        last = self.slots[-1].ends_at if self.slots else self.desk.page.starts_at
        return local(last)


class AddTablesView(ServiceView, PlacesView):
    form_class = TablesForm
    http_method_names = ["post"]
    template_name = PlacesView.template_name

    def act(self, form):
        data = form.cleaned_data
        return add_tables(
            meeting_round=self.meeting_round,
            number=data["number"],
            prefix=data["prefix"],
            actor=self.request.user,
        )

    def get_done(self, result) -> str:
        return ngettext("%(n)s table added.", "%(n)s tables added.", len(result)) % {
            "n": len(result)
        }

    def get_next(self, result) -> HttpResponse:
        return self.to("places")

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(tables_form=kwargs["form"], **kwargs)


class AddSlotsView(ServiceView, PlacesView):
    form_class = SlotsForm
    http_method_names = ["post"]
    template_name = PlacesView.template_name

    def act(self, form):
        return add_slots(
            meeting_round=self.meeting_round, actor=self.request.user, **form.cleaned_data
        )

    def get_done(self, result) -> str:
        return ngettext("%(n)s time slot added.", "%(n)s time slots added.", len(result)) % {
            "n": len(result)
        }

    def get_next(self, result) -> HttpResponse:
        return self.to("places")

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(slots_form=kwargs["form"], **kwargs)


class PlaceView(ServiceView):
    """One table or slot. It is looked up anew with every request: it may be gone."""

    current = "places"

    @cached_property
    def table(self) -> MeetingTable:
        return row_or_404(self.meeting_round.tables, self.kwargs["pk"])

    @cached_property
    def slot(self) -> TimeSlot:
        return row_or_404(self.meeting_round.slots, self.kwargs["pk"])

    def get_next(self, result) -> HttpResponse:
        return self.to("places")


class TableView(PlaceView):
    form_class = TableForm
    page_title = _("Rename the table")
    done = _("The table has its new name.")

    def get_initial(self) -> dict:
        return {"name": self.table.name}

    def act(self, form):
        return rename_table(
            table=self.table, name=form.cleaned_data["name"], actor=self.request.user
        )

    def get_page_title(self) -> str:
        return f"{self.page_title} · {self.table}"


class SlotView(PlaceView):
    form_class = SlotForm
    page_title = _("Change the time")
    done = _("The time slot has its new time.")

    def get_initial(self) -> dict:
        return {"starts_at": local(self.slot.starts_at), "ends_at": local(self.slot.ends_at)}

    def get_page_title(self) -> str:
        return f"{self.page_title} · {self.slot}"

    def act(self, form):
        return move_slot(slot=self.slot, actor=self.request.user, **form.cleaned_data)


class RemovalView(PlaceView):
    is_final = True
    button = _("Remove")

    def get_done(self, result: tuple[int, int]) -> str:
        moved, cancelled = result
        return gettext(
            "Removed. Meetings moved elsewhere: %(moved)s, cancelled: %(cancelled)s."
        ) % {"moved": moved, "cancelled": cancelled}


class RemoveTableView(RemovalView):
    form_class = ReasonForm
    page_title = _("Remove the table")

    def act(self, form):
        data = form.cleaned_data
        return remove_table(table=self.table, reason=data["reason"], actor=self.request.user)

    def get_context_data(self, **kwargs) -> dict:
        question = gettext(
            "Remove table %(table)s? Its meetings go to another free table at the same time; "
            "those that find none are cancelled."
        ) % {"table": self.table}
        return super().get_context_data(question=question, **kwargs)


class RemoveSlotView(RemovalView):
    form_class = RemoveSlotForm
    page_title = _("Remove the time slot")

    def act(self, form):
        data = form.cleaned_data
        return remove_slot(
            slot=self.slot,
            elsewhere=data["elsewhere"],
            reason=data["reason"],
            actor=self.request.user,
        )

    def get_context_data(self, **kwargs) -> dict:
        question = gettext(
            "Remove the time slot %(slot)s? Whoever had a meeting in it is told, if the timetable was sent."
        ) % {"slot": self.slot}
        return super().get_context_data(question=question, **kwargs)


class MovedEventView(PlanningMixin, View, ABC):
    """The two buttons of the notice that the event was moved and its time slots were not."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        try:
            messages.success(request, self.act())
        except EventError as error:
            messages.error(request, str(error))
        return self.to("places")

    @abstractmethod
    def act(self) -> str:
        """Call the button's service and say what was done. Raises EventError."""


class ShiftSlotsView(MovedEventView):
    def act(self) -> str:
        number = shift_slots(meeting_round=self.meeting_round, actor=self.request.user)
        return ngettext("%(n)s time slot moved.", "%(n)s time slots moved.", number) % {"n": number}


class KeepSlotsView(MovedEventView):
    def act(self) -> str:
        keep_slots(meeting_round=self.meeting_round, actor=self.request.user)
        return gettext("The time slots stay where they are.")
