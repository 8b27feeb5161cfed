"""Tables and time slots of a round. What is taken away takes its meetings elsewhere, or tells their people."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from events.choices import MeetingStatus
from events.matchmaking.notices import place_of, tell_cancelled, tell_moved, tell_schedule
from events.models import (
    Meeting,
    MeetingRound,
    MeetingTable,
    RegistrationDesk,
    TimeSlot,
)
from events.services.planning import note, people_of, put
from events.services.rounds import end_meeting, for_planners, lock_round
from events.timetable.elsewhere import Rooms, taken_places
from events.timetable.errors import (
    NameTakenError,
    NotOfThisRoundError,
    PlaceUsedError,
    RoundExistsError,
    SlotOrderError,
    SlotsOverlapError,
    TooManyPlacesError,
)

TABLES_MAX, SLOTS_MAX = 200, 200


@for_planners
def create_round(*, desk: RegistrationDesk, actor, **fields) -> MeetingRound:
    """Begin a round of meetings for an event. Raises RoundExistsError."""
    with transaction.atomic():
        RegistrationDesk.objects.select_for_update(no_key=True).get(pk=desk.pk)
        if MeetingRound.objects.filter(desk=desk).exists():
            raise RoundExistsError
        meeting_round = MeetingRound.objects.create(desk=desk, **fields)
        note(meeting_round, actor, "round_create")
    return meeting_round


@for_planners
def change_round(*, meeting_round: MeetingRound, actor, **fields) -> MeetingRound:
    """Change who asks, until when, and how many meetings somebody may have. Meetings stay as they are."""
    with transaction.atomic():
        fresh = lock_round(meeting_round)
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=list(fields))
        note(fresh, actor, "round_change")
    return fresh


# --- Tables ---------------------------------------------------------------------------------


@for_planners
def add_tables(
    *, meeting_round: MeetingRound, number: int, prefix: str = "", actor
) -> list[MeetingTable]:
    """Add so many tables, numbered on from those that are there. Raises TooManyPlacesError."""
    with transaction.atomic():
        fresh = lock_round(meeting_round)
        there = list(fresh.tables.all())
        if number < 1 or len(there) + number > TABLES_MAX:
            raise TooManyPlacesError
        names = {table.name for table in there}
        order = max((table.sort_order for table in there), default=0)
        made, at = [], 0
        while len(made) < number:
            at += 1
            name = f"{prefix.strip()}{at}"[:40]
            if name not in names:
                order += 1
                made.append(MeetingTable(round=fresh, name=name, sort_order=order))
        MeetingTable.objects.bulk_create(made)
        note(fresh, actor, "tables_add", number=number)
    return made


@for_planners
def rename_table(*, table: MeetingTable, name: str, actor) -> MeetingTable:
    """Raises NameTakenError, NotOfThisRoundError. Whoever sits there knows the table by its name: they are told."""
    with transaction.atomic():
        fresh_round = lock_round(table.round)
        fresh = fresh_round.tables.filter(pk=table.pk).first()
        if fresh is None:
            raise NotOfThisRoundError
        name = name.strip()
        if fresh.name == name:
            return fresh
        if fresh_round.tables.filter(name=name).exclude(pk=fresh.pk).exists():
            raise NameTakenError
        fresh.name = name
        fresh.save(update_fields=["name"])
        tell_anew(fresh_round, planned_meetings(fresh_round, table=fresh))
        note(fresh_round, actor, "table_rename", table=fresh.pk)
    return fresh


@for_planners
def remove_table(*, table: MeetingTable, actor, reason: str = "") -> tuple[int, int]:
    """Take a table away. Its meetings go to another free table at the same time, or are cancelled.

    A meeting that is cancelled stays wanted: the next timetable tries to place it. Both sides are told,
    if they knew of it. Returns how many meetings were moved and cancelled. Raises NotOfThisRoundError, PlaceUsedError.
    """
    with transaction.atomic():
        meeting_round = lock_round(table.round)
        fresh = meeting_round.tables.filter(pk=table.pk).first()
        if fresh is None:
            raise NotOfThisRoundError
        others = list(meeting_round.tables.exclude(pk=fresh.pk))
        taken = taken_places(meeting_round)
        moved, meetings = [], planned_meetings(meeting_round, table=fresh)
        refuse_used(meeting_round, table=fresh)
        for meeting in meetings:
            free = (t for t in others if (meeting.slot_id, t.pk) not in taken)
            goal = next(free, None)
            if goal is None:
                _cancel(meeting, _("The table is not there any more."), reason)
                continue
            taken.add((meeting.slot_id, goal.pk))
            put(meeting, meeting.slot, goal)
            moved.append(meeting)
        fresh.delete()
        # One mail for everybody, however many of their meetings were at the table.
        tell_anew(meeting_round, moved)
        result = len(moved), len(meetings) - len(moved)
        note(meeting_round, actor, "table_remove", moved=result[0], cancelled=result[1])
    return result


# --- Time slots -----------------------------------------------------------------------------


@for_planners
def add_slots(
    *,
    meeting_round: MeetingRound,
    starts_at: datetime,
    minutes: int,
    pause: int,
    number: int,
    actor,
) -> list[TimeSlot]:
    """Add so many slots of so many minutes one after the other, with a pause between them.

    Raises TooManyPlacesError, SlotOrderError, SlotsOverlapError.
    """
    with transaction.atomic():
        fresh = lock_round(meeting_round)
        if number < 1 or fresh.slots.count() + number > SLOTS_MAX:
            raise TooManyPlacesError
        if minutes < 1 or pause < 0:
            raise SlotOrderError
        made = []
        for at in range(number):
            begins = starts_at + timedelta(minutes=(minutes + pause) * at)
            ends = begins + timedelta(minutes=minutes)
            _refuse_overlap(fresh, begins, ends)
            made.append(TimeSlot(round=fresh, starts_at=begins, ends_at=ends))
        TimeSlot.objects.bulk_create(made)
        if fresh.slots_for is None:
            remember_beginning(fresh)
        note(fresh, actor, "slots_add", number=number)
    return made


@for_planners
def move_slot(*, slot: TimeSlot, starts_at: datetime, ends_at: datetime, actor) -> TimeSlot:
    """Give a slot another time. Its meetings go with it, and their people are told.

    Whoever has no time then is shown as a conflict. Raises SlotOrderError, SlotsOverlapError,
    NotOfThisRoundError.
    """
    if ends_at <= starts_at:
        raise SlotOrderError
    with transaction.atomic():
        meeting_round = lock_round(slot.round)
        fresh = meeting_round.slots.filter(pk=slot.pk).first()
        if fresh is None:
            raise NotOfThisRoundError
        _refuse_overlap(meeting_round, starts_at, ends_at, but=fresh)
        if (fresh.starts_at, fresh.ends_at) == (starts_at, ends_at):
            return fresh
        meetings = planned_meetings(meeting_round, slot=fresh)
        old = [place_of(meeting) for meeting in meetings]
        fresh.starts_at, fresh.ends_at = starts_at, ends_at
        fresh.save(update_fields=["starts_at", "ends_at"])
        for meeting, before in zip(meetings, old, strict=True):
            meeting.slot = fresh
            tell_moved(meeting, old=before)
        note(meeting_round, actor, "slot_move", slot=fresh.pk)
    return fresh


@for_planners
def remove_slot(
    *, slot: TimeSlot, actor, elsewhere: bool = True, reason: str = ""
) -> tuple[int, int]:
    """Take a slot away. With `elsewhere` its meetings go to another slot in which both have time and a

    table is free; the others are cancelled and stay wanted. Both sides are told, if they knew of it.
    Returns how many meetings were moved and cancelled. Raises NotOfThisRoundError, PlaceUsedError.
    """
    with transaction.atomic():
        meeting_round = lock_round(slot.round)
        fresh = meeting_round.slots.filter(pk=slot.pk).first()
        if fresh is None:
            raise NotOfThisRoundError
        meetings = planned_meetings(meeting_round, slot=fresh)
        refuse_used(meeting_round, slot=fresh)
        rooms = Rooms(meeting_round, fresh) if elsewhere else None
        moved = 0
        for meeting in meetings:
            goal = rooms.find(meeting) if rooms else None
            if goal is None:
                _cancel(meeting, _("The time slot is not there any more."), reason)
                continue
            old = place_of(meeting)
            put(meeting, *goal)
            tell_moved(meeting, old=old)
            moved += 1
        fresh.delete()
        note(meeting_round, actor, "slot_remove", moved=moved, cancelled=len(meetings) - moved)
    return moved, len(meetings) - moved


def remember_beginning(meeting_round: MeetingRound) -> None:
    """The slots belong to the time that the event has now (`events.services.moved`). The round is held."""
    meeting_round.slots_for = meeting_round.desk.page.starts_at
    meeting_round.save(update_fields=["slots_for"])


def _refuse_overlap(
    meeting_round: MeetingRound, starts_at: datetime, ends_at: datetime, but: TimeSlot | None = None
) -> None:
    there = meeting_round.slots.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    if there.exclude(pk=but.pk if but else None).exists():
        raise SlotsOverlapError


# --- What both have in common ---------------------------------------------------------------


def planned_meetings(meeting_round: MeetingRound, **where) -> list[Meeting]:
    meetings = (
        Meeting.objects.filter(round=meeting_round, status=MeetingStatus.PLANNED, **where)
        .select_related("slot", "table")
        .prefetch_related("sides__participant__registration")
    )
    for meeting in meetings:
        meeting.round = meeting_round
    return list(meetings)


def refuse_used(meeting_round: MeetingRound, **where) -> None:
    """What took place there keeps its time and table. Raises PlaceUsedError."""
    used = (MeetingStatus.HELD, MeetingStatus.MISSED)
    if Meeting.objects.filter(round=meeting_round, status__in=used, **where).exists():
        raise PlaceUsedError


def _cancel(meeting: Meeting, why: str, reason: str) -> None:
    """`why` stands in the admin, in its language; what is mailed is what the officer wrote."""
    end_meeting(meeting, reason=reason.strip() or why)
    tell_cancelled(meeting, participants=people_of(meeting), reason=reason.strip())


def tell_anew(meeting_round: MeetingRound, meetings: Iterable[Meeting]) -> None:
    """Send the people of these meetings their timetable again, once each, if they had it."""
    if meeting_round.told_at is None:
        return
    persons = {person.pk: person for meeting in meetings for person in people_of(meeting)}
    for person in persons.values():
        tell_schedule(person)
