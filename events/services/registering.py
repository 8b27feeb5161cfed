"""Registering for an event. Deadline, duplicate and seats are decided in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.models import ConsentKind, text_hash
from crm.phone import normalise_phone
from crm.reference import new_reference
from crm.services import GivenConsent
from events.choices import ACTIVE, PoolKind, RegistrationStatus, Source
from events.errors import (
    AlreadyRegisteredError,
    ChoiceError,
    ConsentMissingError,
    ContactMissingError,
    DeadlineOverError,
    InvitationError,
    NotOpenError,
    NotOpenYetError,
    SoldOutError,
    TooManyError,
    WaitingListFullError,
)
from events.models import (
    Attendee,
    EventConsent,
    EventMail,
    InvitationCode,
    Registration,
    RegistrationDesk,
    SeatPool,
)
from events.outbox import queue_mail
from events.retention import keep_until
from events.services.moves import write_log
from events.services.seats import ShortError, lacking, lock, take, use_code

REFERENCE_TRIES = 8


@dataclass(frozen=True)
class Person:
    """Somebody who comes along."""

    name: str
    organisation_name: str = ""


@dataclass(frozen=True)
class Guest:
    """What a person says about themselves."""

    name: str
    organisation_name: str = ""
    position: str = ""
    phone: str = ""
    email: str = ""
    answers: dict = field(default_factory=dict)
    wants_contact: bool = False
    intent: str = ""
    companions: Sequence[Person] = ()

    @property
    def party(self) -> int:
        return 1 + len(self.companions)


@dataclass(frozen=True)
class Booking:
    """`is_new` is False when the same form had been stored before; `registration` is then that one."""

    registration: Registration
    is_new: bool


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
    is_sample: bool = False,
    notify: bool = True,
) -> Booking:
    """Register a guest: confirmed, pending where approval is wanted, or on the waiting list.

    pools: what was chosen (a kind of attendance, sessions); the pool of the whole event joins by itself.
    by_organiser: the officer who enters it; then neither deadline, invitation nor approval is asked,
    and the consent may have been given on paper. Seats are always asked.

    Raises NotOpenError (NotOpenYetError, DeadlineOverError), InvitationError, TooManyError, ChoiceError,
    ContactMissingError, ConsentMissingError, AlreadyRegisteredError, SoldOutError (WaitingListFullError),
    and ValidationError for a telephone number that can't be read.
    """
    if submission_key:
        earlier = Registration.objects.filter(submission_key=submission_key).first()
        if earlier is not None:
            return Booking(earlier, is_new=False)
    if by_organiser is None:
        check_open(desk)
    if not guest.email and not guest.phone:
        raise ContactMissingError
    if not is_sample and ConsentKind.EVENT not in {given.text.kind for given in consents}:
        raise ConsentMissingError
    if len(guest.companions) > desk.companions_max:
        raise TooManyError
    chosen = with_event_pool(desk, pools)
    check_pools(desk, chosen)
    invitation = None
    if by_organiser is None or code:
        invitation = find_invitation(desk, chosen, code)
    approved = (
        by_organiser is not None
        or not desk.needs_approval
        or (invitation is not None and invitation.skips_approval)
    )
    registration = _new(
        desk,
        guest,
        invitation=invitation,
        language=language,
        source=source,
        submission_key=submission_key,
        is_sample=is_sample,
        attendance=attendance_of(chosen),
    )
    refuse_duplicate(registration)
    goal = RegistrationStatus.CONFIRMED if approved else RegistrationStatus.PENDING
    rest = _Rest(guest, chosen, consents, by_organiser, notify)
    if not lacking(chosen, guest.party):
        try:
            return _store(registration, goal, rest)
        except ShortError:
            pass  # somebody was faster
    return _wait_or_seat(desk, registration, goal, rest)


@dataclass(frozen=True)
class _Rest:
    """What is written beside the registration itself."""

    guest: Guest
    pools: list[SeatPool]
    consents: Sequence[GivenConsent]
    actor: object
    notify: bool


def check_open(desk: RegistrationDesk) -> None:
    """Raises NotOpenError, NotOpenYetError or DeadlineOverError."""
    state = desk.state
    if desk.page.is_called_off or state == "closed":
        raise NotOpenError
    if state == "early":
        raise NotOpenYetError
    if state == "late":
        raise DeadlineOverError


def with_event_pool(desk: RegistrationDesk, pools: Iterable[SeatPool]) -> list[SeatPool]:
    """The pools that were chosen and that of the whole event, each once, in the order of their ids."""
    whole = desk.pools.filter(kind=PoolKind.EVENT)
    return sorted({pool.pk: pool for pool in [*whole, *pools]}.values(), key=lambda pool: pool.pk)


def check_pools(desk: RegistrationDesk, pools: Sequence[SeatPool]) -> None:
    """One kind of attendance where there are kinds, sessions that don't overlap. Raises ChoiceError."""
    if any(pool.desk_id != desk.pk or not pool.is_active for pool in pools):
        raise ChoiceError
    kinds = [pool for pool in pools if pool.kind == PoolKind.ATTENDANCE]
    offered = desk.pools.filter(kind=PoolKind.ATTENDANCE, is_active=True).exists()
    if len(kinds) != (1 if offered else 0):
        raise ChoiceError(field="attendance")
    sessions = sorted(
        (
            pool
            for pool in pools
            if pool.kind == PoolKind.SESSION and pool.starts_at and pool.ends_at
        ),
        key=lambda pool: pool.starts_at,
    )
    for earlier, later in zip(sessions, sessions[1:], strict=False):
        if later.starts_at < earlier.ends_at:
            raise ChoiceError(field="sessions")


def attendance_of(pools: Sequence[SeatPool]) -> str:
    for pool in pools:
        if pool.kind == PoolKind.ATTENDANCE and pool.attendance:
            return pool.attendance
    return Registration.Attendance.ONSITE


def find_invitation(
    desk: RegistrationDesk, pools: Sequence[SeatPool], code: str
) -> InvitationCode | None:
    """The invitation of a code; None where none is needed and none given. Raises InvitationError."""
    typed = code.strip().casefold()
    needed = desk.needs_invitation or any(pool.needs_invitation for pool in pools)
    if not typed:
        if needed:
            raise InvitationError
        return None
    now = timezone.now()
    for invitation in desk.codes.filter(is_active=True, code__iexact=typed):
        if invitation.used < invitation.uses_max and (
            invitation.expires_at is None or invitation.expires_at > now
        ):
            return invitation
    raise InvitationError


def refuse_duplicate(registration: Registration) -> None:
    """Raises AlreadyRegisteredError."""
    earlier = Registration.objects.filter(
        desk=registration.desk_id, identity=registration.identity, status__in=ACTIVE
    ).exclude(pk=registration.pk)
    found = earlier.first()
    if found is not None:
        raise AlreadyRegisteredError(found)


def _new(desk, guest: Guest, **fields) -> Registration:
    phone = normalise_phone(guest.phone) if guest.phone else ""
    return Registration(
        desk=desk,
        identity=identity_of(guest.email, phone),
        party=guest.party,
        name=guest.name,
        organisation_name=guest.organisation_name,
        position=guest.position,
        phone_typed=guest.phone,
        phone=phone,
        email=guest.email,
        answers=guest.answers,
        wants_contact=guest.wants_contact,
        intent=guest.intent,
        keep_until=keep_until(desk),
        **fields,
    )


def identity_of(email: str, phone: str) -> str:
    """What makes two registrations the same person's."""
    return email.casefold() or phone


def _store(registration: Registration, status: str, rest: _Rest) -> Booking:
    """Insert everything and take the seats last, so that the pools are held for a moment only.

    Raises ShortError with nothing stored, InvitationError, AlreadyRegisteredError.
    """
    registration.pk = None
    registration.status = status
    seated = status != RegistrationStatus.WAITING
    try:
        with transaction.atomic():
            earlier = _insert(registration)
            if earlier is not None:
                return Booking(earlier, is_new=False)
            _write_rest(registration, rest)
            if registration.invitation and not use_code(registration.invitation):
                raise InvitationError
            if seated:
                take([pool.pk for pool in rest.pools], registration.party)
    except ShortError:
        registration.pk = None
        raise
    return Booking(registration, is_new=True)


def _insert(registration: Registration) -> Registration | None:
    """Insert under a free reference; return the earlier registration if this form was stored before.

    Raises AlreadyRegisteredError when the same person was registered at this very moment.
    """
    now = timezone.now()
    registration.created_at = now
    if registration.status == RegistrationStatus.CONFIRMED:
        registration.confirmed_at = now
    for _ in range(REFERENCE_TRIES):
        registration.reference = new_reference(now)
        try:
            with transaction.atomic():
                registration.save(force_insert=True)
        except IntegrityError:
            if registration.submission_key:
                earlier = Registration.objects.filter(
                    submission_key=registration.submission_key
                ).first()
                if earlier is not None:
                    return earlier
            refuse_duplicate(registration)
            continue
        return None
    raise RuntimeError("No free reference was found; the day's references must be running out.")


def _write_rest(registration: Registration, rest: _Rest) -> None:
    registration.pools.add(*rest.pools)
    guest = rest.guest
    persons = [Person(guest.name, guest.organisation_name), *guest.companions]
    Attendee.objects.bulk_create(
        Attendee(
            registration=registration,
            position=position,
            name=person.name,
            organisation_name=person.organisation_name,
        )
        for position, person in enumerate(persons)
    )
    record_consents(registration, rest.consents)
    by = "visitor" if rest.actor is None else "organiser"
    write_log(registration, by=by, actor=rest.actor, action="registered")
    if rest.notify:
        queue_mail(registration, MAILS[registration.status])


MAILS = {
    RegistrationStatus.CONFIRMED: EventMail.Purpose.CONFIRMED,
    RegistrationStatus.PENDING: EventMail.Purpose.RECEIVED,
    RegistrationStatus.WAITING: EventMail.Purpose.WAITING,
}


def record_consents(registration: Registration, consents: Sequence[GivenConsent]) -> None:
    EventConsent.objects.bulk_create(
        EventConsent(
            registration=registration,
            kind=given.text.kind,
            text=given.text,
            shown_text=given.shown_text,
            shown_text_hash=text_hash(given.shown_text),
            given_at=registration.created_at,
            source_url=given.source_url[:500],
        )
        for given in consents
    )


def _wait_or_seat(
    desk: RegistrationDesk, registration: Registration, goal: str, rest: _Rest
) -> Booking:
    """Under the lock of the desk: a seat that came free meanwhile, or a place on the waiting list."""
    if not desk.has_waiting_list:
        raise SoldOutError(lacking(_fresh(rest.pools), registration.party))
    with transaction.atomic():
        locked = lock(desk)
        try:
            return _store(registration, goal, rest)
        except ShortError:
            pass
        if locked.waiting_max is not None and (
            locked.registrations.waiting().count() >= locked.waiting_max
        ):
            raise WaitingListFullError(rest.pools)
        registration.waiting_since = timezone.now()
        booking = _store(registration, RegistrationStatus.WAITING, rest)
        if booking.is_new:
            _mark_short(rest.pools, registration.party)
        return booking


def _fresh(pools: Sequence[SeatPool]) -> list[SeatPool]:
    return list(SeatPool.objects.filter(pk__in=[pool.pk for pool in pools]))


def _mark_short(pools: Sequence[SeatPool], number: int) -> None:
    """Nobody overtakes who waits now. The caller holds the desk."""
    short = lacking(_fresh(pools), number)
    SeatPool.objects.filter(pk__in=[pool.pk for pool in short]).update(is_short=True)
