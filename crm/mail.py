"""The mails of a lead. None to the staff holds a telephone number or an e-mail address: those stay in the desk."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from base.outbox import NotWantedError
from base.site_name import site_name
from crm.models import Delivery, Lead
from crm.status_link import status_url


class MailNotWantedError(NotWantedError):
    """Nobody is left to write to, so the delivery is cancelled."""


def _staff(lead: Lead, *, owner_only: bool = False) -> list[str]:
    addresses = [] if owner_only else list(settings.LEAD_NOTIFY_EMAILS)
    if lead.owner is not None and lead.owner.email and lead.owner.is_active:
        addresses.append(lead.owner.email)
    return list(dict.fromkeys(addresses))


def build_message(delivery: Delivery) -> EmailMessage:
    """Return the message of a mail delivery. Raises MailNotWantedError without recipients."""
    lead = delivery.lead
    purpose = delivery.purpose
    to_visitor = purpose == Delivery.Purpose.RECEIPT
    with translation.override(lead.language if to_visitor else settings.LANGUAGE_CODE):
        if to_visitor:
            recipients = [lead.email] if lead.email else []
            subject = _("We have your inquiry %(reference)s")
            link = status_url(lead.public_id, lead.language)
        else:
            recipients = _staff(lead, owner_only=purpose == Delivery.Purpose.ASSIGNED)
            link = settings.WAGTAILADMIN_BASE_URL + reverse("leads:detail", args=[lead.pk])
            subject = {
                Delivery.Purpose.NOTICE: _("New inquiry %(reference)s"),
                Delivery.Purpose.ASSIGNED: _("Inquiry %(reference)s is now yours"),
                Delivery.Purpose.WITHDRAWN: _("Consent withdrawn: inquiry %(reference)s"),
            }[purpose]
        if not recipients:
            raise MailNotWantedError
        body = render_to_string(
            f"crm/mail/{purpose}.txt", {"lead": lead, "link": link, "site": site_name()}
        )
        return EmailMessage(
            subject=subject % {"reference": lead.reference},
            body=body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=recipients,
            # The same message sent twice, after a worker died, is one message to a mail program.
            headers={"Message-ID": f"<{delivery.idempotency_key}@{mail_host()}>"},
        )


def send_mail_delivery(delivery: Delivery) -> None:
    """Raises what the mail backend raises, and MailNotWantedError."""
    build_message(delivery).send()


def mail_host() -> str:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" <>")
    return host if host.isascii() and host else "localhost"
