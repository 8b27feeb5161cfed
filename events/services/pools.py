"""The seats of a desk: how many, of what. Nobody who has a seat ever loses it by what is done here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from base.bilingual import in_language
from events.choices import PoolKind
from events.desk_errors import InUseError
from events.errors import MoveError
from events.models import RegistrationDesk, SeatPool
from events.services.desks import require
from events.services.seats import Seats, lock

# Of a pool that exists; what it counts stays, and `taken` is for registrations to change.
CHANGEABLE = (
    "name", "name_en", "starts_at", "ends_at", "capacity", "needs_invitation", "is_active", "sort_order",
)  # fmt: skip

# What a pool repeats of the programme.
FOLLOWED = ("name", "name_en", "starts_at", "ends_at")


@dataclass(frozen=True)
class Session:
    """An item of a programme for which one can register. `key` is the id of its block."""

    key: UUID
    name: str
    name_en: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def label(self) -> str:
        return in_language(self, "name")


def add_pool(*, desk: RegistrationDesk, values: dict, actor=None) -> SeatPool:
    """Count the seats of one thing more. Raises NotAllowedError."""
    require(actor, "change_registrationdesk")
    with transaction.atomic():
        fresh = lock(desk)
        pool = SeatPool(desk=fresh, **values)
        if not pool.sort_order:
            pool.sort_order = _next_place(fresh)
        pool.save()
        log(fresh, "wagtail.edit", user=actor)
    return pool


def add_sessions(
    *, desk: RegistrationDesk, sessions: list[tuple[Session, int | None]], actor=None
) -> list[SeatPool]:
    """Count the seats of sessions of the programme, each (session, capacity); those that are there stay."""
    require(actor, "change_registrationdesk")
    made = []
    with transaction.atomic():
        fresh = lock(desk)
        known = set(fresh.pools.values_list("programme_key", flat=True))
        place = _next_place(fresh)
        for session, capacity in sessions:
            if session.key in known:
                continue
            pool = SeatPool(
                desk=fresh,
                kind=PoolKind.SESSION,
                programme_key=session.key,
                name=session.name,
                name_en=session.name_en,
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                capacity=capacity,
                sort_order=place + len(made),
            )
            pool.save()
            known.add(session.key)
            made.append(pool)
        log(fresh, "wagtail.edit", user=actor)
    return made


def differing(desk: RegistrationDesk, sessions: list[Session]) -> list[tuple[SeatPool, Session]]:
    """The pools of sessions whose title or hours are others in the programme by now."""
    by_key = {session.key: session for session in sessions}
    pools = desk.pools.filter(programme_key__in=by_key)
    pairs = [(pool, by_key[pool.programme_key]) for pool in pools]
    return [
        (pool, session)
        for pool, session in pairs
        if any(getattr(pool, name) != getattr(session, name) for name in FOLLOWED)
    ]


def follow_programme(*, desk: RegistrationDesk, sessions: list[Session], actor=None) -> int:
    """Take titles and hours over from the programme; returns of how many pools. Raises NotAllowedError."""
    require(actor, "change_registrationdesk")
    with transaction.atomic():
        fresh = lock(desk)
        Seats(fresh)
        pairs = differing(fresh, sessions)
        for pool, session in pairs:
            values = {name: getattr(session, name) for name in FOLLOWED}
            SeatPool.objects.filter(pk=pool.pk).update(**values)
        log(fresh, "wagtail.edit", user=actor)
    return len(pairs)


def _next_place(desk: RegistrationDesk) -> int:
    last = desk.pools.aggregate(last=Max("sort_order"))["last"]
    return 0 if last is None else last + 1


def change_pool(*, pool: SeatPool, values: dict, actor=None) -> int:
    """Change a pool; returns how many seats could be offered to those who wait.

    Fewer seats than are taken is allowed: none come free until enough have cancelled.
    Raises NotAllowedError, and MoveError when the pool has gone meanwhile.
    """
    require(actor, "change_registrationdesk")
    with transaction.atomic():
        desk = lock(pool.desk)
        if pool.pk not in Seats(desk).pools:  # all are held from here on, in the order of all
            raise MoveError
        changed = {name: value for name, value in values.items() if name in CHANGEABLE}
        # By an update of these columns: what is taken goes on being counted.
        SeatPool.objects.filter(pk=pool.pk).update(**changed)
        offers = Seats(desk).offer()
        log(desk, "wagtail.edit", user=actor)
    return offers


def remove_pool(*, pool: SeatPool, actor=None) -> None:
    """Delete seats that nobody has registered for. Raises NotAllowedError, InUseError."""
    require(actor, "change_registrationdesk")
    with transaction.atomic():
        desk = lock(pool.desk)
        # A registration that is being stored takes its seats last, so that this waits for it here.
        fresh = Seats(desk).pools.get(pool.pk)
        if fresh is None:
            return
        if fresh.kind == PoolKind.EVENT or fresh.registrations.exists() or fresh.taken:
            raise InUseError
        fresh.delete()
        log(desk, "wagtail.edit", user=actor)
