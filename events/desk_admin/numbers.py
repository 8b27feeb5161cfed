"""How many: what a desk counts, read in a handful of queries however many have registered."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from events.choices import HOLDING, PoolKind, RegistrationStatus
from events.models import Attendee, EventMail, Registration, RegistrationDesk, SeatPool


def with_counts(desks: QuerySet) -> QuerySet:
    """Desks with `persons` (that hold seats), `waiting` and `pending`, and their pools at hand."""

    def count(aggregate, **conditions):
        rows = Registration.objects.filter(desk=OuterRef("pk"), **conditions).order_by()
        found = rows.values("desk").annotate(number=aggregate).values("number")
        return Coalesce(Subquery(found, output_field=IntegerField()), 0)

    return desks.annotate(
        persons=count(Sum("party"), status__in=HOLDING),
        waiting=count(Count("pk"), status=RegistrationStatus.WAITING),
        pending=count(Count("pk"), status=RegistrationStatus.PENDING),
    ).prefetch_related("pools")


def seats_of(desk: RegistrationDesk) -> int | None:
    """How many persons the event has room for, None without limit; by its pools as they were read."""
    pools = [pool for pool in desk.pools.all() if pool.is_active]
    whole = [pool.capacity for pool in pools if pool.kind == PoolKind.EVENT]
    if whole and whole[0] is not None:
        return whole[0]
    kinds = [pool.capacity for pool in pools if pool.kind == PoolKind.ATTENDANCE]
    return sum(kinds) if kinds and None not in kinds else None


@dataclass(frozen=True)
class StatusCount:
    status: RegistrationStatus
    registrations: int
    persons: int


def by_status(desk: RegistrationDesk) -> list[StatusCount]:
    """Every state with its registrations and persons, also those that nobody is in."""
    rows = desk.registrations.order_by().values("status")
    found = {
        row["status"]: (row["number"], row["persons"])
        for row in rows.annotate(number=Count("pk"), persons=Sum("party"))
    }
    return [StatusCount(status, *found.get(status, (0, 0))) for status in RegistrationStatus]


@dataclass(frozen=True)
class PoolRow:
    """A pool as it is shown: `percent` of its seats are taken, 0 without limit."""

    pool: SeatPool
    waiting: int

    @property
    def percent(self) -> int:
        pool = self.pool
        if not pool.capacity:
            return 100 if pool.capacity == 0 and pool.taken else 0
        return min(100, round(100 * pool.taken / pool.capacity))

    @property
    def is_over(self) -> bool:
        """More are taken than there are: the seats were made fewer afterwards."""
        return self.pool.capacity is not None and self.pool.taken > self.pool.capacity


def by_pool(desk: RegistrationDesk) -> list[PoolRow]:
    waits = Q(registrations__status=RegistrationStatus.WAITING)
    pools = desk.pools.annotate(waits=Count("registrations", filter=waits))
    return [PoolRow(pool, pool.waits) for pool in pools]


def entered(desk: RegistrationDesk) -> int:
    """How many persons have come in."""
    return Attendee.objects.filter(registration__desk=desk).exclude(entered_at=None).count()


def failed_mails(desk: RegistrationDesk) -> QuerySet:
    return EventMail.objects.filter(registration__desk=desk, status=EventMail.Status.FAILED)
