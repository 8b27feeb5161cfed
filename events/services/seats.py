"""Counting seats. `SeatPool.taken` is raised by conditional updates and never read first.

Everything that frees seats, or lets somebody wait for them, happens under the lock of the desk. What only
takes free seats needs no lock: the condition in the update decides.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from events.choices import RegistrationStatus
from events.models import EventMail, InvitationCode, Registration, RegistrationDesk, SeatPool
from events.outbox import queue_mail
from events.services.moves import move


class ShortError(Exception):
    """Not enough seats in a pool. Raised inside of the services of this room only."""


def lock(desk: RegistrationDesk) -> RegistrationDesk:
    """Hold the desk until the transaction ends, and read it anew.

    The key is left free: a registration that is being inserted points at it and need not wait.
    """
    return RegistrationDesk.objects.select_for_update(no_key=True).get(pk=desk.pk)


def take(pool_ids: Iterable[int], number: int, *, from_queue: bool = False) -> None:
    """Take `number` seats in each pool; the caller's transaction is rolled back if one is short.

    `from_queue`: for whoever is at the head of the waiting list; others don't overtake it.
    Raises ShortError.
    """
    # One order for all, so that two that want the same pools can't wait for each other.
    for pool_id in sorted(pool_ids):
        pool = SeatPool.objects.filter(
            Q(capacity=None) | Q(capacity__gte=F("taken") + number), pk=pool_id, is_active=True
        )
        if not from_queue:
            pool = pool.filter(is_short=False)
        if not pool.update(taken=F("taken") + number):
            raise ShortError


def release(pool_ids: Iterable[int], number: int) -> None:
    """Give seats back. The caller holds the desk."""
    for pool_id in sorted(pool_ids):
        SeatPool.objects.filter(pk=pool_id).update(taken=F("taken") - number)


def use_code(code: InvitationCode) -> bool:
    """Use an invitation once more, if it may be used."""
    now = timezone.now()
    return bool(
        InvitationCode.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            pk=code.pk,
            is_active=True,
            used__lt=F("uses_max"),
        ).update(used=F("used") + 1)
    )


def release_code(registration: Registration) -> None:
    if registration.invitation_id:
        InvitationCode.objects.filter(pk=registration.invitation_id, used__gt=0).update(
            used=F("used") - 1
        )


def lacking(pools: Iterable[SeatPool], number: int) -> list[SeatPool]:
    """Of these pools as they were read: those without so many seats for somebody new."""
    return [
        pool
        for pool in pools
        if pool.is_short or (pool.capacity is not None and pool.taken + number > pool.capacity)
    ]


def _too_full(pool_ids: Iterable[int], number: int):
    """The pools that so many can't be seated in; the caller holds the desk."""
    return (
        SeatPool.objects.filter(pk__in=pool_ids)
        .exclude(Q(capacity=None) | Q(capacity__gte=F("taken") + number), is_active=True)
        .values_list("pk", flat=True)
    )


def offer_seats(desk: RegistrationDesk) -> int:
    """Offer what is free to those who wait, in their order; returns how many offers were made.

    Who is first in a pool that is too full for them is waited for: nobody behind them takes seats of
    that pool, also no newcomer (`is_short`). Those who want none of it go past. The caller holds the
    desk in a transaction.
    """
    now = timezone.now()
    offered = 0
    blocked: set[int] = set()
    begins = desk.page.starts_at
    if now < begins:
        for registration in desk.registrations.waiting().prefetch_related("pools"):
            pools = {pool.pk: pool for pool in registration.pools.all()}
            if blocked & set(pools):
                continue
            try:
                with transaction.atomic():
                    take(pools, registration.party, from_queue=True)
            except ShortError:
                blocked |= set(_too_full(pools, registration.party))
                continue
            registration.offered_at = now
            registration.offer_expires_at = min(now + timedelta(hours=desk.offer_hours), begins)
            move(registration, RegistrationStatus.OFFERED, by="system")
            queue_mail(registration, EventMail.Purpose.OFFERED)
            offered += 1
    desk.pools.filter(pk__in=blocked).update(is_short=True)
    desk.pools.exclude(pk__in=blocked).update(is_short=False)
    return offered
