"""Withdrawing consent and erasing personal data (PIPL articles 15 and 47), keeping only what can be counted."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.errors import ConsentAlreadyWithdrawnError
from crm.models import LEAD_KINDS, Activity, Consent, Contact, Delivery, Lead, Organisation
from crm.services.outbox import enqueue_on_commit

PERSONAL_FIELDS = (
    "name",
    "organisation_name",
    "organisation_key",
    "phone_typed",
    "phone",
    "email",
    "email_key",
    "site_need",
    "message",
    "attached",
)


def withdraw_consent(*, lead: Lead, kind: str) -> Consent:
    """Withdraw one consent of a lead at the visitor's wish.

    Without the consent that the lead rests on the personal data is erased at once and the lead closed;
    without the one to sharing only the passing on stops. The staff is told without naming anyone.

    Raises ConsentAlreadyWithdrawnError, also when the consent was never given.
    """
    with transaction.atomic():
        lead = Lead.objects.select_for_update().get(pk=lead.pk)
        consent = lead.consents.active().select_for_update().filter(kind=kind).first()
        if consent is None:
            raise ConsentAlreadyWithdrawnError
        now = timezone.now()
        consents = lead.consents.active()
        if kind not in LEAD_KINDS:
            consents = consents.filter(kind=kind)
        consents.update(withdrawn_at=now)
        consent.withdrawn_at = now
        Activity.objects.create(
            lead=lead,
            organisation_id=lead.organisation_id,
            kind=Activity.Kind.CONSENT_WITHDRAWN,
            data={"consent": kind},
        )
        if kind in LEAD_KINDS:
            _erase(lead)
        _tell_staff(lead)
    return consent


def anonymise_lead(*, lead: Lead, actor=None) -> Lead:
    """Erase the personal data of a lead; stage, industry, region, scale and dates stay for counting.

    Calling it again changes nothing.
    """
    with transaction.atomic():
        lead = Lead.objects.select_for_update().get(pk=lead.pk)
        if not lead.is_anonymised:
            _erase(lead, actor=actor)
    return lead


def purge_expired() -> int:
    """Anonymise every lead past its day; return how many there were."""
    count = 0
    for lead in Lead.objects.expired().only("pk"):
        anonymise_lead(lead=lead)
        count += 1
    return count


def remove_sample_leads() -> int:
    """Take away all sample leads with their contacts and organisations; return their number."""
    with transaction.atomic():
        leads = Lead.objects.samples()
        contacts = set(leads.exclude(contact=None).values_list("contact_id", flat=True))
        organisations = set(
            leads.exclude(organisation=None).values_list("organisation_id", flat=True)
        )
        count = leads.count()
        leads.delete()
        _drop_orphans(contacts, organisations)
    return count


def _erase(lead: Lead, *, actor=None) -> None:
    contacts = {lead.contact_id} - {None}
    organisations = {lead.organisation_id} - {None}
    for field in PERSONAL_FIELDS:
        setattr(lead, field, "")
    before, lead.stage = lead.stage, Lead.Stage.CLOSED
    lead.contact = lead.organisation = None
    lead.anonymised_at = timezone.now()
    lead.save()
    # Notes and reasons may name people; who did what when stays.
    lead.activities.update(text="", organisation=None)
    lead.deliveries.filter(
        status__in=[Delivery.Status.PENDING, Delivery.Status.SENDING, Delivery.Status.FAILED]
    ).update(status=Delivery.Status.CANCELLED)
    lead.deliveries.update(last_error="")  # a mail server's answer may quote an address
    Activity.objects.create(
        lead=lead, kind=Activity.Kind.ANONYMISED, actor=actor, data={"stage": before}
    )
    _drop_orphans(contacts, organisations)


def _drop_orphans(contacts: set[int], organisations: set[int]) -> None:
    """Delete contacts and organisations to which no lead refers any more."""
    Contact.objects.filter(pk__in=contacts, leads=None).delete()
    Organisation.objects.filter(pk__in=organisations, leads=None, contacts=None).delete()


def _tell_staff(lead: Lead) -> None:
    if not settings.LEAD_NOTIFY_EMAILS and lead.owner_id is None:
        return
    delivery = Delivery.objects.create(
        lead=lead, kind=Delivery.Kind.MAIL, purpose=Delivery.Purpose.WITHDRAWN
    )
    enqueue_on_commit([delivery.pk])
