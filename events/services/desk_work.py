"""What the organiser does with single registrations, beside the moves of `changing`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from crm.models.consent import ConsentReceipt
from crm.services import GivenConsent
from events.choices import ACTIVE, RegistrationStatus, Source
from events.desk_errors import (
    ErasedError,
    MailNowhereError,
    MailOnItsWayError,
    MailOutdatedError,
)
from events.errors import EventError
from events.models import EventMail, Registration, RegistrationDesk, RegistrationLog, SeatPool
from events.outbox import queue_mail
from events.services import Guest, approve, held, register
from events.services.desks import require
from events.services.moves import write_log

ORGANISER = RegistrationLog.By.ORGANISER
Purpose = EventMail.Purpose
# In which states it is still true what a mail says, so that it may be sent once more.
STILL_TRUE = {
    Purpose.RECEIVED: (RegistrationStatus.PENDING,),
    Purpose.CONFIRMED: (RegistrationStatus.CONFIRMED,),
    Purpose.WAITING: (RegistrationStatus.WAITING,),
    Purpose.OFFERED: (RegistrationStatus.OFFERED,),
    Purpose.EXPIRED: (RegistrationStatus.EXPIRED,),
    Purpose.REJECTED: (RegistrationStatus.REJECTED,),
    Purpose.CANCELLED: (RegistrationStatus.CANCELLED,),
    Purpose.CHANGED: ACTIVE,
    Purpose.KNOWN: ACTIVE,
    Purpose.REMINDER: (RegistrationStatus.CONFIRMED,),
    Purpose.EVENT_CHANGED: ACTIVE,
}


def set_note(*, registration: Registration, text: str, actor) -> Registration:
    """Write down what the organiser should know of a registration. Raises NotAllowedError, ErasedError."""
    require(actor, "work_registration")
    with held(registration) as fresh:
        if fresh.is_anonymised:
            raise ErasedError
        fresh.note = text.strip()
        fresh.save(update_fields=["note", "updated_at"])
        write_log(fresh, fresh.status, by=ORGANISER, actor=actor, action="noted")
    return fresh


def reveal(*, registration: Registration, actor) -> Registration:
    """Return the registration with its personal data readable; that it was looked at is in its log.

    Raises NotAllowedError, ErasedError.
    """
    require(actor, "work_registration")
    with transaction.atomic():
        fresh = Registration.objects.select_for_update(of=("self",), no_key=True).get(
            pk=registration.pk
        )
        if fresh.is_anonymised:
            raise ErasedError
        write_log(fresh, fresh.status, by=ORGANISER, actor=actor, action="revealed")
    return fresh


def may_resend(mail: EventMail, registration: Registration) -> bool:
    """Whether it can be sent once more, as far as its own row tells."""
    return (
        bool(registration.email)
        and registration.status in STILL_TRUE.get(mail.purpose, ())
        and mail.status not in (EventMail.Status.PENDING, EventMail.Status.SENDING)
    )


def resend(*, mail: EventMail, actor) -> EventMail:
    """Send a mail once more, to the address that the registration has now.

    Raises NotAllowedError, ErasedError, MailNowhereError, MailOutdatedError, and MailOnItsWayError
    while one of its kind waits to be sent.
    """
    require(actor, "work_registration")
    with held(mail.registration) as fresh:
        if fresh.is_anonymised:
            raise ErasedError
        if not fresh.email:
            raise MailNowhereError
        if fresh.status not in STILL_TRUE.get(mail.purpose, ()):
            raise MailOutdatedError
        waiting = (EventMail.Status.PENDING, EventMail.Status.SENDING)
        if fresh.mails.filter(purpose=mail.purpose, status__in=waiting).exists():
            raise MailOnItsWayError
        again = queue_mail(fresh, mail.purpose, **mail.data)
        write_log(fresh, fresh.status, by=ORGANISER, actor=actor, action="resent")
    return again


@dataclass
class Approved:
    """What became of approving several: those confirmed, and (registration, error) of the others."""

    done: list[Registration] = field(default_factory=list)
    failed: list[tuple[Registration, EventError]] = field(default_factory=list)


def approve_several(
    *, registrations: Iterable[Registration], actor, note: str = "", notify: bool = True
) -> Approved:
    """Approve each for itself: what somebody else has moved meanwhile does not hold up the others.

    Raises NotAllowedError.
    """
    require(actor, "work_registration")
    result = Approved()
    for registration in registrations:
        try:
            done = approve(registration, actor=actor, note=note, notify=notify)
        except EventError as error:
            result.failed.append((registration, error))
        else:
            result.done.append(done)
    return result


def enter_by_hand(
    *,
    desk: RegistrationDesk,
    guest: Guest,
    actor,
    pools: Iterable[SeatPool] = (),
    consents: Sequence[GivenConsent] = (),
    language: str,
    note: str = "",
    notify: bool = True,
) -> Registration:
    """Register somebody who called or wrote, with the consent given on paper.

    Raises NotAllowedError and what `register` raises; seats are asked as of everybody.
    """
    require(actor, "work_registration")
    with transaction.atomic():
        registration = register(
            desk=desk,
            guest=guest,
            pools=pools,
            consents=consents,
            language=language,
            source=Source.ORGANISER,
            by_organiser=actor,
            notify=notify,
        ).registration
        registration.consents.update(method=ConsentReceipt.Method.PAPER)
        if note.strip():
            Registration.objects.filter(pk=registration.pk).update(note=note.strip())
    return registration
