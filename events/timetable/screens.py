"""The pages of planning in the admin: what they have in common, and the timetable itself."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from events.desk_admin.base import DeskMixin
from events.errors import EventError
from events.models import MeetingRound, TimetableProposal
from events.services.moved import shift_of
from events.services.places import change_round, create_round
from events.services.proposals import give_up_lost
from events.timetable.forms import RulesForm
from events.timetable.grid import make_grid

PERMISSION = "events.plan_meetings"
UNPROCESSABLE = 422
# Seconds between two looks at a timetable that is being worked out.
REFRESH = 3

PAGES = (
    ("timetable", _("Timetable")),
    ("people", _("Participants")),
    ("wishes", _("Wanted meetings")),
    ("places", _("Tables and times")),
    ("rules", _("Rules of the round")),
)


class PlanningMixin(DeskMixin):
    """A page of planning. Without a round there is only one: that on which it is begun."""

    permission = PERMISSION
    header_icon = "group"
    part = "meetings:timetable"
    part_label = _("Meetings")
    current = ""

    @cached_property
    def meeting_round(self) -> MeetingRound | None:
        return MeetingRound.objects.select_related("desk__page").filter(desk=self.desk).first()

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        if self.current != "rules" and self.meeting_round is None:
            return redirect("meetings:rules", self.desk.pk)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        pages = [
            {
                "label": label,
                "url": reverse(f"meetings:{name}", args=[self.desk.pk]),
                "is_current": name == self.current,
            }
            for name, label in PAGES
        ]
        return super().get_context_data(
            meeting_round=self.meeting_round,
            is_moved=bool(self.meeting_round and shift_of(self.meeting_round)),
            planning_pages=pages,
            **kwargs,
        )

    def to(self, view: str, *args) -> HttpResponse:
        return redirect(f"meetings:{view}", self.desk.pk, *args)


class ServiceView(PlanningMixin, FormView):
    """A form and a service. What the service refuses stands at its field, with what was typed."""

    template_name = "events/timetable/form.html"
    button = _("Save")
    done = ""
    is_final = False

    def act(self, form: Form):
        """Call the service. Raises EventError."""
        raise NotImplementedError("each form calls a service of its own")

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            result = self.act(form)
        except EventError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            for sentence in getattr(error, "conflicts", ()):
                form.add_error(None, sentence)
            return self.form_invalid(form)
        messages.success(self.request, self.get_done(result))
        return self.get_next(result)

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_done(self, result) -> str:
        return str(self.done)

    def get_next(self, result) -> HttpResponse:
        return self.to("timetable")

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            button=self.button,
            is_final=self.is_final,
            back=reverse(f"meetings:{self.current or 'timetable'}", args=[self.desk.pk]),
            **kwargs,
        )


class TimetableView(PlanningMixin, TemplateView):
    template_name = "events/timetable/timetable.html"
    page_title = _("Meetings")
    part = ""
    current = "timetable"

    def get_context_data(self, **kwargs) -> dict:
        meeting_round = self.meeting_round
        give_up_lost(meeting_round)
        shown = (*TimetableProposal.UNDER_WAY, "ready", "failed")
        proposal = meeting_round.proposals.first()
        return super().get_context_data(
            grid=make_grid(meeting_round),
            proposal=proposal if proposal and proposal.state in shown else None,
            **kwargs,
        )


class RulesView(ServiceView):
    """The rules of the round; where there is none, saving them begins it."""

    form_class = RulesForm
    page_title = _("Rules of the round")
    current = "rules"

    @property
    def button(self):
        return _("Save the rules") if self.meeting_round else _("Begin one-to-one meetings")

    def get_initial(self) -> dict:
        meeting_round = self.meeting_round
        if meeting_round is None:
            return {"request_hours": 48}
        return {name: getattr(meeting_round, name) for name in RulesForm.base_fields}

    def act(self, form: RulesForm) -> MeetingRound:
        actor, values = self.request.user, form.cleaned_data
        if self.meeting_round is None:
            return create_round(desk=self.desk, actor=actor, **values)
        return change_round(meeting_round=self.meeting_round, actor=actor, **values)

    def get_done(self, result) -> str:
        return gettext("The rules are saved, and hold from now on.")

    def get_next(self, result) -> HttpResponse:
        return self.to("places") if self.meeting_round is None else self.to("rules")


def row_or_404(rows, pk: int):
    """One row of the round, 404 for one of another round or for none."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
