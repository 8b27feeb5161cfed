"""The timetable that the solver proposes: asked for, worked out by a task, looked at, accepted."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from events.choices import MeetingStatus
from events.matchmaking.notices import tell_schedule, tell_timetable
from events.models import (
    Meeting,
    MeetingRound,
    MeetingSide,
    Participant,
    TimetableProposal,
)
from events.services.planning import note
from events.services.rounds import for_planners, lock_round
from events.timetable.errors import (
    NothingToPlanError,
    NothingToTellError,
    ProposalOutdatedError,
    ProposalOverError,
    ProposalRunningError,
)
from events.timetable.loading import Loaded, load, standing
from events.timetable.problem import Place, faults
from events.timetable.reasons import Reason, why_not
from events.timetable.solving import SECONDS, solve

State = TimetableProposal.State
# A run that was begun so long ago has lost its worker.
LOST = timedelta(seconds=SECONDS * 4 + 60)


@for_planners
def propose(*, meeting_round: MeetingRound, actor) -> TimetableProposal:
    """Ask for a timetable. It is worked out by the task worker; earlier proposals are set aside.

    Raises NothingToPlanError, ProposalRunningError.
    """
    from events.timetable.tasks import work_out_proposal  # the task's module imports this one

    with transaction.atomic():
        fresh = lock_round(meeting_round)
        if not fresh.slots.exists() or not fresh.tables.exists():
            raise NothingToPlanError
        give_up_lost(fresh)
        if fresh.proposals.filter(state__in=TimetableProposal.UNDER_WAY).exists():
            raise ProposalRunningError
        fresh.proposals.filter(state=State.READY).update(state=State.DISCARDED)
        proposal = TimetableProposal.objects.create(round=fresh, created_by=actor)
        transaction.on_commit(lambda: work_out_proposal.enqueue(proposal.pk))
    return proposal


def give_up_lost(meeting_round: MeetingRound) -> int:
    """End the runs whose worker died, or that no worker ever took up; returns how many."""
    before = timezone.now() - LOST
    lost = meeting_round.proposals.filter(
        state__in=TimetableProposal.UNDER_WAY, created_at__lt=before
    )
    return lost.update(state=State.FAILED)


def work_out(proposal_id: int) -> str:
    """Solve a proposal that waits; the task calls this. Returns its state, "" when it is gone."""
    waiting = TimetableProposal.objects.filter(pk=proposal_id, state=State.WAITING)
    claimed = waiting.update(state=State.SOLVING, started_at=timezone.now())
    proposal = TimetableProposal.objects.select_related("round").filter(pk=proposal_id).first()
    if proposal is None or not claimed:
        return proposal.state if proposal else ""
    loaded = load(proposal.round)
    solution = solve(loaded.problem)
    unplaced = why_not(loaded.problem, solution.places)
    unplaced |= {request: (Reason.ABSENT, person) for request, person in loaded.absent.items()}
    # Somebody may have set it aside meanwhile.
    TimetableProposal.objects.filter(pk=proposal_id, state=State.SOLVING).update(
        state=State.READY,
        places=[[request, *place] for request, place in solution.places.items()],
        unplaced=[[request, *why] for request, why in unplaced.items()],
        number=solution.number,
        bound=solution.bound,
        is_best=solution.is_best,
        seconds=round(solution.seconds, 2),
    )
    return State.READY


@for_planners
def discard(*, proposal: TimetableProposal, actor) -> None:
    """Set a proposal aside. Raises ProposalOverError."""
    open_states = (*TimetableProposal.UNDER_WAY, State.READY, State.FAILED)
    found = TimetableProposal.objects.filter(pk=proposal.pk, state__in=open_states)
    if not found.update(state=State.DISCARDED):
        raise ProposalOverError
    note(proposal.round, actor, "proposal_discard", proposal=proposal.pk)


@for_planners
def accept(*, proposal: TimetableProposal, actor) -> TimetableProposal:
    """Make the proposal the timetable, as one step. Meetings set by hand or begun stay as they are.

    Whoever knew the timetable is sent the new one, if theirs changed.
    Raises ProposalOverError, ProposalOutdatedError.
    """
    with transaction.atomic():
        meeting_round = lock_round(proposal.round)
        fresh = TimetableProposal.objects.get(pk=proposal.pk)
        if fresh.state != State.READY:
            raise ProposalOverError
        places = {request: (slot, table) for request, slot, table in fresh.places}
        loaded = load(meeting_round)
        if faults(loaded.problem, places):
            raise ProposalOutdatedError
        changed = _write(meeting_round, loaded, places)
        fresh.state = State.ACCEPTED
        fresh.save(update_fields=["state"])
        if meeting_round.told_at:
            _tell(changed)
        note(meeting_round, actor, "proposal_accept", proposal=fresh.pk, meetings=len(places))
    return fresh


def _write(meeting_round: MeetingRound, loaded: Loaded, places: dict[int, Place]) -> set[int]:
    """Bring the meetings in line with the plan; returns the participants whose timetable changed."""
    movable = standing(meeting_round).movable
    wishes = {wish.key: wish for wish in loaded.problem.wishes}
    plan = {(wishes[key].a, wishes[key].b): (key, *place) for key, place in places.items()}
    moved, gone, changed = [], [], set()
    for both, meeting in movable.items():
        if both not in plan:
            gone.append(meeting)
            changed |= set(both)
            continue
        _key, slot, table = plan.pop(both)
        if (meeting.slot_id, meeting.table_id) == (slot, table):
            continue
        moved.append((meeting, slot, table))
        changed |= set(both)
    _drop(gone, was_told=meeting_round.told_at is not None)
    _move(moved)
    _create(meeting_round, plan)
    return changed | {person for both in plan for person in both}


def _drop(meetings: list[Meeting], *, was_told: bool) -> None:
    """A draft that nobody knew of is no history; what was told is cancelled."""
    ids = [meeting.pk for meeting in meetings]
    if not was_told:
        Meeting.objects.filter(pk__in=ids).delete()
        return
    Meeting.objects.filter(pk__in=ids).update(
        status=MeetingStatus.CANCELLED, updated_at=timezone.now()
    )
    MeetingSide.objects.filter(meeting__in=ids).update(is_live=False)


def _move(moved: list[tuple[Meeting, int, int]]) -> None:
    """All at once: first nobody has a place, then everybody has the new one."""
    ids = [meeting.pk for meeting, _slot, _table in moved]
    Meeting.objects.filter(pk__in=ids).update(slot=None, table=None)
    MeetingSide.objects.filter(meeting__in=ids).update(slot=None)
    sides = []
    for meeting, slot, table in moved:
        meeting.slot_id, meeting.table_id, meeting.updated_at = slot, table, timezone.now()
        for side in meeting.sides.all():
            side.slot_id = slot
            sides.append(side)
    meetings = [meeting for meeting, _slot, _table in moved]
    Meeting.objects.bulk_update(meetings, ["slot", "table", "updated_at"], batch_size=100)
    MeetingSide.objects.bulk_update(sides, ["slot"], batch_size=100)


def _create(meeting_round: MeetingRound, plan: dict[tuple[int, int], tuple[int, int, int]]) -> None:
    meetings = Meeting.objects.bulk_create(
        Meeting(round=meeting_round, request_id=request, slot_id=slot, table_id=table)
        for request, slot, table in plan.values()
    )
    MeetingSide.objects.bulk_create(
        MeetingSide(meeting=meeting, participant_id=person, slot_id=meeting.slot_id)
        for meeting, both in zip(meetings, plan, strict=True)
        for person in both
    )


# --- Telling --------------------------------------------------------------------------------


@for_planners
def tell(*, meeting_round: MeetingRound, actor) -> int:
    """Send everybody who has meetings their timetable; from now on changes are mailed.

    Told again, only those get it whose timetable has changed. Returns how many mails were written.
    Raises NothingToTellError.
    """
    with transaction.atomic():
        fresh = lock_round(meeting_round)
        live = MeetingSide.objects.filter(is_live=True, participant__round=fresh)
        if not live.exists():
            raise NothingToTellError
        if fresh.told_at is None:
            fresh.told_at = timezone.now()
            fresh.save(update_fields=["told_at"])
        number = tell_timetable(fresh)
        note(fresh, actor, "timetable_tell", mails=number)
    return number


def _tell(participants: set[int]) -> None:
    people = Participant.objects.filter(pk__in=participants).select_related("registration")
    for participant in people.order_by("pk"):
        tell_schedule(participant)
