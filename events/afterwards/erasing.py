"""Erasing what is personal in registrations (PIPL articles 19, 47); what can be counted stays."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from events.models import FormField, Meeting, Registration, RegistrationLog
from events.retention import last_day
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
SYSTEM = RegistrationLog.By.SYSTEM


def erase(registration: Registration, *, by: str = SYSTEM, actor=None) -> Registration:
    """Take out of a registration whatever tells who it is; calling it again changes nothing.

    Its state, seats, attendance, source and days stay, also answers that are nobody's personal data, and
    the receipts of consents. What belongs to it goes the same way: companions, the profile and notes of
    meetings, mails. A lead made of it has a time of its own and is let go.
    """
    with transaction.atomic():
        fresh = Registration.objects.select_for_update(of=("self",), no_key=True).get(
            pk=registration.pk
        )
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
    # Their own words also stand in what they took back or turned down.
    participant.asked.update(message="", answer="")
    participant.asked_by.update(message="", answer="")
    Meeting.objects.filter(sides__participant=participant).update(cancel_reason="")
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
        fresh = Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
        left = {key: answer for key, answer in fresh.answers.items() if key not in keys}
        if left == fresh.answers:
            return 0
        fresh.answers = left
        fresh.save(update_fields=["answers", "updated_at"])
    return 1
