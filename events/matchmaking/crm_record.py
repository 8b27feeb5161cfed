"""What the CRM hears of a meeting: a line in the history of an organisation, a lead where that was agreed to."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from base.chains import Chain
from crm.models import Activity, ConsentKind, Lead, Organisation
from crm.models.organisation import name_key
from crm.services import GivenConsent, capture_lead
from events.choices import Outcome
from events.models import Meeting, MeetingSide, Registration

# Something is to follow from these. The others are noted where somebody is known, and make no lead.
LEADS_ON = (Outcome.AGREED, Outcome.FOLLOW_UP, Outcome.SITE_VISIT, Outcome.MATERIAL)
LONGEST_MESSAGE = 3000


def record_meeting(
    meeting: Meeting,
    side: MeetingSide,
    sides: list[MeetingSide],
    *,
    is_first: bool,
    is_change: bool,
) -> None:
    """Write what a side said into the histories it belongs to. The caller holds meeting and registrations.

    The other side's history gets the outcome with the first word anybody says, because the meeting
    then took place for both; it never gets the note.
    """
    _record(meeting, side, outcome=side.outcome, note=side.note, is_change=is_change)
    if is_first:
        for other in sides:
            if other.pk != side.pk:
                _record(meeting, other, outcome=side.outcome, by_other=True)


def _record(
    meeting: Meeting,
    side: MeetingSide,
    *,
    outcome: str,
    note: str = "",
    is_change: bool = False,
    by_other: bool = False,
) -> None:
    registration = side.participant.registration
    with translation.override(settings.LANGUAGE_CODE):
        text = _text(meeting, outcome, by_other=by_other)
    lead, is_new = _lead_of(meeting, registration, side, outcome, text, note)
    organisation = lead.organisation if lead else _organisation_of(registration)
    if lead is None and organisation is None:
        return
    Activity.objects.create(
        lead=lead,
        organisation=organisation,
        kind=Activity.Kind.MEETING,
        # A note is personal: it stands where the erasure of the lead finds it, or nowhere. What a new
        # lead says already is not said twice.
        text="\n".join([text, *([note] if note and lead and not is_new else [])]),
        data={
            "meeting": meeting.pk,
            "outcome": outcome,
            "by_other": by_other,
            "is_change": is_change,
        },
    )


def _text(meeting: Meeting, outcome: str, *, by_other: bool) -> str:
    data = {"event": meeting.round.desk.page.title, "outcome": Outcome(outcome).label}
    if by_other:
        return gettext("One-to-one meeting at “%(event)s”; the other side says: %(outcome)s") % data
    return gettext("One-to-one meeting at “%(event)s”: %(outcome)s") % data


def _lead_of(
    meeting: Meeting,
    registration: Registration,
    side: MeetingSide,
    outcome: str,
    text: str,
    note: str,
) -> tuple[Lead | None, bool]:
    """The lead of a registration and whether it was made now; None without a consent that holds."""
    receipt = registration.consents.active().filter(kind=ConsentKind.EVENT_LEAD).first()
    if receipt is None or registration.is_anonymised:
        return None, False
    lead = registration.lead
    if lead is not None:
        return (None if lead.is_anonymised else lead), False
    if outcome not in LEADS_ON:
        return None, False
    captured = capture_lead(
        name=registration.name,
        organisation_name=registration.organisation_name,
        phone=registration.phone_typed or registration.phone,
        email=registration.email,
        chain=_chain(side),
        message=_message(text, note, registration),
        language=registration.language,
        source_page=meeting.round.desk.page,
        consents=[GivenConsent(receipt.text, receipt.shown_text, receipt.source_url)],
        submission_key=lead_key(registration),
        is_sample=registration.is_sample,
        notify=not registration.is_sample,
    )
    registration.lead = captured.lead
    registration.save(update_fields=["lead", "updated_at"])
    return captured.lead, captured.is_new


def lead_key(registration: Registration) -> str:
    """One lead for a registration, whatever makes it."""
    return f"event-registration-{registration.public_id.hex}"


def _message(text: str, note: str, registration: Registration) -> str:
    parts = [part for part in (text, note, registration.intent) if part]
    return "\n\n".join(parts)[:LONGEST_MESSAGE]


def _chain(side: MeetingSide) -> str:
    """A lead names one industry; of several nobody knows which is meant."""
    known = [chain for chain in side.participant.chains if chain in Chain.values]
    return known[0] if len(known) == 1 else ""


def _organisation_of(registration: Registration) -> Organisation | None:
    """The organisation that a registration surely belongs to: linked already, or the only one so called."""
    if registration.organisation_id or registration.is_sample:
        return registration.organisation
    key = name_key(registration.organisation_name)
    same = list(Organisation.objects.filter(name_key=key)[:2]) if key else []
    return same[0] if len(same) == 1 else None
