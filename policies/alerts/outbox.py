"""Sending what the outbox of alerts holds (`base.outbox`)."""

from datetime import datetime, timedelta

from django.utils import timezone

from base.outbox import NotWantedError, Outbox
from policies.models import AlertMail

# Mails that were sent or given up are kept so long, for whoever asks what went wrong.
KEPT = timedelta(days=30)


class NothingToSayError(NotWantedError):
    """What the mail would tell is not public any more."""


class AlertOutbox(Outbox):
    model = AlertMail
    related = ("reader", "subscription")

    def task(self):
        from policies.alerts.tasks import send_alert_mail  # the task's module imports this one

        return send_alert_mail

    def prepare(self, row: AlertMail, *, is_fresh: bool) -> None:
        from policies.alerts.digests import drop_outdated  # it queues mails of this module

        # After a worker died nobody knows whether the mail left: then it must stay the same.
        if row.kind == AlertMail.Kind.DIGEST and is_fresh:
            drop_outdated(row)

    def send(self, row: AlertMail) -> None:
        from policies.alerts.mail import send  # it raises an error of this module

        send(row)


outbox = AlertOutbox()


def send_on_commit(mail_id: int) -> None:
    """Hand a mail to the task queue once it is stored."""
    outbox.send_on_commit([mail_id])


def attempt(mail_id: int, *, now: datetime | None = None) -> str:
    """Try to send one mail now and return its status. Another worker's mail is left alone."""
    return outbox.attempt(mail_id, now=now)


def send_pending(*, now: datetime | None = None) -> int:
    """Try everything that is due, oldest first; return how many were tried."""
    return outbox.send_pending(now=now)


def forget_old_mails(*, now: datetime | None = None) -> int:
    """Delete mails that have left the house or never will, a month after they were made."""
    old = (now or timezone.now()) - KEPT
    return AlertMail.objects.ended().filter(created_at__lt=old).delete()[0]
