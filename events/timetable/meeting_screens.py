"""One meeting in the admin: set, moved, exchanged, cancelled."""

from django.forms import Form
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from events.choices import MeetingStatus
from events.models import Meeting
from events.services.outcomes import mark_meeting
from events.services.planning import (
    add_meeting,
    cancel_meeting,
    move_meeting,
    set_fixed,
    swap_meetings,
)
from events.services.rounds import has_begun
from events.timetable.conflicts import conflicts
from events.timetable.forms import CancelForm, MarkForm, MeetingForm, PlaceForm, SwapForm
from events.timetable.grid import live_meetings, names_of
from events.timetable.screens import PlanningMixin, ServiceView, row_or_404

MARKS = (
    (MeetingStatus.HELD, _("It took place")),
    (MeetingStatus.MISSED, _("It did not take place")),
    (MeetingStatus.PLANNED, _("Not known")),
)


class AddMeetingView(ServiceView):
    """`?slot=`, `?table=`, `?first=`, `?second=` fill the form: free places and unplaced wishes link here."""

    form_class = MeetingForm
    page_title = _("Set a meeting")
    button = _("Set the meeting")
    done = _("The meeting is set. The solver leaves it where it is.")

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"meeting_round": self.meeting_round}

    def get_initial(self) -> dict:
        names = MeetingForm.field_order[:4]
        given = {name: self.request.GET.get(name, "") for name in names}
        return {n: v for n, v in given.items() if v.isascii() and v.isdigit() and len(v) < 12}

    def act(self, form: MeetingForm) -> Meeting:
        return add_meeting(actor=self.request.user, **form.cleaned_data)


class MeetingView(PlanningMixin, TemplateView):
    """A meeting, and what may be done with it; `bound` is the form that a service refused."""

    template_name = "events/timetable/meeting.html"
    page_title = _("Meeting")

    @cached_property
    def meeting(self) -> Meeting:
        rows = Meeting.objects.filter(round=self.meeting_round).select_related(
            "slot", "table", "round", "request"
        )
        return row_or_404(
            rows.prefetch_related("sides__participant__registration"), self.kwargs["pk"]
        )

    @cached_property
    def others(self):
        """Meetings that this one could change places with."""
        meetings = live_meetings(self.meeting_round).filter(status=MeetingStatus.PLANNED)
        return meetings.exclude(pk=self.meeting.pk).exclude(slot=None).exclude(table=None)

    def place_form(self, data=None) -> PlaceForm:
        initial = {"slot": self.meeting.slot_id, "table": self.meeting.table_id}
        return PlaceForm(data, meeting_round=self.meeting_round, initial=initial)

    def get_context_data(self, **kwargs) -> dict:
        meeting = self.meeting
        kwargs.setdefault("place_form", self.place_form())
        kwargs.setdefault("swap_form", SwapForm(others=self.others, prefix="swap"))
        kwargs.setdefault("cancel_form", CancelForm(prefix="cancel"))
        return super().get_context_data(
            meeting=meeting,
            names=names_of(meeting),
            sides=meeting.sides.all(),
            may_mark=has_begun(meeting) and meeting.status != MeetingStatus.CANCELLED,
            marks=[mark for mark in MARKS if mark[0] != meeting.status],
            conflicts=conflicts(self.meeting_round, [meeting]).get(meeting.pk, []),
            is_planned=meeting.status == MeetingStatus.PLANNED,
            **kwargs,
        )

    def get_page_title(self) -> str:
        return f"{self.page_title} · {' – '.join(names_of(self.meeting))}"


class MeetingActionView(ServiceView, MeetingView):
    """The base of what is done with a meeting: its form comes back on the meeting's page."""

    http_method_names = ["post"]
    template_name = MeetingView.template_name
    form_name = ""

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**{self.form_name: kwargs["form"]}, **kwargs)


class MoveMeetingView(MeetingActionView):
    form_name = "place_form"
    done = _("The meeting is moved. The solver leaves it where it is.")

    def get_form(self, form_class=None) -> PlaceForm:
        return self.place_form(self.request.POST)

    def act(self, form: PlaceForm) -> Meeting:
        return move_meeting(meeting=self.meeting, actor=self.request.user, **form.cleaned_data)


class SwapMeetingView(MeetingActionView):
    form_name = "swap_form"
    done = _("The two meetings have changed places.")

    def get_form(self, form_class=None) -> SwapForm:
        return SwapForm(self.request.POST, others=self.others, prefix="swap")

    def act(self, form: SwapForm) -> None:
        data = form.cleaned_data
        swap_meetings(
            first=self.meeting,
            second=data["other"],
            anyway=data["anyway"],
            actor=self.request.user,
        )


class CancelMeetingView(MeetingActionView):
    form_name = "cancel_form"
    done = _("The meeting is cancelled.")

    def get_form(self, form_class=None) -> CancelForm:
        return CancelForm(self.request.POST, prefix="cancel")

    def act(self, form: CancelForm) -> Meeting:
        return cancel_meeting(meeting=self.meeting, actor=self.request.user, **form.cleaned_data)


class FixMeetingView(MeetingActionView):
    """The button beside the place: whether the solver may move the meeting."""

    form_name = "fix_form"

    def get_form(self, form_class=None) -> Form:
        return Form(self.request.POST)

    def act(self, form: Form) -> Meeting:
        fixed = not self.meeting.is_fixed
        return set_fixed(meeting=self.meeting, is_fixed=fixed, actor=self.request.user)

    def get_done(self, result: Meeting) -> str:
        if result.is_fixed:
            return gettext("The solver leaves this meeting where it is.")
        return gettext("The solver may move this meeting.")

    def get_next(self, result: Meeting) -> HttpResponse:
        return self.to("meeting", result.pk)


class MarkMeetingView(MeetingActionView):
    """The buttons that say whether a meeting took place, once it has begun."""

    form_name = "mark_form"
    done = _("It is noted whether the meeting took place.")

    def get_form(self, form_class=None) -> MarkForm:
        return MarkForm(self.request.POST)

    def act(self, form: MarkForm) -> Meeting:
        status = form.cleaned_data["status"]
        return mark_meeting(meeting=self.meeting, status=status, actor=self.request.user)

    def get_next(self, result: Meeting) -> HttpResponse:
        return self.to("meeting", result.pk)
