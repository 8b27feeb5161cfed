"""The solver in the admin: asked for a timetable, its proposal looked at, accepted, told."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from events.errors import EventError
from events.models import MeetingTable, TimeSlot, TimetableProposal
from events.services.proposals import accept, discard, give_up_lost, propose, tell
from events.timetable.fields import slot_label
from events.timetable.grid import in_words, live_meetings, names_of
from events.timetable.loading import pair
from events.timetable.screens import REFRESH, PlanningMixin, ServiceView, row_or_404


class ProposeView(PlanningMixin, View):
    """Ask the solver. It works in the task worker; the proposal's page waits for it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        try:
            proposal = propose(meeting_round=self.meeting_round, actor=request.user)
        except EventError as error:
            messages.error(request, str(error))
            return self.to("timetable")
        return self.to("proposal", proposal.pk)


class ProposalView(PlanningMixin, TemplateView):
    template_name = "events/timetable/proposal.html"
    page_title = _("Proposed timetable")

    @cached_property
    def proposal(self) -> TimetableProposal:
        give_up_lost(self.meeting_round)
        return row_or_404(self.meeting_round.proposals, self.kwargs["pk"])

    def get_context_data(self, **kwargs) -> dict:
        proposal = self.proposal
        under_way = proposal.state in TimetableProposal.UNDER_WAY
        changes = Changes(proposal) if proposal.state == "ready" else None
        return super().get_context_data(
            proposal=proposal,
            under_way=under_way,
            refresh=REFRESH if under_way else 0,
            changes=changes,
            share=round(100 * proposal.number / proposal.bound) if proposal.bound else 100,
            unplaced=in_words(self.meeting_round, proposal.unplaced),
            **kwargs,
        )


class Changes:
    """What accepting a proposal would change in the timetable of now, in words."""

    def __init__(self, proposal: TimetableProposal):
        meeting_round = proposal.round
        self.slots = TimeSlot.objects.filter(round=meeting_round).in_bulk()
        self.tables = MeetingTable.objects.filter(round=meeting_round).in_bulk()
        requests = meeting_round.requests.select_related(
            "from_participant__registration", "to_participant__registration"
        ).in_bulk([request for request, _slot, _table in proposal.places])
        plan = {}
        for request_id, slot, table in proposal.places:
            request = requests.get(request_id)
            if request is not None:
                both = pair(request.from_participant_id, request.to_participant_id)
                plan[both] = (request, slot, table)
        self.new, self.moved, self.gone, self.kept = [], [], [], 0
        for meeting in live_meetings(meeting_round):
            both = pair(*[side.participant_id for side in meeting.sides.all()][:2])
            if both in plan:
                self._compare(meeting, *plan.pop(both)[1:])
            elif not meeting.is_fixed and meeting.status == "planned":
                self.gone.append(
                    {
                        "names": names_of(meeting),
                        "before": self._at(meeting.slot_id, meeting.table_id),
                    }
                )
        for request, slot, table in plan.values():
            names = [str(request.from_participant), str(request.to_participant)]
            self.new.append({"names": names, "after": self._at(slot, table), "at": slot})
        self.new.sort(key=lambda row: (row["after"], row["names"]))

    def _compare(self, meeting, slot: int, table: int) -> None:
        if (meeting.slot_id, meeting.table_id) == (slot, table):
            self.kept += 1
            return
        self.moved.append(
            {
                "names": names_of(meeting),
                "before": self._at(meeting.slot_id, meeting.table_id),
                "after": self._at(slot, table),
            }
        )

    def _at(self, slot: int | None, table: int | None) -> str:
        return gettext("%(time)s, table %(table)s") % {
            "time": slot_label(self.slots[slot]) if slot in self.slots else "–",
            "table": self.tables.get(table, "–"),
        }


class DecisionView(PlanningMixin, View):
    http_method_names = ["post"]
    done = ""

    def decide(self, proposal: TimetableProposal) -> None:
        raise NotImplementedError("accept or discard")

    def post(self, request: HttpRequest, desk_id: int, pk: int) -> HttpResponse:
        proposal = row_or_404(self.meeting_round.proposals, pk)
        try:
            self.decide(proposal)
        except EventError as error:
            messages.error(request, str(error))
            return self.to("proposal", pk)
        messages.success(request, self.done)
        return self.to("timetable")


class AcceptView(DecisionView):
    done = _("The proposal is the timetable now.")

    def decide(self, proposal: TimetableProposal) -> None:
        accept(proposal=proposal, actor=self.request.user)


class DiscardView(DecisionView):
    done = _("The proposal is set aside; the timetable is as it was.")

    def decide(self, proposal: TimetableProposal) -> None:
        discard(proposal=proposal, actor=self.request.user)


class TellView(ServiceView):
    form_class = Form
    page_title = _("Send the timetable")
    button = _("Send the timetable")

    def act(self, form: Form) -> int:
        return tell(meeting_round=self.meeting_round, actor=self.request.user)

    def get_done(self, result: int) -> str:
        return ngettext("%(n)s mail is on its way.", "%(n)s mails are on their way.", result) % {
            "n": result
        }

    def get_context_data(self, **kwargs) -> dict:
        if self.meeting_round.told_at:
            question = gettext(
                "The timetable was sent before. Send it again to those whose meetings have changed since?"
            )
        else:
            question = gettext(
                "Send everybody who has meetings their timetable? From then on every change is mailed."
            )
        return super().get_context_data(question=question, **kwargs)
