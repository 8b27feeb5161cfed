"""What was chosen: whether registration is open, which seats go together, whether an invitation is good."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import F, Q
from django.utils import timezone

from events.choices import PoolKind, RegistrationStatus
from events.errors import (
    ChoiceError,
    DeadlineOverError,
    InvitationError,
    NotOpenError,
    NotOpenYetError,
)
from events.models import InvitationCode, Registration, RegistrationDesk, SeatPool

NONE: frozenset[int] = frozenset()


def check_open(desk: RegistrationDesk) -> None:
    """Raises NotOpenError, NotOpenYetError or DeadlineOverError."""
    state = desk.state
    if desk.page.is_called_off or state == "closed":
        raise NotOpenError
    if state == "early":
        raise NotOpenYetError
    if state == "late":
        raise DeadlineOverError


def chosen_pools(
    desk: RegistrationDesk, pools: Iterable[SeatPool], *, had: Collection[int] = NONE
) -> list[SeatPool]:
    """The pools that were chosen, with that of the whole event, each once, in the order of their ids.

    had: the ids of those that the registration has: they stay even when nobody may choose them anew.
    Raises ChoiceError: one kind of attendance where there are kinds, sessions that don't overlap.
    """
    known = {pool.pk: pool for pool in desk.pools.all()}
    ids = {pool.pk for pool in pools}
    if not ids <= known.keys():
        raise ChoiceError
    ids |= {pool.pk for pool in known.values() if pool.kind == PoolKind.EVENT}
    chosen = [known[pool_id] for pool_id in sorted(ids)]
    if any(not pool.is_active and pool.pk not in had for pool in chosen):
        raise ChoiceError
    _check_attendance(known.values(), chosen)
    if not {pool.pk for pool in chosen if pool.kind == PoolKind.SESSION} <= set(had):
        _check_sessions(chosen)
    return chosen


def _check_attendance(known: Iterable[SeatPool], chosen: Sequence[SeatPool]) -> None:
    offered = any(pool.kind == PoolKind.ATTENDANCE and pool.is_active for pool in known)
    number = sum(pool.kind == PoolKind.ATTENDANCE for pool in chosen)
    if number > 1 or (offered and not number):
        raise ChoiceError(field="attendance")


def _check_sessions(chosen: Sequence[SeatPool]) -> None:
    timed = [
        pool for pool in chosen if pool.kind == PoolKind.SESSION and pool.starts_at and pool.ends_at
    ]
    timed.sort(key=lambda pool: pool.starts_at)
    for earlier, later in zip(timed, timed[1:], strict=False):
        if later.starts_at < earlier.ends_at:
            raise ChoiceError(field="sessions")


def attendance_of(pools: Sequence[SeatPool]) -> str:
    for pool in pools:
        if pool.kind == PoolKind.ATTENDANCE and pool.attendance:
            return pool.attendance
    return Registration.Attendance.ONSITE


def status_with_seat(desk: RegistrationDesk, invitation: InvitationCode | None) -> str:
    """Confirmed, or pending where approval is wanted and no invitation does without."""
    if desk.needs_approval and not (invitation and invitation.skips_approval):
        return RegistrationStatus.PENDING
    return RegistrationStatus.CONFIRMED


def usable_codes(desk: RegistrationDesk):
    """The invitations of a desk that may be used once more."""
    return desk.codes.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        is_active=True,
        used__lt=F("uses_max"),
    )


def find_invitation(
    desk: RegistrationDesk, pools: Iterable[SeatPool], code: str
) -> InvitationCode | None:
    """The invitation of a code; None where none is needed and none given. Raises InvitationError."""
    typed = code.strip()
    if not typed:
        if desk.needs_invitation or any(pool.needs_invitation for pool in pools):
            raise InvitationError
        return None
    found = usable_codes(desk).filter(code__iexact=typed).first()
    if found is None:
        raise InvitationError
    return found
