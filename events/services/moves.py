"""Moving a registration from one state to another: the table decides, the log remembers."""

from django.utils import timezone

from events.choices import ACTIVE, MOVES, RegistrationStatus
from events.errors import MoveError
from events.models import Registration, RegistrationLog

# What a move writes. The rest of the row belongs to others, who may be writing it just now.
MOVED = (
    "status",
    "waiting_since",
    "offered_at",
    "offer_expires_at",
    "confirmed_at",
    "ended_at",
    "updated_at",
)


def move(
    registration: Registration, to: str, *, by: str, actor=None, note: str = "", action: str = ""
) -> None:
    """Set the state, save it and write the log. The caller holds the desk.

    by: one of RegistrationLog.By. Raises MoveError for a move that the table does not have.
    """
    before = registration.status
    if to not in MOVES[before]:
        raise MoveError
    now = timezone.now()
    registration.status = to
    if to == RegistrationStatus.CONFIRMED:
        registration.confirmed_at = now
    if to not in ACTIVE:
        registration.ended_at = now
    registration.save(update_fields=MOVED)
    write_log(registration, before, by=by, actor=actor, note=note, action=action)


def write_log(registration: Registration, before: str = "", **what) -> RegistrationLog:
    """Write a line of the log; the arguments are those of `new_log`."""
    log = new_log(registration, before, **what)
    log.save(force_insert=True)
    return log


def new_log(
    registration: Registration,
    before: str = "",
    *,
    by: str,
    actor=None,
    note: str = "",
    action: str = "",
) -> RegistrationLog:
    """A line of the log, not stored yet. by: one of RegistrationLog.By."""
    return RegistrationLog(
        registration=registration,
        from_status=before,
        to_status=registration.status if before != registration.status else "",
        by=by,
        actor=actor,
        action=action,
        note=note[:300],
    )
