"""What of an event becomes work in the CRM: a line in the history of an organisation, and a lead by consent."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.models import Activity, ConsentKind
from crm.services import GivenConsent, capture_lead
from events.choices import RegistrationStatus
from events.matchmaking.crm_record import lead_key
from events.models import Registration, RegistrationLog
from events.organisations import known_organisation
from events.services.moves import write_log

# Registrations of events that ended longer ago are left as they are.
LOOKED_BACK = timedelta(days=30)
AT_ONCE = 500
REGISTERED, CAME = "linked", "linked_came"
SYSTEM = RegistrationLog.By.SYSTEM


def link_registration(registration: Registration) -> Registration:
    """Write into the CRM what may be written of this registration, once each.

    Confirmed: a line on the organisation, if exactly one of that name is known; and, where the person wants
    to talk about investing and agreed to be contacted, a lead. Checked in: another line. Calling it again
    writes nothing new.
    """
    with transaction.atomic():
        fresh = (
            Registration.objects.select_for_update(of=("self",), no_key=True)
            .select_related("desk__page")
            .get(pk=registration.pk)
        )
        if fresh.status != RegistrationStatus.CONFIRMED or fresh.is_anonymised:
            return fresh
        _make_lead(fresh)
        _write_line(fresh, Activity.Kind.REGISTERED, REGISTERED)
        if fresh.attendees.exclude(entered_at=None).exists():
            _write_line(fresh, Activity.Kind.ATTENDED, CAME)
    return fresh


def link_due() -> int:
    """Link what was confirmed or checked in since; returns how many registrations were looked at."""
    since = timezone.now() - LOOKED_BACK
    confirmed = Registration.objects.confirmed().filter(
        anonymised_at=None, desk__page__starts_at__gte=since
    )
    fresh = confirmed.exclude(log__action=REGISTERED)
    came = confirmed.filter(attendees__entered_at__isnull=False).exclude(log__action=CAME)
    ids = {
        *fresh.values_list("pk", flat=True)[:AT_ONCE],
        *came.values_list("pk", flat=True)[:AT_ONCE],
    }
    for registration in Registration.objects.filter(pk__in=ids).order_by("pk"):
        link_registration(registration)
    return len(ids)


def _write_line(registration: Registration, kind: str, mark: str) -> None:
    """One line, remembered in the log of the registration whether there was an organisation or not."""
    if registration.log.filter(action=mark).exists():
        return
    write_log(registration, registration.status, by=SYSTEM, action=mark)
    organisation = known_organisation(registration)
    if organisation is not None and registration.organisation_id is None:
        registration.organisation = organisation
        registration.save(update_fields=["organisation", "updated_at"])
    if organisation is None and registration.lead is None:
        return
    page = registration.desk.page
    Activity.objects.create(
        lead=registration.lead,
        organisation=organisation,
        kind=kind,
        data={"event": page.title, "page": page.pk, "reference": registration.reference},
    )


def _make_lead(registration: Registration) -> None:
    if registration.lead_id or not registration.wants_contact:
        return
    consents = list(
        registration.consents.active().filter(kind=ConsentKind.EVENT_LEAD).select_related("text")
    )
    if not consents and not registration.is_sample:
        return
    page = registration.desk.page
    with translation.override(registration.language):
        heading = _("Registered for the event “%(event)s”.") % {"event": page.title}
    lead = capture_lead(
        name=registration.name,
        organisation_name=registration.organisation_name,
        phone=registration.phone_typed,
        email=registration.email,
        message=f"{heading}\n{registration.intent}".strip(),
        language=registration.language,
        source_page=page,
        consents=[
            GivenConsent(text=each.text, shown_text=each.shown_text, source_url=each.source_url)
            for each in consents
        ],
        submission_key=lead_key(registration),
        is_sample=registration.is_sample,
        notify=not registration.is_sample,
    ).lead
    registration.lead, registration.contact = lead, lead.contact
    registration.organisation = lead.organisation
    registration.save(update_fields=["lead", "contact", "organisation", "updated_at"])
