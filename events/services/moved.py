"""The time slots of an event that was moved: they go along when the organiser says so, and only then."""

from datetime import timedelta

from django.db import transaction

from events.models import MeetingRound
from events.services.places import planned_meetings, refuse_used, remember_beginning, tell_anew
from events.services.planning import note
from events.services.rounds import for_planners, lock_round
from events.timetable.errors import NotMovedError


def shift_of(meeting_round: MeetingRound) -> timedelta:
    """By how much the event was moved since its time slots were made; nothing where none are."""
    if meeting_round.slots_for is None or not meeting_round.slots.exists():
        return timedelta(0)
    return meeting_round.desk.page.starts_at - meeting_round.slots_for


@for_planners
def shift_slots(*, meeting_round: MeetingRound, actor) -> int:
    """Move all time slots as the event was moved, with their meetings; returns how many slots there are.

    Whoever knew their timetable is sent it anew, once. Who has no time then is shown as a conflict; "no
    time" that participants said goes along with the slots. Raises PlaceUsedError when a meeting has taken
    place already, and NotMovedError when slots and event belong together.
    """
    with transaction.atomic():
        fresh = lock_round(meeting_round)
        by = shift_of(fresh)
        if not by:
            raise NotMovedError
        refuse_used(fresh)
        # Whichever way they go, none may come to where another still is.
        order = "-starts_at" if by > timedelta(0) else "starts_at"
        slots = list(fresh.slots.order_by(order))
        for slot in slots:
            slot.starts_at, slot.ends_at = slot.starts_at + by, slot.ends_at + by
            slot.save(update_fields=["starts_at", "ends_at"])
        remember_beginning(fresh)
        tell_anew(fresh, planned_meetings(fresh))
        note(fresh, actor, "slots_shift", number=len(slots), minutes=int(by.total_seconds() // 60))
    return len(slots)


@for_planners
def keep_slots(*, meeting_round: MeetingRound, actor) -> None:
    """Leave the time slots where they are although the event was moved."""
    with transaction.atomic():
        fresh = lock_round(meeting_round)
        remember_beginning(fresh)
        note(fresh, actor, "slots_keep")
