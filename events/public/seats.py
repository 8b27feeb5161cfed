"""What an event's page says of registration: its state, and the seats that are left. Two queries."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.choices import PoolKind
from events.models import EventPage, RegistrationDesk, SeatPool
from events.models.query import TEXTS


@dataclass(frozen=True)
class Line:
    """Seats of one kind. `free` is None without limit, and where numbers are not to be shown."""

    label: str
    is_full: bool
    free: int | None = None
    capacity: int | None = None
    key: uuid.UUID | None = None
    attendance: str = ""
    needs_invitation: bool = False

    @property
    def words(self) -> str:
        if self.is_full:
            return _("full")
        if self.free is None:
            return _("seats available")
        return ngettext("%(free)s seat left", "%(free)s seats left", self.free) % {
            "free": self.free
        }


@dataclass(frozen=True)
class Registering:
    """`state`: what a visitor can do now.

    `none` (no desk), `called_off`, `over`, `closed`, `early`, `late`, `open`, `waiting` (full, with a
    waiting list), `full`.
    """

    state: str
    desk: RegistrationDesk | None = None
    event: Line | None = None
    attendances: list[Line] = field(default_factory=list)
    sessions: dict[uuid.UUID, Line] = field(default_factory=dict)

    @property
    def takes(self) -> bool:
        """Whether the form takes somebody now, be it for the waiting list."""
        return self.state in ("open", "waiting")

    @property
    def lines(self) -> list[Line]:
        """What stands in the box: the kinds of attendance where there are any, else the whole event."""
        return self.attendances or ([self.event] if self.event else [])

    @property
    def closes_at(self) -> datetime | None:
        return self.desk.closes_at if self.desk else None


def registering(page: EventPage) -> Registering:
    """The state of registration for the event of this page, in the active language."""
    desk = _desk(page)
    if page.is_called_off or page.status == "past":
        return Registering("called_off" if page.is_called_off else "over", desk)
    if desk is None:
        return Registering("none")
    pools = list(desk.pools.filter(is_active=True))
    lines = {kind: [_line(pool, desk) for pool in pools if pool.kind == kind] for kind in PoolKind}
    event = next(iter(lines[PoolKind.EVENT]), None)
    state = desk.state
    if state == "open" and _is_full(event, lines[PoolKind.ATTENDANCE]):
        state = "waiting" if _may_wait(desk) else "full"
    return Registering(
        state=state,
        desk=desk,
        event=event,
        attendances=lines[PoolKind.ATTENDANCE],
        sessions={line.key: line for line in lines[PoolKind.SESSION]},
    )


def _desk(page: EventPage) -> RegistrationDesk | None:
    """The desk with its page, and the series that both are in, by one query."""
    desks = RegistrationDesk.objects.select_related("page__series")
    desk = desks.defer(*(f"page__{name}" for name in TEXTS)).for_page(page)
    if desk is not None and page.series_id and desk.page.series_id == page.series_id:
        page.series = desk.page.series
    return desk


def _line(pool: SeatPool, desk: RegistrationDesk) -> Line:
    free = pool.free
    return Line(
        label=pool.label,
        is_full=free == 0,
        free=free if desk.shows_seats else None,
        capacity=pool.capacity if desk.shows_seats else None,
        key=pool.programme_key,
        attendance=pool.attendance,
        needs_invitation=pool.needs_invitation,
    )


def _is_full(event: Line | None, attendances: list[Line]) -> bool:
    if event is not None and event.is_full:
        return True
    return bool(attendances) and all(line.is_full for line in attendances)


def _may_wait(desk: RegistrationDesk) -> bool:
    if not desk.has_waiting_list:
        return False
    if desk.waiting_max is None:
        return True
    return desk.registrations.waiting().count() < desk.waiting_max
