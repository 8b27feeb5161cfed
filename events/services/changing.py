"""Changing what was said and wanted. It holds the desk: see `seats`."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from events.choices import HOLDING, RegistrationStatus
from events.errors import (
    ContactMissingError,
    DeadlineOverError,
    InvitationError,
    MoveError,
    NotOpenError,
    SoldOutError,
    TooManyError,
)
from events.models import (
    Attendee,
    EventMail,
    InvitationCode,
    Registration,
    RegistrationLog,
    SeatPool,
)
from events.outbox import queue_mail
from events.services.choosing import (
    attendance_of,
    chosen_pools,
    find_invitation,
    status_with_seat,
)
from events.services.desks import require
from events.services.guests import WRITTEN, Guest, Person, find_earlier, write_guest
from events.services.moves import move, write_log
from events.services.seats import Seats, held, lacking, pool_ids_of, use_code

CHANGED = (*WRITTEN, "phone_typed", "phone", "identity", "attendance", "invitation", "updated_at")
# Positions nobody has, while tickets change places: two may not have one for a moment.
ASIDE = 10_000


def change(
    registration: Registration,
    *,
    guest: Guest,
    pools: Iterable[SeatPool] = (),
    code: str = "",
    actor=None,
    notify: bool = True,
) -> Registration:
    """Change what was said and wanted. Whoever asks for more than there is keeps what they have.

    pools: everything that is wanted, also what was chosen before. code: an invitation, where what is
    added is by invitation only and the registration has none.
    A confirmed registration needs approval anew where the event asks for it and the visitor changed it.
    Who waits keeps the place as long as no more is wanted than before, else goes to the end.

    actor: the officer who changes it for somebody; None is the visitor, whose link has been read.

    Raises NotAllowedError, MoveError, NotOpenError, DeadlineOverError, TooManyError, ChoiceError,
    InvitationError, ContactMissingError, SoldOutError, AlreadyRegisteredError, and ValidationError for a
    telephone number that can't be read.
    """
    require(actor, "work_registration")
    with held(registration) as fresh:
        _check_change(fresh, guest, actor)
        had, party = pool_ids_of(fresh), fresh.party
        chosen = chosen_pools(fresh.desk, pools, had=had)
        new_invitation = _invitation(fresh, chosen, had, code, actor)
        before = fresh.status
        if before == RegistrationStatus.WAITING and _is_more(chosen, guest, had, party):
            fresh.waiting_since = timezone.now()
        _write(fresh, guest, chosen)
        _log(fresh, actor)
        if notify:
            queue_mail(fresh, EventMail.Purpose.CHANGED)
        if new_invitation and not use_code(new_invitation):
            raise InvitationError
        seats = Seats(fresh.desk)
        if before in HOLDING:
            _shift(seats, had, party, [pool.pk for pool in chosen], guest.party)
        seats.offer()
    return fresh


def _check_change(registration: Registration, guest: Guest, actor) -> None:
    """What is less than before is always allowed, whatever the event allows by now."""
    desk = registration.desk
    if not registration.is_active or registration.is_anonymised:
        raise MoveError
    if actor is None and desk.page.is_called_off:
        raise NotOpenError
    if actor is None and timezone.now() >= desk.change_deadline:
        raise DeadlineOverError
    if not guest.email and not guest.phone:
        raise ContactMissingError
    if guest.party > max(1 + desk.companions_max, registration.party):
        raise TooManyError


def _invitation(
    registration: Registration, chosen: Sequence[SeatPool], had: Sequence[int], code: str, actor
) -> InvitationCode | None:
    """The invitation to be used for what is added; None where none is needed or there is one.

    Raises InvitationError.
    """
    if actor is not None or registration.invitation_id:
        return None
    if not any(pool.needs_invitation and pool.pk not in had for pool in chosen):
        return None
    registration.invitation = find_invitation(registration.desk, chosen, code)
    return registration.invitation


def _is_more(chosen: Sequence[SeatPool], guest: Guest, had: Sequence[int], party: int) -> bool:
    return guest.party > party or not {pool.pk for pool in chosen} <= set(had)


def _shift(
    seats: Seats, had: Sequence[int], party: int, wanted: Sequence[int], new_party: int
) -> None:
    """Take what is added and give back what is left. Raises SoldOutError; then nothing has changed."""
    added = {
        pool_id: (new_party if pool_id in wanted else 0) - (party if pool_id in had else 0)
        for pool_id in {*had, *wanted}
    }
    short = [
        pool
        for pool_id, number in sorted(added.items())
        if number > 0
        for pool in lacking([seats.pools[pool_id]], number)
    ]
    if short:
        raise SoldOutError(short)
    for pool_id, number in sorted(added.items()):
        if number:
            seats.shift([pool_id], number)


def _write(registration: Registration, guest: Guest, chosen: Sequence[SeatPool]) -> None:
    """The row, its pools and tickets. Raises AlreadyRegisteredError."""
    write_guest(registration, guest)
    registration.attendance = attendance_of(chosen)
    find_earlier(registration)
    try:
        with transaction.atomic():
            registration.save(update_fields=CHANGED)
    except IntegrityError:  # the same address was registered at this very moment
        find_earlier(registration)
        raise MoveError from None
    registration.pools.set(chosen)
    _write_tickets(registration, guest.persons)


def _write_tickets(registration: Registration, persons: Sequence[Person]) -> None:
    """A ticket stays with its person: it may be in a calendar, printed, or on a telephone.

    A name that is new takes over the ticket of one that is gone, as when a name was misspelt.
    """
    rows = list(registration.attendees.order_by("position"))
    tickets = _tickets_by_person(rows, persons)
    gone = {row.pk for row in rows} - {row.pk for row in tickets}
    registration.attendees.filter(pk__in=gone).delete()
    kept = [row for row in tickets if row.pk]
    if any(row.position != position for position, row in enumerate(tickets) if row.pk):
        for row in kept:
            row.position += ASIDE
        Attendee.objects.bulk_update(kept, ["position"])
    for position, (row, person) in enumerate(zip(tickets, persons, strict=True)):
        row.registration, row.position = registration, position
        row.name, row.organisation_name = person.name, person.organisation_name
    Attendee.objects.bulk_update(kept, ["position", "name", "organisation_name"])
    Attendee.objects.bulk_create(row for row in tickets if not row.pk)


def _tickets_by_person(rows: list[Attendee], persons: Sequence[Person]) -> list[Attendee]:
    """For each person the ticket that is theirs, or a new one."""
    first, others = rows[:1], rows[1:]
    tickets: list[Attendee | None] = [*first] if first else [Attendee()]
    for person in persons[1:]:
        same = next((row for row in others if row.name == person.name), None)
        if same:
            others.remove(same)
        tickets.append(same)
    return [ticket or (others.pop(0) if others else Attendee()) for ticket in tickets]


def _log(registration: Registration, actor) -> None:
    """Note the change; a confirmed one is approved anew where that is wanted."""
    before = registration.status
    if actor is None and before == RegistrationStatus.CONFIRMED:
        to = status_with_seat(registration.desk, registration.invitation)
        if to != before:
            move(registration, to, by=RegistrationLog.By.VISITOR, action="changed")
            return
    registration.save(update_fields=["waiting_since"])
    by = RegistrationLog.By.VISITOR if actor is None else RegistrationLog.By.ORGANISER
    write_log(registration, before, by=by, actor=actor, action="changed")
