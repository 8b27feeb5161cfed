"""Counting seats. `SeatPool.taken` is raised by conditional updates; nobody counts registrations.

Who only takes free seats that nobody waits for needs no lock: `takes` lets the condition in the update
decide. Everything that frees seats, lets somebody wait for them, or takes a seat that somebody may need who
waits, holds the desk and all its pools (`Seats`).

Everybody locks in one order, or two could wait for each other: the desk, rows of registrations (an insert
also waits for whoever inserts the same address), invitation codes, the count of an address, then pools by their
ids. A transaction
that has taken seats therefore ends; it does not go on to lock a desk.
"""

from collections.abc import Collection, Iterable
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from base import together
from events.choices import RegistrationStatus
from events.errors import MoveError
from events.models import EventMail, InvitationCode, Registration, RegistrationDesk, SeatPool
from events.outbox import queue_mail
from events.services.moves import move


class ShortError(Exception):
    """Not enough seats in a pool. Raised inside of the services of this room only."""


def lock(desk: RegistrationDesk) -> RegistrationDesk:
    """Hold the desk until the transaction ends, and read it anew, with its event.

    The key is left free: a registration that is being inserted points at it and need not wait.
    """
    desks = RegistrationDesk.objects.select_related("page")
    return desks.select_for_update(of=("self",), no_key=True).get(pk=desk.pk)


@contextmanager
def held(registration: Registration):
    """The desk and the registration as they are now, nobody else moving them.

    Yields the fresh row; the caller's own object is stale afterwards. Raises MoveError when it has gone.
    """
    with transaction.atomic():
        desk = lock(registration.desk)
        rows = Registration.objects.select_for_update(of=("self",), no_key=True)
        fresh = rows.filter(pk=registration.pk).first()
        if fresh is None:
            raise MoveError
        fresh.desk = desk
        yield fresh


# As it is, because everybody passes here in a rush: building it anew would cost more than running it.
TAKE = (
    "UPDATE events_seatpool SET taken = taken + %s WHERE id = %s AND is_active "
    "AND (capacity IS NULL OR capacity >= taken + %s) AND (%s OR NOT has_queue)"
)


def takes(
    pool_ids: Iterable[int], number: int, *, past_queue: bool = False
) -> list[together.Statement]:
    """What takes `number` seats in each pool; one that changes no row says that its pool is short, or that
    somebody waits who wants it: then it is to be decided under the lock.

    past_queue: take also what somebody waits for.
    """
    return [(TAKE, [number, pool_id, number, past_queue]) for pool_id in sorted(pool_ids)]


def has_room(pool: SeatPool, number: int) -> bool:
    """Whether so many could sit, by the pool as it was read."""
    return pool.is_active and (pool.capacity is None or pool.taken + number <= pool.capacity)


def lacking(pools: Iterable[SeatPool], number: int, *, past_queue: bool = False) -> list[SeatPool]:
    """Of these pools as they were read: those without so many seats for somebody new."""
    return [
        pool for pool in pools if (pool.is_short and not past_queue) or not has_room(pool, number)
    ]


USE_CODE = (
    "UPDATE events_invitationcode SET used = used + 1 WHERE id = %s AND is_active "
    "AND used < uses_max AND (expires_at IS NULL OR expires_at > %s)"
)


def using_code(code: InvitationCode) -> together.Statement:
    """What uses an invitation once more; it changes no row when it may not be used."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    return USE_CODE, [code.pk, now]


def use_code(code: InvitationCode) -> bool:
    """Use an invitation once more, if it may be used."""
    return bool(*together.run([using_code(code)]))


def release_codes(registrations: Iterable[Registration]) -> None:
    for code_id in sorted(each.invitation_id for each in registrations if each.invitation_id):
        InvitationCode.objects.filter(pk=code_id, used__gt=0).update(used=F("used") - 1)


class Seats:
    """All pools of a desk, held and read; whoever makes this holds the desk.

    Nothing of `pools` changes but by this object, so it may be counted on until the transaction ends.
    """

    def __init__(self, desk: RegistrationDesk):
        self.desk = desk
        rows = SeatPool.objects.filter(desk=desk).order_by("pk").select_for_update(no_key=True)
        self.pools: dict[int, SeatPool] = {pool.pk: pool for pool in rows}

    def full(self, pool_ids: Iterable[int], number: int) -> set[int]:
        """Those of the pools in which so many can't sit."""
        return {pk for pk in pool_ids if not has_room(self.pools[pk], number)}

    def shift(self, pool_ids: Iterable[int], number: int) -> None:
        """Take seats (`number` above 0; the caller has asked `full`) or give them back."""
        for pool_id in sorted(pool_ids):
            SeatPool.objects.filter(pk=pool_id).update(taken=F("taken") + number)
            self.pools[pool_id].taken += number

    def _mark(self, queued: Collection[int], short: Collection[int]) -> None:
        """Write which pools somebody waits for, and in which nobody overtakes."""
        for pool in self.pools.values():
            marks = {"has_queue": pool.pk in queued, "is_short": pool.pk in short}
            if marks != {name: getattr(pool, name) for name in marks}:
                SeatPool.objects.filter(pk=pool.pk).update(**marks)
                for name, value in marks.items():
                    setattr(pool, name, value)

    def offer(self) -> int:
        """Offer what is free to those who wait, in their order; returns how many offers were made.

        Who is first in a pool that is too full for them is waited for: nobody behind them takes seats
        of that pool, also no newcomer (`is_short`). Those who want none of it go past. Whoever takes
        seats of a pool that somebody waits for (`has_queue`) calls this afterwards: what they took may
        have made it too full.
        """
        if not self._offers_are_made():
            self._mark(set(), set())
            return 0
        offered = 0
        while True:
            made, blocked = self._go_through()
            offered += made
            if not made:
                break
            # What was offered to those behind may leave too few for somebody before them.
        waiting = self.desk.registrations.waiting()
        self._mark(set(waiting.values_list("pools", flat=True)), blocked)
        return offered

    def _go_through(self) -> tuple[int, set[int]]:
        """Once through the list, in its order: how many offers were made, which pools are too full."""
        offered, blocked = 0, set()
        while registration := self._next(blocked):
            pool_ids = pool_ids_of(registration)
            full = self.full(pool_ids, registration.party)
            if full:
                blocked |= full
                continue
            self.shift(pool_ids, registration.party)
            make_offer(registration, self.desk)
            offered += 1
        return offered, blocked

    def _offers_are_made(self) -> bool:
        page = self.desk.page
        return timezone.now() < page.starts_at and not page.is_called_off

    def _next(self, blocked: set[int]) -> Registration | None:
        """The first who waits for none of these pools; each turn offers or blocks one more pool."""
        waiting = self.desk.registrations.waiting()
        return (waiting.exclude(pools__in=blocked) if blocked else waiting).first()


def pool_ids_of(registration: Registration) -> list[int]:
    return list(registration.pools.order_by("pk").values_list("pk", flat=True))


def make_offer(registration: Registration, desk: RegistrationDesk) -> None:
    """The seats are taken already and held for some hours, at most until the event begins."""
    now = timezone.now()
    registration.offered_at = now
    registration.offer_expires_at = min(
        now + timedelta(hours=desk.offer_hours), desk.page.starts_at
    )
    move(registration, RegistrationStatus.OFFERED, by="system")
    queue_mail(registration, EventMail.Purpose.OFFERED)
