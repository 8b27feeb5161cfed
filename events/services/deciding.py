"""What ends a registration or settles it. Everything here holds the desk: see `seats`."""

from django.db import transaction
from django.utils import timezone

from events.choices import HOLDING, RegistrationStatus
from events.errors import DeadlineOverError, MoveError, NotOpenError, OfferOverError
from events.models import EventMail, Participant, Registration, RegistrationDesk, RegistrationLog
from events.outbox import queue_mail
from events.services.choosing import status_with_seat
from events.services.desks import require
from events.services.moves import move
from events.services.seats import Seats, held, lock, pool_ids_of, release_codes

VISITOR = RegistrationLog.By.VISITOR
ORGANISER = RegistrationLog.By.ORGANISER
SYSTEM = RegistrationLog.By.SYSTEM
# Of whoever works on registrations. Without an account it is the visitor, whose link has been read.
WORK = "work_registration"


def cancel(
    registration: Registration, *, actor=None, note: str = "", notify: bool = True
) -> Registration:
    """Cancel for the visitor (`actor` None) or the organiser, and offer the seats to those who wait.

    Raises NotAllowedError, MoveError when it has ended already, DeadlineOverError when the visitor may
    not any more.
    """
    require(actor, WORK)
    if actor is None and timezone.now() >= registration.desk.page.starts_at:
        raise DeadlineOverError
    return _end(registration, RegistrationStatus.CANCELLED, actor=actor, note=note, notify=notify)


def reject(
    registration: Registration, *, actor, note: str = "", notify: bool = True
) -> Registration:
    """Decline an application, or somebody who waits. Raises NotAllowedError, MoveError."""
    require(actor, WORK)
    return _end(registration, RegistrationStatus.REJECTED, actor=actor, note=note, notify=notify)


def _end(registration: Registration, to: str, *, actor, note: str, notify: bool) -> Registration:
    with held(registration) as fresh:
        was_seated = fresh.status in HOLDING
        move(fresh, to, by=VISITOR if actor is None else ORGANISER, actor=actor, note=note)
        if notify:
            queue_mail(fresh, EventMail.Purpose(to), note=note if actor else "")
        _leave_meetings(fresh, actor, note)
        _leave(fresh.desk, [fresh], seated=[fresh] if was_seated else [])
    return fresh


def _leave_meetings(registration: Registration, actor, note: str) -> None:
    """Who does not come meets nobody; the others are told. The round is held after the desk."""
    participant = Participant.objects.filter(registration=registration).first()
    if participant is not None:
        from events.services.planning import cancel_meetings_of  # the planner knows the seats

        cancel_meetings_of(participant, reason=note if actor else "", actor=actor)


def _leave(
    desk: RegistrationDesk, leaving: list[Registration], *, seated: list[Registration]
) -> None:
    """Give back what they had and pass it on."""
    release_codes(leaving)
    seats = Seats(desk)
    for registration in seated:
        seats.shift(pool_ids_of(registration), -registration.party)
    seats.offer()


def approve(
    registration: Registration, *, actor, note: str = "", notify: bool = True
) -> Registration:
    """Confirm an application; its seats are held already. Raises NotAllowedError, MoveError."""
    require(actor, WORK)
    with held(registration) as fresh:
        if fresh.status != RegistrationStatus.PENDING:
            raise MoveError
        move(fresh, RegistrationStatus.CONFIRMED, by=ORGANISER, actor=actor, note=note)
        if notify:
            queue_mail(fresh, EventMail.Purpose.CONFIRMED, note=note)
    return fresh


def accept_offer(registration: Registration) -> Registration:
    """Take the seat that is offered.

    Raises OfferOverError, NotOpenError when the event was called off, MoveError when there is no offer.
    """
    with held(registration) as fresh:
        if fresh.status == RegistrationStatus.EXPIRED:
            raise OfferOverError
        if fresh.status != RegistrationStatus.OFFERED:
            raise MoveError
        page = fresh.desk.page
        if page.is_called_off:
            raise NotOpenError
        if min(fresh.offer_expires_at, page.starts_at) <= timezone.now():
            raise OfferOverError  # the next round ends it
        to = status_with_seat(fresh.desk, fresh.invitation)
        move(fresh, to, by=VISITOR)
        confirmed = to == RegistrationStatus.CONFIRMED
        purposes = EventMail.Purpose
        queue_mail(fresh, purposes.CONFIRMED if confirmed else purposes.RECEIVED)
    return fresh


def expire_offers(*, now=None) -> int:
    """End the offers whose time is over and pass their seats on; returns how many ended."""
    now = now or timezone.now()
    lapsed = Registration.objects.lapsed(now)
    desks = RegistrationDesk.objects.filter(pk__in=lapsed.values("desk"))
    return sum(_expire_offers_of(desk, now) for desk in desks.order_by("pk"))


def _expire_offers_of(desk: RegistrationDesk, now) -> int:
    with transaction.atomic():
        desk = lock(desk)
        ended = list(desk.registrations.lapsed(now).order_by("pk"))
        for registration in ended:
            move(registration, RegistrationStatus.EXPIRED, by=SYSTEM)
            queue_mail(registration, EventMail.Purpose.EXPIRED)
        _leave(desk, ended, seated=ended)
    return len(ended)
