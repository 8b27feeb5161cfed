"""Erasing what is personal in registrations (PIPL articles 15, 19, 47); what can be counted stays."""

import contextlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from crm.errors import ConsentAlreadyWithdrawnError
from crm.models import LEAD_KINDS, ConsentKind
from crm.services import withdraw_consent as withdraw_from_lead
from events.errors import MoveError
from events.models import FormField, Registration, RegistrationLog
from events.retention import last_day
from events.services import cancel
from events.services.moves import write_log

TEXTS = (
    "name",
    "organisation_name",
    "position",
    "phone_typed",
    "phone",
    "email",
    "identity",
    "intent",
    "note",
)
SYSTEM, VISITOR = RegistrationLog.By.SYSTEM, RegistrationLog.By.VISITOR


def erase(registration: Registration, *, by: str = SYSTEM, actor=None) -> Registration:
    """Take out of a registration whatever tells who it is; calling it again changes nothing.

    Its state, seats, attendance, source and days stay, also answers that are nobody's personal data, and
    the receipts of consents. What belongs to it goes the same way: companions, the profile and notes of
    meetings, mails. A lead made of it has a time of its own and is let go.
    """
    with transaction.atomic():
        fresh = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
        if fresh.is_anonymised:
            return fresh
        for name in TEXTS:
            setattr(fresh, name, "")
        fresh.answers = _without(fresh.answers, fresh.desk.fields.filter(is_personal=True))
        fresh.contact = fresh.organisation = fresh.lead = None
        fresh.anonymised_at = timezone.now()
        fresh.save()
        fresh.attendees.update(name="", organisation_name="")
        fresh.log.update(note="")
        # Their data may name somebody, and a mail server's answer an address.
        fresh.mails.ended().update(data={}, last_error="")
        fresh.mails.filter(status="pending").delete()
        _erase_participant(fresh)
        write_log(fresh, fresh.status, by=by, actor=actor, action="anonymised")
    return fresh


def _without(answers: dict, fields) -> dict:
    gone = set(fields.values_list("key", flat=True))
    return {key: answer for key, answer in answers.items() if key not in gone}


def _erase_participant(registration: Registration) -> None:
    participant = getattr(registration, "participant", None)
    if participant is None:
        return
    participant.offers = participant.seeks = ""
    participant.is_listed = False
    participant.save(update_fields=["offers", "seeks", "is_listed"])
    participant.asked.update(message="")
    participant.asked_by.update(answer="")
    participant.meeting_sides.update(note="")


def purge_expired() -> int:
    """Erase every registration past its day; returns how many there were."""
    found = Registration.objects.expired().select_related("desk")
    for registration in found:
        erase(registration)
    return len(found)


def purge_answers() -> int:
    """Take out answers whose question is kept for a shorter time than the registration; how many rows."""
    today = timezone.localdate()
    changed = 0
    fields = FormField.objects.exclude(keep_days=None).select_related("desk__page")
    due: dict[int, set[str]] = {}
    for field in fields:
        if last_day(field.desk) + timedelta(days=field.keep_days) < today:
            due.setdefault(field.desk_id, set()).add(field.key)
    for desk_id, keys in due.items():
        kept = Registration.objects.filter(
            desk=desk_id, anonymised_at=None, answers__has_any_keys=sorted(keys)
        )
        for pk in kept.values_list("pk", flat=True):
            changed += _take_out(pk, keys)
    return changed


def _take_out(pk: int, keys: set[str]) -> int:
    with transaction.atomic():
        fresh = Registration.objects.select_for_update(of=("self",)).get(pk=pk)
        left = {key: answer for key, answer in fresh.answers.items() if key not in keys}
        if left == fresh.answers:
            return 0
        fresh.answers = left
        fresh.save(update_fields=["answers", "updated_at"])
    return 1


def withdraw_consent(registration: Registration, kind: str) -> None:
    """Withdraw one consent of a registration at the visitor's wish.

    Without that to taking part the registration is cancelled and erased at once; without that to being
    shown the profile is hidden; without that to being contacted the lead is erased, too.

    Raises ConsentAlreadyWithdrawnError, also when the consent was never given.
    """
    with transaction.atomic():
        consents = registration.consents.active().select_for_update()
        chosen = consents if kind == ConsentKind.EVENT else consents.filter(kind=kind)
        if not any(consent.kind == kind for consent in chosen):
            raise ConsentAlreadyWithdrawnError
        if kind == ConsentKind.EVENT:
            _cancel(registration)  # holds the desk before the registration, as everybody does
        chosen.update(withdrawn_at=timezone.now())
        write_log(registration, registration.status, by=VISITOR, action=f"withdrew {kind}"[:20])
        if kind in (ConsentKind.EVENT, ConsentKind.MEETING):
            _hide(registration)
        if kind in (ConsentKind.EVENT, ConsentKind.EVENT_LEAD):
            _let_lead_go(registration)
        if kind == ConsentKind.EVENT:
            erase(registration, by=VISITOR)


def _hide(registration: Registration) -> None:
    participant = getattr(registration, "participant", None)
    if participant is not None and participant.is_listed:
        participant.is_listed = False
        participant.save(update_fields=["is_listed"])


def _let_lead_go(registration: Registration) -> None:
    fresh = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    lead, fresh.lead, fresh.wants_contact = fresh.lead, None, False
    fresh.save(update_fields=["lead", "wants_contact", "updated_at"])
    if lead is not None:
        for kind in LEAD_KINDS:
            if lead.consents.active().filter(kind=kind).exists():
                withdraw_from_lead(lead=lead, kind=kind)


def _cancel(registration: Registration) -> None:
    """Free the seats. Over or ended, there are none to free."""
    if not registration.is_active or registration.desk.page.starts_at <= timezone.now():
        return
    with contextlib.suppress(MoveError):  # somebody ended it at this moment
        cancel(registration, notify=False)
