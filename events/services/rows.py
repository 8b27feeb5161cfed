"""The rows that are written with a new registration, to be inserted together."""

from collections.abc import Iterable

from django.db.models import Model

from crm.models import text_hash
from crm.services import GivenConsent
from events.choices import RegistrationStatus
from events.models import (
    Attendee,
    EventConsent,
    EventMail,
    Registration,
    RegistrationLog,
    SeatPool,
)
from events.outbox import new_mail
from events.services.guests import Person
from events.services.moves import new_log

MAILS = {
    RegistrationStatus.CONFIRMED: EventMail.Purpose.CONFIRMED,
    RegistrationStatus.PENDING: EventMail.Purpose.RECEIVED,
    RegistrationStatus.WAITING: EventMail.Purpose.WAITING,
}


def rows_of(
    registration: Registration,
    pools: Iterable[SeatPool],
    persons: Iterable[Person],
    consents: Iterable[GivenConsent],
) -> list[list[Model]]:
    """Where it has its seats, a ticket for each person, the receipts of what was agreed to.

    The registration need not be stored yet: see `together.insert_whole`.
    """
    seats = Registration.pools.through
    tickets = [
        Attendee(
            registration=registration,
            position=position,
            name=person.name,
            organisation_name=person.organisation_name,
        )
        for position, person in enumerate(persons)
    ]
    return [
        [seats(registration=registration, seatpool_id=pool.pk) for pool in pools],
        tickets,
        [_receipt(registration, given) for given in consents],
    ]


def _receipt(registration: Registration, given: GivenConsent) -> EventConsent:
    return EventConsent(
        registration=registration,
        kind=given.text.kind,
        text=given.text,
        shown_text=given.shown_text,
        shown_text_hash=text_hash(given.shown_text),
        given_at=registration.created_at,
        source_url=given.source_url[:500],
    )


def news_of(registration: Registration, actor, *, notify: bool) -> list[list[Model]]:
    """The first line of the log, and the mail."""
    by = RegistrationLog.By.VISITOR if actor is None else RegistrationLog.By.ORGANISER
    log = new_log(registration, by=by, actor=actor, action="registered")
    mail = new_mail(registration, MAILS[registration.status]) if notify else None
    return [[log], [mail] if mail else []]
