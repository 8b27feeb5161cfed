"""Meetings that are set by hand. Everything here holds the round: two officers never fill one place."""

from collections.abc import Iterable
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from events.choices import MeetingStatus, RequestStatus
from events.matchmaking.joining import coming_meetings
from events.matchmaking.notices import (
    place_of,
    tell_added,
    tell_cancelled,
    tell_moved,
)
from events.models import (
    Meeting,
    MeetingRequest,
    MeetingRound,
    MeetingSide,
    MeetingTable,
    Participant,
    TimeSlot,
)
from events.services.meetings_requests import between
from events.services.rounds import end_meeting, for_planners, lock_round
from events.timetable.conflicts import objections
from events.timetable.errors import (
    ConflictsError,
    MeetAlreadyError,
    MeetingOverError,
    NotOfThisRoundError,
    PlaceTakenError,
    SamePersonError,
    TwoPlacesError,
)

LIVE = (RequestStatus.OPEN, RequestStatus.ACCEPTED)


def note(meeting_round: MeetingRound, actor, action: str, **data) -> None:
    """Who planned what, in the log of the admin. Ids and numbers only, nobody's name."""
    log(instance=meeting_round, action=f"events.{action}", user=actor, data=data)


@contextmanager
def held(meeting: Meeting):
    """A planned meeting as it is now, nobody else moving it. Raises MeetingOverError."""
    with transaction.atomic():
        meeting_round = lock_round(meeting.round)
        fresh = (
            Meeting.objects.select_related("slot", "table")
            .prefetch_related("sides__participant__registration")
            .filter(pk=meeting.pk)
            .first()
        )
        if fresh is None or fresh.status != MeetingStatus.PLANNED:
            raise MeetingOverError
        fresh.round = meeting_round
        yield fresh


def people_of(meeting: Meeting) -> list[Participant]:
    return [side.participant for side in meeting.sides.all()]


@for_planners
def add_meeting(
    *,
    first: Participant,
    second: Participant,
    slot: TimeSlot,
    table: MeetingTable,
    actor,
    anyway: bool = False,
) -> Meeting:
    """Set a meeting by hand; the solver leaves it where it is.

    anyway: also where somebody has no time, has meetings enough or does not come.

    Raises SamePersonError, NotOfThisRoundError, MeetAlreadyError, PlaceTakenError, TwoPlacesError,
    ConflictsError.
    """
    if first.pk == second.pk:
        raise SamePersonError
    with transaction.atomic():
        meeting_round = lock_round(first.round)
        slot, table = _fresh_place(meeting_round, slot, table)
        persons = list(
            Participant.objects.filter(pk__in=[first.pk, second.pk], round=meeting_round)
            .select_related("registration")
            .order_by("pk")
        )
        if len(persons) != 2:
            raise NotOfThisRoundError
        if meeting_between(*persons) is not None:
            raise MeetAlreadyError
        refuse_taken(slot, table, persons)
        if not anyway:
            _refuse_conflicts(meeting_round, persons, slot)
        request = (
            between(*persons).filter(status__in=LIVE).order_by("status", "pk").first()
        )  # accepted before open
        meeting = store_meeting(meeting_round, persons, slot, table, request=request, is_fixed=True)
        tell_added(meeting)
        note(meeting_round, actor, "meeting_add", meeting=meeting.pk)
    return meeting


def store_meeting(
    meeting_round: MeetingRound,
    persons: Iterable[Participant],
    slot: TimeSlot,
    table: MeetingTable,
    *,
    request: MeetingRequest | None = None,
    is_fixed: bool = False,
) -> Meeting:
    """Insert a meeting with its sides. The caller holds the round and has looked at the place."""
    meeting = Meeting.objects.create(
        round=meeting_round, slot=slot, table=table, request=request, is_fixed=is_fixed
    )
    MeetingSide.objects.bulk_create(
        MeetingSide(meeting=meeting, participant=person, slot=slot) for person in persons
    )
    return meeting


@for_planners
def move_meeting(
    *, meeting: Meeting, slot: TimeSlot, table: MeetingTable, actor, anyway: bool = False
) -> Meeting:
    """Move a planned meeting to another slot or table and leave it there.

    Raises MeetingOverError, NotOfThisRoundError, PlaceTakenError, TwoPlacesError, ConflictsError.
    """
    with held(meeting) as fresh:
        slot, table = _fresh_place(fresh.round, slot, table)
        if (fresh.slot_id, fresh.table_id) == (slot.pk, table.pk):
            return fresh
        persons = people_of(fresh)
        refuse_taken(slot, table, persons, but=(fresh,))
        if not anyway and fresh.slot_id != slot.pk:
            _refuse_conflicts(fresh.round, persons, slot, more=0)
        old = place_of(fresh)
        fresh.is_fixed = True
        put(fresh, slot, table)
        tell_moved(fresh, old=old)
        note(fresh.round, actor, "meeting_move", meeting=fresh.pk)
    return fresh


def put(meeting: Meeting, slot: TimeSlot | None, table: MeetingTable | None) -> None:
    """Write where a meeting is, on itself and on its sides. The caller holds the round."""
    meeting.slot, meeting.table = slot, table
    meeting.save(update_fields=["slot", "table", "is_fixed", "updated_at"])
    meeting.sides.update(slot=slot)


@for_planners
def swap_meetings(*, first: Meeting, second: Meeting, actor, anyway: bool = False) -> None:
    """Have two planned meetings exchange their places.

    Raises MeetingOverError, NotOfThisRoundError, TwoPlacesError, ConflictsError.
    """
    if first.round_id != second.round_id or first.pk == second.pk:
        raise NotOfThisRoundError
    with held(first) as one, held(second) as other:
        both = (one, other)
        for meeting, goal in (both, both[::-1]):
            if goal.slot is None or goal.table is None:
                raise NotOfThisRoundError
            refuse_taken(goal.slot, goal.table, people_of(meeting), but=both)
        if not anyway and one.slot_id != other.slot_id:
            found = [
                sentence
                for meeting, goal in (both, both[::-1])
                for sentence in objections(one.round, people_of(meeting), goal.slot, more=0)
            ]
            if found:
                raise ConflictsError(found)
        places = [(meeting.slot, meeting.table) for meeting in both]
        old = [place_of(meeting) for meeting in both]
        one.is_fixed = other.is_fixed = True
        put(one, None, None)  # the table is taken once at a time
        put(other, *places[0])
        put(one, *places[1])
        for meeting, before in zip(both, old, strict=True):
            tell_moved(meeting, old=before)
        note(one.round, actor, "meeting_swap", meeting=one.pk, other=other.pk)


@for_planners
def cancel_meeting(
    *, meeting: Meeting, actor, reason: str = "", still_wanted: bool = False
) -> Meeting:
    """Cancel a planned meeting and tell both sides, if they knew of it.

    still_wanted: the request behind it stays, so that the next timetable has the meeting again.

    Raises MeetingOverError.
    """
    with held(meeting) as fresh:
        persons = people_of(fresh)
        end_meeting(fresh, reason=reason.strip())
        if not still_wanted and len(persons) == 2:
            between(*persons).filter(status__in=LIVE).update(
                status=RequestStatus.WITHDRAWN, answered_at=timezone.now()
            )
        tell_cancelled(fresh, participants=persons, reason=reason.strip())
        note(fresh.round, actor, "meeting_cancel", meeting=fresh.pk)
    return fresh


def cancel_meetings_of(participant: Participant, *, reason: str = "", actor=None) -> int:
    """Cancel what is to come for somebody who does not come; the other sides are told.

    Called where a registration ends, with its desk held. Requests are left to `joining.leave` and the
    tending. Returns how many meetings there were.
    """
    with transaction.atomic():
        meeting_round = lock_round(participant.round)
        meetings = coming_meetings(participant)
        for meeting in meetings:
            meeting.round = meeting_round
            end_meeting(meeting, reason=reason)
            others = [one for one in people_of(meeting) if one.pk != participant.pk]
            tell_cancelled(meeting, participants=others, reason=reason)
        if meetings:
            note(meeting_round, actor, "meeting_cancel", meetings=len(meetings))
    return len(meetings)


@for_planners
def set_fixed(*, meeting: Meeting, is_fixed: bool, actor) -> Meeting:
    """Say whether the solver may move a meeting. Raises MeetingOverError."""
    with held(meeting) as fresh:
        fresh.is_fixed = is_fixed
        fresh.save(update_fields=["is_fixed", "updated_at"])
        note(fresh.round, actor, "meeting_fix", meeting=fresh.pk, fixed=is_fixed)
    return fresh


# --- What is refused ------------------------------------------------------------------------


def _fresh_place(
    meeting_round: MeetingRound, slot: TimeSlot, table: MeetingTable
) -> tuple[TimeSlot, MeetingTable]:
    """The slot and the table as they are now. Raises NotOfThisRoundError."""
    found_slot = meeting_round.slots.filter(pk=slot.pk).first()
    found_table = meeting_round.tables.filter(pk=table.pk).first()
    if found_slot is None:
        raise NotOfThisRoundError(field="slot")
    if found_table is None:
        raise NotOfThisRoundError(field="table")
    return found_slot, found_table


def refuse_taken(
    slot: TimeSlot,
    table: MeetingTable,
    persons: Iterable[Participant],
    *,
    but: Iterable[Meeting] = (),
) -> None:
    """Raises PlaceTakenError, TwoPlacesError. `but`: meetings that make room."""
    leaving = [meeting.pk for meeting in but]
    there = Meeting.objects.exclude(status=MeetingStatus.CANCELLED).exclude(pk__in=leaving)
    if there.filter(slot=slot, table=table).exists():
        raise PlaceTakenError
    sides = MeetingSide.objects.filter(slot=slot, is_live=True).exclude(meeting__in=leaving)
    found = sides.filter(participant__in=[person.pk for person in persons])
    side = found.select_related("participant__registration", "meeting__table").first()
    if side is not None:
        raise TwoPlacesError(
            _("%(name)s has a meeting at table %(table)s at that time.")
            % {"name": side.participant, "table": side.meeting.table}
        )


def _refuse_conflicts(
    meeting_round: MeetingRound, persons: list[Participant], slot: TimeSlot, *, more: int = 1
) -> None:
    found = objections(meeting_round, persons, slot, more=more)
    if found:
        raise ConflictsError(found)


def meeting_between(one: Participant, other: Participant) -> Meeting | None:
    return (
        Meeting.objects.exclude(status=MeetingStatus.CANCELLED)
        .filter(sides__participant=one)
        .filter(sides__participant=other)
        .select_related("slot", "table")
        .first()
    )
