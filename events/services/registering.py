"""Registering for an event. Deadline, duplicate and seats are decided in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from base import together
from crm.models import ConsentKind
from crm.reference import new_reference
from crm.services import Count, GivenConsent
from events.choices import RegistrationStatus, Source
from events.errors import (
    ConsentMissingError,
    ContactMissingError,
    EventError,
    InvitationError,
    SoldOutError,
    TooManyError,
    WaitingListFullError,
)
from events.models import (
    Registration,
    RegistrationDesk,
    SeatPool,
)
from events.retention import keep_until
from events.services.choosing import (
    attendance_of,
    check_open,
    chosen_pools,
    find_invitation,
    status_with_seat,
)
from events.services.guests import Guest, find_earlier, is_known_by_phone, write_guest
from events.services.rows import news_of, rows_of
from events.services.seats import (
    Seats,
    ShortError,
    lacking,
    lock,
    takes,
    using_code,
)

REFERENCE_TRIES, SEAT_TRIES = 8, 3


@dataclass(frozen=True)
class Booking:
    """`is_new` is False when the same form had been stored before; `registration` is then that one."""

    registration: Registration
    is_new: bool


@dataclass(frozen=True)
class _Order:
    """What one call of `register` is to store, and how."""

    desk: RegistrationDesk
    guest: Guest
    pools: list[SeatPool]
    goal: str  # the state with a seat
    consents: Sequence[GivenConsent]
    actor: object
    notify: bool
    past_queue: bool
    count: Count | None

    @property
    def pool_ids(self) -> list[int]:
        return [pool.pk for pool in self.pools]

    def rows(self, registration: Registration) -> list[list[Model]]:
        return rows_of(registration, self.pools, self.guest.persons, self.consents)

    def news(self, registration: Registration) -> list[list[Model]]:
        return news_of(registration, self.actor, notify=self.notify)

    def lacking(self, pools: Sequence[SeatPool]) -> list[SeatPool]:
        return lacking(pools, self.guest.party, past_queue=self.past_queue)

    def must_queue(self, pools: Sequence[SeatPool]) -> bool:
        """Whether somebody waits who wants one of them: then a seat is taken under the lock only."""
        return not self.past_queue and any(pool.has_queue for pool in pools)


def _answered_alike(register: Callable[..., Booking]) -> Callable[..., Booking]:
    """The same form sent again is answered as the first time, whatever is closed or full by now."""

    @wraps(register)
    def register_once(*, submission_key: str | None = None, **what) -> Booking:
        try:
            return register(submission_key=submission_key, **what)
        except EventError:
            known = Registration.objects.filter(submission_key=submission_key)
            earlier = known.first() if submission_key else None
            if earlier is None:
                raise
            return Booking(earlier, is_new=False)

    return register_once


@_answered_alike
def register(
    *,
    desk: RegistrationDesk,
    guest: Guest,
    pools: Iterable[SeatPool] = (),
    code: str = "",
    consents: Sequence[GivenConsent] = (),
    language: str = settings.LANGUAGE_CODE,
    source: str = Source.SITE,
    submission_key: str | None = None,
    by_organiser=None,
    may_wait: bool = True,
    is_sample: bool = False,
    notify: bool = True,
    count: Count | None = None,
) -> Booking:
    """Register a guest: confirmed, pending where approval is wanted, or on the waiting list.

    pools: what was chosen (a kind of attendance, sessions); the pool of the whole event joins by itself.
    by_organiser: the officer who enters it; then neither deadline, invitation nor approval is asked,
    and the consent may have been given on paper. The same holds at a door (`Source.WALK_IN`), which may be
    nobody's account and where a person needs no address. Seats are always asked.
    may_wait: False refuses instead of putting anybody on the waiting list. Once the event has begun
    nobody waits, and what is free may be had.
    count: counts the form for its address, in the same transaction.

    Raises NotOpenError (NotOpenYetError, DeadlineOverError), InvitationError, TooManyError, ChoiceError,
    ContactMissingError, ConsentMissingError, AlreadyRegisteredError, SoldOutError (WaitingListFullError),
    ValidationError for a telephone number that can't be read, and what `count` raises.
    """
    by_staff = by_organiser is not None or source == Source.WALK_IN
    if not by_staff:
        check_open(desk)
    if source != Source.WALK_IN and not guest.email and not guest.phone:
        raise ContactMissingError
    _check_guest(desk, guest, consents, is_sample)
    chosen = chosen_pools(desk, pools)
    invitation = None
    if not by_staff or code:
        invitation = find_invitation(desk, chosen, code)
    registration = Registration(
        desk=desk,
        invitation=invitation,
        language=language,
        source=source,
        submission_key=submission_key,
        is_sample=is_sample,
        attendance=attendance_of(chosen),
        keep_until=keep_until(desk),
    )
    write_guest(registration, guest)
    goal = RegistrationStatus.CONFIRMED
    if not by_staff:
        goal = status_with_seat(desk, invitation)
    begun = timezone.now() >= desk.page.starts_at
    order = _Order(
        desk=desk,
        guest=guest,
        pools=chosen,
        goal=goal,
        consents=consents,
        actor=by_organiser,
        notify=notify,
        past_queue=begun,
        count=count,
    )
    return _book(registration, order, may_wait=may_wait and not begun)


def _check_guest(desk: RegistrationDesk, guest: Guest, consents, is_sample: bool) -> None:
    if not is_sample and ConsentKind.EVENT not in {given.text.kind for given in consents}:
        raise ConsentMissingError
    if len(guest.companions) > desk.companions_max:
        raise TooManyError


def _book(registration: Registration, order: _Order, *, may_wait: bool) -> Booking:
    """A seat where one is free; else a place on the waiting list, where there is one."""
    pools = order.pools
    # The keys of the table find everybody again but those who are known by their telephone alone.
    if is_known_by_phone(registration) or order.lacking(pools):
        earlier = find_earlier(registration)
        if earlier is not None:
            return Booking(earlier, is_new=False)
    for _ in range(SEAT_TRIES):
        if order.lacking(pools) or order.must_queue(pools):
            break
        try:
            booking = _store(registration, lambda: _take_seat(registration, order))
            if booking.is_new and order.count:
                order.count.stands()
            return booking
        except ShortError:  # somebody was faster
            pools = list(SeatPool.objects.filter(pk__in=order.pool_ids))
    # Most who come too late get their answer here: nothing is written, nothing is locked.
    short, desk = order.lacking(pools), order.desk
    may_wait = may_wait and desk.has_waiting_list
    if short and not may_wait:
        raise SoldOutError(short)
    if short and _is_full(desk):
        raise WaitingListFullError(short)
    if order.count:
        order.count.now()
    return _store(registration, lambda: _wait_or_seat(registration, order, may_wait=may_wait))


def _store(registration: Registration, write: Callable[[], None]) -> Booking:
    """Write in one transaction under a free reference.

    Raises AlreadyRegisteredError when the same person was registered at this very moment, and what
    `write` raises, with nothing stored.
    """
    registration.created_at = timezone.now()
    for _ in range(REFERENCE_TRIES):
        registration.reference = new_reference(registration.created_at)
        try:
            with transaction.atomic():
                write()
        except IntegrityError:
            registration.pk = None
            earlier = find_earlier(registration)
            if earlier is not None:
                return Booking(earlier, is_new=False)
        except BaseException:
            registration.pk = None
            raise
        else:
            return Booking(registration, is_new=True)
    raise RuntimeError("No free reference was found; the day's references must be running out.")


def _take_seat(registration: Registration, order: _Order) -> None:
    """Insert everything and take the seats last: others who want them wait for a moment only."""
    _set_status(registration, order.goal)
    parts = [*order.rows(registration), *order.news(registration)]
    counting = order.count.statements if order.count else []
    taking = takes(order.pool_ids, registration.party, past_queue=order.past_queue)
    results = _insert(registration, parts, [*counting, *taking])
    if counting:
        order.count.read(results[:1])
    if not all(results[len(counting) :]):
        raise ShortError


def _wait_or_seat(registration: Registration, order: _Order, *, may_wait: bool) -> None:
    """Under the lock of the desk: a seat that nobody before needs, or a place on the waiting list."""
    desk = lock(order.desk)
    is_full = _is_full(desk)
    registration.waiting_since = timezone.now()
    _set_status(registration, RegistrationStatus.WAITING)
    _insert(registration, order.rows(registration))
    seats = Seats(desk)
    pools = [seats.pools[pool_id] for pool_id in order.pool_ids]
    short = order.lacking(pools)
    if short:
        if not (may_wait and desk.has_waiting_list):
            raise SoldOutError(short)
        if is_full:
            raise WaitingListFullError(short)
    else:
        seats.shift(order.pool_ids, registration.party)
        registration.waiting_since = None
        _set_status(registration, order.goal)
        registration.save(update_fields=["status", "waiting_since", "confirmed_at"])
    together.run(together.inserts(*order.news(registration), whole=registration))
    seats.offer()


def _is_full(desk: RegistrationDesk) -> bool:
    return desk.waiting_max is not None and desk.registrations.waiting().count() >= desk.waiting_max


def _set_status(registration: Registration, status: str) -> None:
    registration.status = status
    confirmed = status == RegistrationStatus.CONFIRMED
    registration.confirmed_at = registration.created_at if confirmed else None


def _insert(
    registration: Registration,
    parts: list[list[Model]],
    then: Sequence[together.Statement] = (),
) -> list[together.Result]:
    """The row with its parts, the invitation is used, then the rest; returns the results of that."""
    using = [using_code(registration.invitation)] if registration.invitation else []
    results = together.insert_whole(registration, parts, [*using, *then])
    if not all(results[: len(using)]):
        raise InvitationError
    return results[len(using) :]
