"""Storing an inquiry. The lead, its consents, its activity and what must be sent go in together."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from wagtail.models import Page

from crm.errors import ConsentMissingError, ContactMissingError, ScaleError
from crm.models import (
    LEAD_KINDS,
    Activity,
    Consent,
    ConsentText,
    Contact,
    Delivery,
    Lead,
    Organisation,
    text_hash,
)
from crm.models.organisation import name_key
from crm.phone import normalise_phone
from crm.reference import new_reference
from crm.retention import keep_until
from crm.services.outbox import enqueue_on_commit

logger = logging.getLogger(__name__)

REFERENCE_TRIES = 8


@dataclass(frozen=True)
class GivenConsent:
    """A ticked box: the text version and all that was shown with it, the handler's name filled in."""

    text: ConsentText
    shown_text: str
    source_url: str = ""


@dataclass(frozen=True)
class Capture:
    """`is_new` is False when the same form had been stored before; `lead` is then the first one."""

    lead: Lead
    is_new: bool


def capture_lead(
    *,
    name: str,
    organisation_name: str = "",
    phone: str = "",
    email: str = "",
    region: str = "",
    chain: str = "",
    scale_min: Decimal | None = None,
    scale_max: Decimal | None = None,
    currency: str = "CNY",
    site_need: str = "",
    message: str = "",
    attached: str = "",
    language: str = settings.LANGUAGE_CODE,
    source_page: Page | None = None,
    consents: Sequence[GivenConsent] = (),
    submission_key: str | None = None,
    received_at: datetime | None = None,
    is_sample: bool = False,
    notify: bool = True,
) -> Capture:
    """Store an inquiry first, then match it, then queue what must be sent.

    `phone` is kept as typed and in one normal form; `submission_key` makes a repeated call with the
    same key return the first lead. Samples stand for nobody and need no consent.

    Raises ContactMissingError, ConsentMissingError, ScaleError, and ValidationError for a telephone
    number that can't be read.
    """
    if not phone and not email:
        raise ContactMissingError
    if scale_min is not None and scale_max is not None and scale_min > scale_max:
        raise ScaleError
    kinds = {given.text.kind for given in consents}
    if kinds.isdisjoint(LEAD_KINDS) and not is_sample:
        raise ConsentMissingError
    received_at = received_at or timezone.now()
    lead = Lead(
        submission_key=submission_key,
        name=name,
        organisation_name=organisation_name,
        organisation_key=name_key(organisation_name),
        phone_typed=phone,
        phone=normalise_phone(phone) if phone else "",
        email=email,
        email_key=email.casefold(),
        region=region,
        chain=chain,
        scale_min=scale_min,
        scale_max=scale_max,
        currency=currency,
        site_need=site_need,
        message=message,
        attached=attached,
        language=language,
        is_sample=is_sample,
        created_at=received_at,
        keep_until=keep_until(timezone.localtime(received_at).date()),
        **_source(source_page),
    )
    with transaction.atomic():
        stored = _store(lead)
        if stored is not lead:
            return Capture(stored, is_new=False)
        _match(lead)
        _record_consents(lead, consents)
        Activity.objects.create(
            lead=lead,
            organisation=lead.organisation,
            kind=Activity.Kind.RECEIVED,
            at=received_at,
            data={"source": lead.source_title},
        )
        if notify:
            enqueue_on_commit(_queue(lead))
    return Capture(lead, is_new=True)


def _source(page: Page | None) -> dict:
    """The page stays a plain Wagtail page, and its title and address are noted: pages go away."""
    if page is None:
        return {}
    return {
        "source_page_id": page.pk,
        "source_title": page.title[:255],
        "source_url": (page.get_url() or "")[:500],
    }


def _store(lead: Lead) -> Lead:
    """Insert `lead` under a free reference; return the earlier lead if its key is already there."""
    for _ in range(REFERENCE_TRIES):
        lead.reference = new_reference(lead.created_at)
        try:
            with transaction.atomic():
                lead.save(force_insert=True)
        except IntegrityError:
            if lead.submission_key:
                earlier = Lead.objects.filter(submission_key=lead.submission_key).first()
                if earlier is not None:
                    return earlier
            continue
        return lead
    raise RuntimeError("No free reference was found; the day's references must be running out.")


def _match(lead: Lead) -> None:
    """Link the contact and organisation that are surely the same, or make new ones.

    The same telephone or e-mail is surely the same only when nothing else contradicts it: two
    people share an office number. Likely twins are shown to a person on the lead's page.
    """
    contact = _known_contact(lead)
    if contact is None:
        organisation = None
        if lead.organisation_name:
            organisation = Organisation.objects.create(
                name=lead.organisation_name, name_key=lead.organisation_key
            )
        contact = Contact.objects.create(
            organisation=organisation, name=lead.name, phone=lead.phone, email=lead.email_key
        )
    lead.contact = contact
    lead.organisation = contact.organisation
    lead.save(update_fields=["contact", "organisation"])


def _known_contact(lead: Lead) -> Contact | None:
    ways = models.Q()
    if lead.phone:
        ways |= models.Q(phone=lead.phone)
    if lead.email_key:
        ways |= models.Q(email=lead.email_key)
    same = [
        contact
        for contact in Contact.objects.filter(ways, leads__is_sample=lead.is_sample)
        .select_related("organisation")
        .distinct()[:20]
        if _agrees(contact, lead)
    ]
    return same[0] if len(same) == 1 else None


def _agrees(contact: Contact, lead: Lead) -> bool:
    """True when all that both of them say is the same, and the lead adds no organisation."""
    organisation_key = contact.organisation.name_key if contact.organisation else ""
    pairs = [
        (contact.phone, lead.phone),
        (contact.email, lead.email_key),
        (name_key(contact.name), name_key(lead.name)),
        (organisation_key, lead.organisation_key),
    ]
    if lead.organisation_key and not organisation_key:
        return False
    return all(not known or not given or known == given for known, given in pairs)


def _record_consents(lead: Lead, consents: Sequence[GivenConsent]) -> None:
    Consent.objects.bulk_create(
        Consent(
            lead=lead,
            kind=given.text.kind,
            text=given.text,
            shown_text=given.shown_text,
            shown_text_hash=text_hash(given.shown_text),
            given_at=lead.created_at,
            source_url=given.source_url[:500],
        )
        for given in consents
    )


def _queue(lead: Lead) -> list[int]:
    """Write the outbox rows of a new lead and return their ids."""
    wanted = []
    if settings.LEAD_NOTIFY_EMAILS:
        wanted.append((Delivery.Kind.MAIL, Delivery.Purpose.NOTICE))
    if lead.email:
        wanted.append((Delivery.Kind.MAIL, Delivery.Purpose.RECEIPT))
    if settings.LEAD_WEBHOOK_URL:
        wanted.append((Delivery.Kind.WEBHOOK, Delivery.Purpose.EVENT))
    return [
        Delivery.objects.create(lead=lead, kind=kind, purpose=purpose).pk
        for kind, purpose in wanted
    ]
