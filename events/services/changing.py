"""What happens to a registration after it was made. Everything here holds the desk: see `seats`."""

from collections.abc import Iterable
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from crm.phone import normalise_phone
from events.choices import HOLDING, RegistrationStatus
from events.errors import (
    ContactMissingError,
    DeadlineOverError,
    MoveError,
    OfferOverError,
    SoldOutError,
    TooManyError,
)
from events.models import (
    Attendee,
    EventMail,
    Registration,
    RegistrationDesk,
    RegistrationLog,
    SeatPool,
)
from events.outbox import queue_mail
from events.services.moves import move, write_log
from events.services.registering import (
    Guest,
    Person,
    attendance_of,
    check_pools,
    identity_of,
    refuse_duplicate,
    with_event_pool,
)
from events.services.seats import (
    ShortError,
    lock,
    offer_seats,
    release,
    release_code,
    take,
)

VISITOR = RegistrationLog.By.VISITOR
ORGANISER = RegistrationLog.By.ORGANISER
SYSTEM = RegistrationLog.By.SYSTEM


@contextmanager
def held(registration: Registration):
    """The desk and the registration as they are now, nobody else moving them.

    Yields the fresh row; the caller's own object is stale afterwards.
    """
    with transaction.atomic():
        desk = lock(registration.desk)
        fresh = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
        fresh.desk = desk
        yield fresh


def cancel(registration: Registration, *, actor=None, note: str = "", notify: bool = True):
    """Cancel for the visitor (`actor` None) or the organiser, and offer the seats to those who wait.

    Raises MoveError when it has ended already, DeadlineOverError when the visitor may not any more.
    """
    if actor is None and timezone.now() >= registration.desk.page.starts_at:
        raise DeadlineOverError
    return _end(registration, RegistrationStatus.CANCELLED, actor=actor, note=note, notify=notify)


def reject(registration: Registration, *, actor, note: str = "", notify: bool = True):
    """Decline an application. Raises MoveError."""
    return _end(registration, RegistrationStatus.REJECTED, actor=actor, note=note, notify=notify)


def _end(registration: Registration, to: str, *, actor, note: str, notify: bool) -> Registration:
    with held(registration) as fresh:
        seated = fresh.status in HOLDING
        move(fresh, to, by=VISITOR if actor is None else ORGANISER, actor=actor, note=note)
        _leave(fresh, seated)
        if notify:
            queue_mail(fresh, EventMail.Purpose(to), note=note if actor else "")
        offer_seats(fresh.desk)
    return fresh


def _leave(registration: Registration, seated: bool) -> None:
    release_code(registration)
    if seated:
        release(_pool_ids(registration), registration.party)


def _pool_ids(registration: Registration) -> list[int]:
    return list(registration.pools.values_list("pk", flat=True))


def approve(registration: Registration, *, actor, note: str = "", notify: bool = True):
    """Confirm an application; its seats are held already. Raises MoveError."""
    with held(registration) as fresh:
        if fresh.status != RegistrationStatus.PENDING:
            raise MoveError
        move(fresh, RegistrationStatus.CONFIRMED, by=ORGANISER, actor=actor, note=note)
        if notify:
            queue_mail(fresh, EventMail.Purpose.CONFIRMED, note=note)
    return fresh


def accept_offer(registration: Registration):
    """Take the seat that is offered. Raises OfferOverError, MoveError when there is no offer."""
    with held(registration) as fresh:
        if fresh.status == RegistrationStatus.EXPIRED:
            raise OfferOverError
        if fresh.status != RegistrationStatus.OFFERED:
            raise MoveError
        if fresh.offer_expires_at <= timezone.now():
            raise OfferOverError  # the next round ends it
        invited = fresh.invitation is not None and fresh.invitation.skips_approval
        to = (
            RegistrationStatus.PENDING
            if fresh.desk.needs_approval and not invited
            else RegistrationStatus.CONFIRMED
        )
        move(fresh, to, by=VISITOR)
        confirmed = to == RegistrationStatus.CONFIRMED
        purposes = EventMail.Purpose
        queue_mail(fresh, purposes.CONFIRMED if confirmed else purposes.RECEIVED)
    return fresh


def expire_offers(*, now=None) -> int:
    """End the offers whose time is over and pass their seats on; returns how many ended."""
    now = now or timezone.now()
    ended = 0
    desks = RegistrationDesk.objects.filter(
        pk__in=Registration.objects.lapsed(now).values("desk")
    ).order_by("pk")
    for desk in desks:
        with transaction.atomic():
            locked = lock(desk)
            for registration in Registration.objects.lapsed(now).filter(desk=locked):
                move(registration, RegistrationStatus.EXPIRED, by=SYSTEM)
                _leave(registration, seated=True)
                queue_mail(registration, EventMail.Purpose.EXPIRED)
                ended += 1
            offer_seats(locked)
    return ended


def pass_seats_on(desk: RegistrationDesk) -> int:
    """Offer whatever is free, after capacities or dates were changed; returns how many offers."""
    with transaction.atomic():
        return offer_seats(lock(desk))


def set_capacity(pool: SeatPool, capacity: int | None) -> int:
    """Raise or lower the seats of a pool. Nobody who has a seat loses it. Returns the offers made."""
    with transaction.atomic():
        desk = lock(pool.desk)
        SeatPool.objects.filter(pk=pool.pk).update(capacity=capacity)
        return offer_seats(desk)


def change(
    registration: Registration,
    *,
    guest: Guest,
    pools: Iterable[SeatPool] = (),
    actor=None,
    notify: bool = True,
) -> Registration:
    """Change what was said and wanted. Whoever asks for more than there is keeps what they have.

    A confirmed registration needs approval anew where the event asks for it and the visitor changed it.
    Who waits keeps the place as long as no more is wanted than before, else goes to the end.

    Raises MoveError, DeadlineOverError, TooManyError, ChoiceError, ContactMissingError, SoldOutError,
    AlreadyRegisteredError.
    """
    check_change(registration, guest, actor)
    with held(registration) as fresh:
        if not fresh.is_active:
            raise MoveError
        chosen = with_event_pool(fresh.desk, pools)
        check_pools(fresh.desk, chosen)
        had, party = set(_pool_ids(fresh)), fresh.party
        more = not {pool.pk for pool in chosen} <= had or guest.party > party
        if fresh.status in HOLDING:
            release(had, party)
            try:
                take([pool.pk for pool in chosen], guest.party, from_queue=not more)
            except ShortError:
                raise SoldOutError(chosen) from None
        _write_change(fresh, guest, chosen)
        before = fresh.status
        if before == RegistrationStatus.WAITING and more:
            fresh.waiting_since = timezone.now()
        by = VISITOR if actor is None else ORGANISER
        if before == RegistrationStatus.CONFIRMED and fresh.desk.needs_approval and actor is None:
            move(fresh, RegistrationStatus.PENDING, by=by, action="changed")
        else:
            fresh.save()
            write_log(fresh, before, by=by, actor=actor, action="changed")
        if notify:
            queue_mail(fresh, EventMail.Purpose.CHANGED)
        offer_seats(fresh.desk)
    return fresh


def check_change(registration: Registration, guest: Guest, actor) -> None:
    """Raises ContactMissingError, TooManyError, and DeadlineOverError for the visitor."""
    desk = registration.desk
    if actor is None and timezone.now() >= desk.change_deadline:
        raise DeadlineOverError
    if not guest.email and not guest.phone:
        raise ContactMissingError
    if len(guest.companions) > desk.companions_max:
        raise TooManyError


def _write_change(registration: Registration, guest: Guest, pools: list[SeatPool]) -> None:
    phone = normalise_phone(guest.phone) if guest.phone else ""
    for name in (
        "name",
        "organisation_name",
        "position",
        "email",
        "answers",
        "wants_contact",
        "intent",
        "party",
    ):
        setattr(registration, name, getattr(guest, name))
    registration.phone_typed, registration.phone = guest.phone, phone
    registration.identity = identity_of(guest.email, phone)
    refuse_duplicate(registration)
    registration.attendance = attendance_of(pools)
    registration.pools.set(pools)
    persons = [Person(guest.name, guest.organisation_name), *guest.companions]
    registration.attendees.filter(position__gte=len(persons)).delete()
    for position, person in enumerate(persons):
        # The ticket stays the same: it may be in a calendar, printed, or on a telephone.
        Attendee.objects.update_or_create(
            registration=registration,
            position=position,
            defaults={"name": person.name, "organisation_name": person.organisation_name},
        )
