"""How many seats there are, and whether what is counted is what is registered."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from events.choices import HOLDING, RegistrationStatus
from events.models import RegistrationDesk, SeatPool
from events.services.seats import Seats, lock

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drift:
    """A pool in which `taken` is not the number of persons who hold seats of it."""

    pool: SeatPool
    taken: int
    held: int


def set_capacity(pool: SeatPool, capacity: int | None) -> int:
    """Raise or lower the seats of a pool. Nobody who has a seat loses it. Returns the offers made."""
    with transaction.atomic():
        desk = lock(pool.desk)
        SeatPool.objects.filter(pk=pool.pk).update(capacity=capacity)
        return Seats(desk).offer()


def pass_seats_on(desk: RegistrationDesk) -> int:
    """Offer whatever is free, after capacities or dates were changed; returns how many offers."""
    with transaction.atomic():
        return Seats(lock(desk)).offer()


def pass_all_seats_on() -> int:
    """The same for every event that somebody waits for, or whose waiting ended with its beginning."""
    waited_for = Q(
        registrations__status=RegistrationStatus.WAITING, page__starts_at__gt=timezone.now()
    )
    marked = Q(pools__is_short=True) | Q(pools__has_queue=True)
    desks = RegistrationDesk.objects.filter(waited_for | marked)
    return sum(pass_seats_on(desk) for desk in desks.distinct().order_by("pk"))


def _counted(pools: QuerySet) -> QuerySet:
    seated = Q(registrations__status__in=HOLDING)
    return pools.annotate(held=Coalesce(Sum("registrations__party", filter=seated), 0))


def seat_drift(desk: RegistrationDesk | None = None) -> list[Drift]:
    """Where the count differs from the registrations, of one event or of all; one look at one moment."""
    pools = SeatPool.objects.filter(desk=desk) if desk else SeatPool.objects.all()
    wrong = _counted(pools).exclude(taken=F("held")).select_related("desk__page").order_by("pk")
    return [Drift(pool, pool.taken, pool.held) for pool in wrong]


def report_drift() -> int:
    """Have it in the log when seats don't add up, which no service of ours lets happen."""
    found = seat_drift()
    for drift in found:
        logger.error(
            "Seats of pool %s don't add up: %s taken, %s held. `manage.py recount_seats --mend` mends it.",
            drift.pool.pk,
            drift.taken,
            drift.held,
        )
    return len(found)


def recount(desk: RegistrationDesk) -> int:
    """Set the counts to what is registered, as after rows were removed by hand, and offer what is free.

    Returns how many pools were wrong.
    """
    with transaction.atomic():
        desk = lock(desk)
        Seats(desk)  # held from here on
        wrong = seat_drift(desk)
        for drift in wrong:
            SeatPool.objects.filter(pk=drift.pool.pk).update(taken=drift.held)
        Seats(desk).offer()
    return len(wrong)
