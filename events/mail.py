"""The mails of events: plain text in the language of the registration, with tickets where they belong."""

import re

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from base.outbox import NotWantedError
from base.site_name import site_name
from crm.mail import mail_host
from events.choices import ACTIVE, RegistrationStatus
from events.links import registration_token, registration_url
from events.models import EventMail, Registration
from events.registration import codes
from events.registration.showing import Shown

BLANKS = re.compile(r"\n[ \t]*\n\s*\n")
P, S = EventMail.Purpose, RegistrationStatus
# A mail may be late: a server was down. What it says must still be so when it leaves.
STILL = {
    P.RECEIVED: (S.PENDING,),
    P.CONFIRMED: (S.CONFIRMED,),
    P.WAITING: (S.WAITING,),
    P.OFFERED: (S.OFFERED,),
    P.EXPIRED: (S.EXPIRED,),
    P.REJECTED: (S.REJECTED,),
    P.CANCELLED: (S.CANCELLED,),
    P.CHANGED: ACTIVE,
    P.REMINDER: (S.CONFIRMED,),
    P.EVENT_CHANGED: ACTIVE,
}
# With these comes the entry for the calendar, and to who has a seat the codes of the tickets.
WITH_CALENDAR = {P.CONFIRMED, P.CHANGED, P.REMINDER, P.EVENT_CHANGED}
WITH_CODES = {P.CONFIRMED, P.CHANGED, P.REMINDER}


def build(mail: EventMail) -> EmailMessage:
    """The message of a row of the outbox.

    Raises NotWantedError when nobody is left to write to, or what it says is not so any more.
    """
    registration = mail.registration
    _check_wanted(mail, registration)
    with translation.override(registration.language):
        shown = Shown(registration, registration_token(registration))
        context = {
            "registration": registration,
            "shown": shown,
            "desk": registration.desk,
            "event": shown.page,
            "data": mail.data,
            "link": registration_url(registration),
            "site": site_name(),
        }
        text = render_to_string(f"events/mail/{mail.purpose}.txt", context)
        # Parts that are left out leave their blank lines behind.
        subject, _, body = BLANKS.sub("\n\n", text).strip().partition("\n")
        message = EmailMessage(
            subject=" ".join(subject.split()),
            body=body.strip() + "\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[registration.email],
            # The same message sent twice, after a worker died, is one message to a mail program.
            headers={
                "Message-ID": f"<{mail.idempotency_key}@{mail_host()}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        _attach(message, mail, shown)
    return message


def _check_wanted(mail: EventMail, registration: Registration) -> None:
    if not registration.email or registration.is_anonymised:
        raise NotWantedError
    if registration.status not in STILL.get(mail.purpose, (registration.status,)):
        raise NotWantedError
    now = timezone.now()
    if mail.purpose == P.OFFERED and registration.offer_expires_at <= now:
        raise NotWantedError
    page = registration.desk.page
    if mail.purpose == P.REMINDER and (page.is_called_off or page.starts_at <= now):
        raise NotWantedError


def _attach(message: EmailMessage, mail: EventMail, shown: Shown) -> None:
    if shown.is_over or not shown.has_seat or mail.purpose not in WITH_CALENDAR:
        return
    message.attach("event.ics", shown.calendar_file(), "text/calendar")
    if mail.purpose not in WITH_CODES:
        return
    for number, ticket in enumerate(shown.tickets, start=1):
        message.attach(f"ticket-{number}.png", codes.as_png(ticket.attendee), "image/png")
