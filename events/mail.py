"""The mails of events: plain text in the language of the registration, with tickets where they belong."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from base.outbox import NotWantedError
from crm.mail import mail_host
from events.links import registration_url
from events.models import EventMail


def build(mail: EventMail) -> EmailMessage:
    """The message of a row of the outbox. Raises NotWantedError when nobody is left to write to."""
    registration = mail.registration
    if not registration.email or registration.is_anonymised:
        raise NotWantedError
    with translation.override(registration.language):
        context = {
            "registration": registration,
            "desk": registration.desk,
            "data": mail.data,
            "link": registration_url(registration),
            "site": settings.WAGTAIL_SITE_NAME,
        }
        text = render_to_string(f"events/mail/{mail.purpose}.txt", context)
    subject, _, body = text.strip().partition("\n")
    return EmailMessage(
        subject=subject,
        body=body.strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[registration.email],
        # The same message sent twice, after a worker died, is one message to a mail program.
        headers={
            "Message-ID": f"<{mail.idempotency_key}@{mail_host()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
