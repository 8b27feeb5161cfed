"""When participants have no time, and why: what they said, sessions they are registered for."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from events.choices import PoolKind
from events.models import MeetingRound, Participant, Registration, SeatPool, TimeSlot

# {participant: {slot: why}}
Busy = dict[int, dict[int, str]]


def busy_slots(
    meeting_round: MeetingRound,
    slots: Iterable[TimeSlot],
    participants: Iterable[int] | None = None,
) -> Busy:
    """The slots in which participants (all of the round, or the given ones) have no time; three queries."""
    slots = list(slots)
    busy: Busy = {}
    away = Participant.away.through.objects.filter(participant__round=meeting_round)
    sessions = Registration.pools.through.objects.filter(
        registration__participant__round=meeting_round,
        seatpool__kind=PoolKind.SESSION,
        seatpool__starts_at__isnull=False,
        seatpool__ends_at__isnull=False,
    )
    if participants is not None:
        ids = list(participants)
        away = away.filter(participant__in=ids)
        sessions = sessions.filter(registration__participant__in=ids)
    rows = list(sessions.values_list("registration__participant", "seatpool"))
    pools = SeatPool.objects.in_bulk({pool for _participant, pool in rows})
    for participant, pool in rows:
        for slot in slots:
            if overlaps(slot, pools[pool].starts_at, pools[pool].ends_at):
                busy.setdefault(participant, {})[slot.pk] = pools[pool].label
    for participant, slot in away.values_list("participant", "timeslot"):
        busy.setdefault(participant, {})[slot] = _("said to have no time")
    return busy


def overlaps(slot: TimeSlot, starts_at, ends_at) -> bool:
    return slot.starts_at < ends_at and starts_at < slot.ends_at
