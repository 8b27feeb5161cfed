"""At the door: who may come in, who has come in already, who comes unannounced.

A phone may have been without a network: it says when something happened and gives every scan a key of
its own, so that what is sent twice is written once. Of two doors that scan the same ticket the one that
is written first lets in; the other is told when and where that was.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.services import GivenConsent
from events.choices import Attendance, PoolKind, RegistrationStatus, Source
from events.errors import EventError
from events.models import Attendee, CheckIn, Door, Registration, RegistrationDesk, SeatPool
from events.models.registration import CODE_LENGTH
from events.services.guests import Guest
from events.services.registering import register

# What a door scans begins with this (`events.registration.codes`).
PREFIX = "SD1:"
# What people write for signs that the codes don't have (Crockford's base 32).
MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
# A phone's clock may be wrong; what it says is believed within this time before now.
BELIEVED = timedelta(hours=36)
Result = CheckIn.Result


class TicketUnknownError(EventError):
    message = _("No ticket of this event")


@dataclass(frozen=True)
class Scan:
    """How one scan ended. `earlier` is the entry that was before it, for a ticket used again."""

    row: CheckIn
    attendee: Attendee
    earlier: CheckIn | None = None

    @property
    def result(self) -> str:
        return self.row.result

    @property
    def reason(self) -> str:
        """Why a ticket is not valid: the state of its registration, or `online`; "" otherwise."""
        if self.result != Result.NOT_VALID:
            return ""
        registration = self.attendee.registration
        if registration.status != RegistrationStatus.CONFIRMED:
            return registration.status
        return Attendance.ONLINE


def read_code(text: str) -> str:
    """The code in what was scanned or typed, in capitals, without blanks; "" if there is none."""
    text = text.strip().upper().removeprefix(PREFIX)
    code = re.sub(r"[\s\-–.]", "", text).translate(MEANT)
    return code if len(code) == CODE_LENGTH and code.isascii() and code.isalnum() else ""


def find_attendee(desk: RegistrationDesk, text: str) -> Attendee:
    """The person of a ticket of this event. Raises TicketUnknownError."""
    code = read_code(text)
    tickets = Attendee.objects.select_related("registration").filter(registration__desk=desk)
    found = tickets.filter(code=code).first() if code else None
    if found is None:
        raise TicketUnknownError
    return found


def check_in(
    attendee: Attendee,
    *,
    key: UUID | None = None,
    door: Door | None = None,
    at: datetime | None = None,
    actor=None,
) -> Scan:
    """Let somebody in, once. The same key again gives the answer of the first time.

    key: made by the phone for this scan. at: when it was, by the phone's clock; bounded by ours.
    """
    key = key or uuid4()
    stored = _stored(key)
    if stored is not None:
        return stored
    try:
        with transaction.atomic():
            return _enter(attendee, key, door, believed(at), actor)
    except IntegrityError:  # the same scan, or the same ticket at another door, at this very moment
        stored = _stored(key)
        if stored is not None:
            return stored
        with transaction.atomic():
            return _enter(attendee, key, door, believed(at), actor)


def _stored(key: UUID) -> Scan | None:
    row = CheckIn.objects.select_related("attendee__registration").filter(key=key).first()
    return Scan(row, row.attendee, _entry_of(row.attendee, besides=row)) if row else None


def _enter(attendee: Attendee, key, door, at, actor) -> Scan:
    fresh = (
        Attendee.objects.select_for_update(of=("self",))
        .select_related("registration")
        .get(pk=attendee.pk)
    )
    earlier = _entry_of(fresh)
    if earlier is not None:
        result = Result.AGAIN
    elif may_enter(fresh.registration):
        result = Result.ENTERED
    else:
        result = Result.NOT_VALID
    row = CheckIn.objects.create(
        attendee=fresh, door=door, key=key, result=result, at=at, actor=actor
    )
    if result == Result.ENTERED:
        fresh.entered_at = at
        fresh.save(update_fields=["entered_at"])
    return Scan(row, fresh, earlier)


def may_enter(registration: Registration) -> bool:
    """A confirmed seat in the room; who takes part online has none."""
    return (
        registration.status == RegistrationStatus.CONFIRMED
        and registration.attendance == Attendance.ONSITE
    )


def _entry_of(attendee: Attendee, besides: CheckIn | None = None) -> CheckIn | None:
    entries = attendee.check_ins.filter(result=Result.ENTERED).select_related("door")
    return (entries.exclude(pk=besides.pk) if besides else entries).first()


def believed(at: datetime | None) -> datetime:
    """The phone's time where it can be true, else ours."""
    now = timezone.now()
    return at if at is not None and now - BELIEVED <= at <= now else now


def undo(attendee: Attendee, *, door: Door | None = None, actor=None) -> bool:
    """Take an entry back that was a mistake; False when there is none."""
    with transaction.atomic():
        fresh = Attendee.objects.select_for_update(of=("self",)).get(pk=attendee.pk)
        taken = fresh.check_ins.filter(result=Result.ENTERED).update(result=Result.UNDONE)
        fresh.entered_at = None
        fresh.save(update_fields=["entered_at"])
    return bool(taken)


def walk_in(
    *,
    desk: RegistrationDesk,
    guest: Guest,
    consents: list[GivenConsent],
    language: str,
    key: UUID | None = None,
    door: Door | None = None,
    at: datetime | None = None,
    actor=None,
) -> Scan:
    """Register somebody at the door and let them in; the same key again is the same person.

    Raises SoldOutError when the room is full, AlreadyRegisteredError, ConsentMissingError, and
    ValidationError for a telephone number that can't be read.
    """
    key = key or uuid4()
    with transaction.atomic():
        booking = register(
            desk=desk,
            guest=guest,
            pools=onsite_pools(desk),
            consents=consents,
            language=language,
            source=Source.WALK_IN,
            submission_key=f"door:{key.hex}",
            by_organiser=actor,
            may_wait=False,
            notify=bool(guest.email),
        )
        attendee = booking.registration.attendees.select_related("registration").first()
        return check_in(attendee, key=key, door=door, at=at, actor=actor)


def onsite_pools(desk: RegistrationDesk) -> list[SeatPool]:
    """The kind of attendance that somebody at the door takes part in, where there are kinds."""
    kinds = desk.pools.filter(kind=PoolKind.ATTENDANCE, is_active=True)
    return list(kinds.filter(attendance=Attendance.ONSITE)[:1])


@dataclass(frozen=True)
class Count:
    expected: int
    entered: int


def count(desk: RegistrationDesk) -> Count:
    """How many persons are expected in the room, and how many are in it."""
    people = Attendee.objects.filter(
        registration__desk=desk,
        registration__status=RegistrationStatus.CONFIRMED,
        registration__attendance=Attendance.ONSITE,
    )
    return Count(people.count(), people.exclude(entered_at=None).count())
