"""Consents after the form: given later, or withdrawn, as easily as they were given (PIPL article 15)."""

import contextlib
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from crm.errors import ConsentAlreadyWithdrawnError
from crm.models import ConsentKind, Lead, text_hash
from crm.services import GivenConsent, withdraw_consent
from events import services
from events.errors import EventError
from events.models import EventConsent, Registration, RegistrationLog
from events.services.moves import write_log

VISITOR = RegistrationLog.By.VISITOR


def give(registration: Registration, consents: Sequence[GivenConsent]) -> None:
    """Store consents given after the registration.

    One that was withdrawn before is given anew in its own row; the log keeps when it came and went.
    """
    now = timezone.now()
    with transaction.atomic():
        for given in consents:
            EventConsent.objects.update_or_create(
                registration=registration,
                kind=given.text.kind,
                defaults={
                    "text": given.text,
                    "shown_text": given.shown_text,
                    "shown_text_hash": text_hash(given.shown_text),
                    "given_at": now,
                    "withdrawn_at": None,
                    "source_url": given.source_url[:500],
                    "method": EventConsent.Method.FORM,
                },
            )
            _log(registration, "consent_given", given.text.kind)


def withdraw(registration: Registration, kind: str) -> bool:
    """Withdraw one consent at the visitor's wish; False when there was none in force.

    Without that to taking part the registration is cancelled, if there is still time for it, and its
    personal data is erased. Without that to meetings one is shown to nobody and meets nobody any more.
    Without that to being contacted the lead that rests on it is closed and erased.
    """
    if not registration.consents.active().filter(kind=kind).exists():
        return False
    if kind == ConsentKind.EVENT_LEAD:
        _end_contact(registration)
        return True
    _leave_meetings(registration)
    if kind == ConsentKind.MEETING:
        return True
    # Each of these is a transaction of its own: they hold different things in different orders.
    with contextlib.suppress(EventError):  # it has ended, or the event has begun: only erase
        services.cancel(registration, notify=False)
    _mark(registration, ConsentKind.EVENT)
    from events.afterwards.erasing import erase  # that room knows this one

    erase(registration)
    return True


def _end_contact(registration: Registration) -> None:
    from events.matchmaking.crm_record import lead_key  # that room knows this one

    with transaction.atomic():
        _mark(registration, ConsentKind.EVENT_LEAD)
        Registration.objects.filter(pk=registration.pk).update(wants_contact=False, intent="")
    # By its key, because an erased registration does not point at its lead any more.
    lead = Lead.objects.filter(submission_key=lead_key(registration)).first()
    if lead is not None:
        with contextlib.suppress(ConsentAlreadyWithdrawnError):  # by the lead's own link
            withdraw_consent(lead=lead, kind=ConsentKind.EVENT_LEAD)


def _leave_meetings(registration: Registration) -> None:
    from events.matchmaking.joining import leave  # that room knows this one

    leave(registration)
    _mark(registration, ConsentKind.MEETING)


def _mark(registration: Registration, kind: str) -> None:
    receipts = registration.consents.active().filter(kind=kind)
    with transaction.atomic():
        if receipts.update(withdrawn_at=timezone.now()):
            _log(registration, "consent_ended", kind)


def _log(registration: Registration, action: str, kind: str) -> None:
    write_log(registration, registration.status, by=VISITOR, action=action, note=kind)
