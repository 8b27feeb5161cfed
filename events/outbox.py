"""The outbox of events: mails are written with their cause and sent by the task queue."""

from django.db import IntegrityError, transaction

from base.outbox import Outbox
from events.models import EventMail, Registration


class EventOutbox(Outbox):
    model = EventMail
    related = ("registration__desk__page",)

    def task(self):
        from events.tasks import send_event_mail  # the task's module imports this one

        return send_event_mail

    def send(self, row: EventMail) -> None:
        from events.mail import build  # what a mail says asks half of the room

        build(row).send()


outbox = EventOutbox()


def queue_mail(
    registration: Registration, purpose: str, *, once: str = "", **data
) -> EventMail | None:
    """Write a mail in the transaction of its cause; None without an address, or if it was queued before.

    Samples stand for nobody and are never written to.
    `once` names a mail that must not be sent twice; `data` is what it says and JSON can hold.
    """
    if not registration.email or registration.is_anonymised or registration.is_sample:
        return None
    mail = EventMail(registration=registration, purpose=purpose, once=once, data=data)
    if not once:
        mail.save(force_insert=True)
    else:
        try:
            with transaction.atomic():
                mail.save(force_insert=True)
        except IntegrityError:
            return None
    outbox.send_on_commit([mail.pk])
    return mail
