"""A round of meetings read from the database as a problem for the solver."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from events.choices import MeetingStatus, RequestStatus
from events.matchmaking.taking_part import taking_part
from events.models import Meeting, MeetingRequest, MeetingRound
from events.timetable.problem import Problem, Wish
from events.timetable.times import busy_slots

# What both sides agreed to goes before what the organiser thought of.
AGREED, SUGGESTED = 2, 1


@dataclass(frozen=True)
class Loaded:
    """`absent`: wishes of participants who don't come, as {request: participant}."""

    problem: Problem
    absent: dict[int, int]


def wanted(meeting_round: MeetingRound):
    """The requests that the timetable is to fulfil."""
    return MeetingRequest.objects.filter(
        Q(status=RequestStatus.ACCEPTED) | Q(status=RequestStatus.OPEN, by_organiser=True),
        round=meeting_round,
    )


def pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


@dataclass
class Standing:
    """Meetings that the solver does not touch, and those that it may move."""

    fixed: list[tuple[Meeting, tuple[int, int]]]
    movable: dict[tuple[int, int], Meeting]


def standing(meeting_round: MeetingRound, now=None) -> Standing:
    """What is planned or was held, by pairs; two queries.

    On the day itself whatever has begun stays as it is.
    """
    over = begun_slots(meeting_round, now)
    meetings = (
        Meeting.objects.filter(round=meeting_round)
        .exclude(status=MeetingStatus.CANCELLED)
        .prefetch_related("sides")
        .order_by("pk")
    )
    fixed, movable = [], {}
    for meeting in meetings:
        sides = list(meeting.sides.all())
        if len(sides) != 2:  # somebody was erased
            continue
        both = pair(*(side.participant_id for side in sides))
        if (
            meeting.is_fixed
            or meeting.status != MeetingStatus.PLANNED
            or meeting.slot_id in over
            or any(side.noted_at for side in sides)
            or both in movable
        ):
            fixed.append((meeting, both))
        else:
            movable[both] = meeting
    return Standing(fixed, movable)


def begun_slots(meeting_round: MeetingRound, now=None) -> set[int]:
    """The slots that have begun, on the day. A day that is wholly over is planned like any other:

    somebody enters afterwards what took place.
    """
    now = now or timezone.now()
    slots = list(meeting_round.slots.all())
    begun = {slot.pk for slot in slots if slot.starts_at <= now}
    return set() if len(begun) == len(slots) else begun


def load(meeting_round: MeetingRound, now=None) -> Loaded:
    """Everything that the timetable depends on, in nine queries whatever the size."""
    slots = list(meeting_round.slots.all())
    tables = [table.pk for table in meeting_round.tables.all()]
    stand = standing(meeting_round, now)
    over = begun_slots(meeting_round, now)
    coming = set(taking_part(meeting_round).values_list("pk", flat=True))
    busy = busy_slots(meeting_round, slots)
    taken = {(meeting.slot_id, meeting.table_id) for meeting, _both in stand.fixed}
    occupied = {(p, meeting.slot_id) for meeting, both in stand.fixed for p in both}
    places = {
        slot.pk: tuple(t for t in tables if (slot.pk, t) not in taken)
        for slot in slots
        if slot.pk not in over
    }
    free = {
        p: frozenset(s for s in places if s not in busy.get(p, {}) and (p, s) not in occupied)
        for p in coming
    }
    wishes, absent = _wishes(meeting_round, stand, coming)
    return Loaded(Problem(wishes, places, free, _limits(meeting_round, coming, stand)), absent)


def _wishes(
    meeting_round: MeetingRound, stand: Standing, coming: set[int]
) -> tuple[tuple[Wish, ...], dict[int, int]]:
    """One wish for each pair that has no fixed meeting yet."""
    met = {both for _meeting, both in stand.fixed}
    absent: dict[int, int] = {}
    found: dict[tuple[int, int], Wish] = {}
    # An accepted request speaks for its pair before one of the organiser's.
    for request in sorted(
        wanted(meeting_round), key=lambda r: (r.status != RequestStatus.ACCEPTED, r.pk)
    ):
        both = pair(request.from_participant_id, request.to_participant_id)
        gone = next((person for person in both if person not in coming), None)
        if both in met or both in found:
            continue
        if gone is not None:
            absent[request.pk] = gone
            continue
        meeting = stand.movable.get(both)
        at = (meeting.slot_id, meeting.table_id) if meeting and meeting.slot_id else None
        weight = AGREED if request.status == RequestStatus.ACCEPTED else SUGGESTED
        found[both] = Wish(request.pk, *both, weight=weight, at=at)
    return tuple(found.values()), absent


def _limits(meeting_round: MeetingRound, coming: set[int], stand: Standing) -> dict[int, int]:
    if meeting_round.meetings_max is None:
        return {}
    had: dict[int, int] = {}
    for _meeting, both in stand.fixed:
        for person in both:
            had[person] = had.get(person, 0) + 1
    return {p: max(0, meeting_round.meetings_max - had.get(p, 0)) for p in coming}
