"""What persons say about themselves, and how the same person is known again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from crm.phone import normalise_phone
from events.choices import ACTIVE
from events.errors import AlreadyRegisteredError
from events.models import Registration

# A mobile telephone is one person's; the telephone of an office may be that of many.
MOBILE = re.compile(r"\+861[3-9]\d{9}")


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

    @property
    def persons(self) -> list[Person]:
        """Everybody who needs a ticket, the guest first."""
        return [Person(self.name, self.organisation_name), *self.companions]


WRITTEN = (
    "name",
    "organisation_name",
    "position",
    "email",
    "answers",
    "wants_contact",
    "intent",
    "party",
)


def write_guest(registration: Registration, guest: Guest) -> None:
    """Put what a guest says into the row, which is not saved. Raises ValidationError for a bad number."""
    for name in WRITTEN:
        setattr(registration, name, getattr(guest, name))
    registration.phone_typed = guest.phone
    registration.phone = normalise_phone(guest.phone) if guest.phone else ""
    registration.identity = identity_of(guest.email, registration.phone)


def identity_of(email: str, phone: str) -> str:
    """What makes two registrations the same person's."""
    return email.casefold() or phone


def is_known_by_phone(registration: Registration) -> bool:
    return bool(MOBILE.fullmatch(registration.phone))


def same_person(registration: Registration) -> Q:
    """Which registrations of a desk are this person's: the same address, or a mobile number alone.

    Two who give two addresses are two, whatever their telephones.
    """
    same = Q(identity=registration.identity)
    if is_known_by_phone(registration):
        same |= Q(phone=registration.phone, **({"email": ""} if registration.email else {}))
    return Q(desk=registration.desk_id, status__in=ACTIVE) & same


def find_earlier(registration: Registration) -> Registration | None:
    """The registration of this very form, if it was stored before.

    Raises AlreadyRegisteredError when the person is registered by another form.
    """
    known = same_person(registration)
    if registration.submission_key:
        known |= Q(submission_key=registration.submission_key)
    found = list(Registration.objects.filter(known).exclude(pk=registration.pk))
    for earlier in found:
        if earlier.submission_key and earlier.submission_key == registration.submission_key:
            return earlier
    if found:
        raise AlreadyRegisteredError(found[0])
    return None
