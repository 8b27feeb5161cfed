"""Sending what the outbox of alerts holds, by the rules of the leads' outbox (decision 0004)."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.services.outbox import LEASE, PAUSES, failure_reason
from policies.models import AlertMail

logger = logging.getLogger(__name__)

# Mails that were sent or given up are kept so long, for whoever asks what went wrong.
KEPT = timedelta(days=30)
SWEEP_SIZE = 200


class NothingToSayError(Exception):
    """What the mail would tell is not public any more."""


def send_on_commit(mail_id: int) -> None:
    """Hand a mail to the task queue once it is stored. What fails there is found by the sweep."""
    from policies.alerts.tasks import send_alert_mail  # the task's module imports this one

    def enqueue_alert_mail() -> None:
        send_alert_mail.enqueue(mail_id)

    transaction.on_commit(enqueue_alert_mail, robust=True)


def attempt(mail_id: int, *, now: datetime | None = None) -> str:
    """Try to send one mail now and return its status. Another worker's mail is left alone."""
    from policies.alerts.digests import drop_outdated  # these queue and render mails of this module
    from policies.alerts.mail import send

    now = now or timezone.now()
    before = AlertMail.objects.filter(pk=mail_id).values_list("status", flat=True).first()
    claimed = (
        AlertMail.objects.due(now)
        .filter(pk=mail_id)
        .update(
            status=AlertMail.Status.SENDING,
            attempts=F("attempts") + 1,
            next_attempt_at=now + LEASE,
        )
    )
    mail = AlertMail.objects.select_related("reader", "subscription").filter(pk=mail_id).first()
    if mail is None:
        return ""
    if not claimed:
        return mail.status
    if mail.attempts > len(PAUSES) + 1:
        return _postpone(mail, RuntimeError("no worker survived sending it"), now)
    try:
        # After a worker died nobody knows whether the mail left: then it must stay the same.
        if mail.kind == AlertMail.Kind.DIGEST and before == AlertMail.Status.PENDING:
            drop_outdated(mail)
        send(mail)
    except NothingToSayError:
        return _finish(mail, AlertMail.Status.CANCELLED)
    except (SMTPException, OSError, ValueError) as error:
        # ValueError: a misspelt address in the settings; to be mended and tried again.
        return _postpone(mail, error, now)
    return _finish(mail, AlertMail.Status.SENT)


def send_pending(*, limit: int = SWEEP_SIZE, now: datetime | None = None) -> int:
    """Try everything that is due, oldest first; return how many were tried."""
    due = AlertMail.objects.due(now).order_by("next_attempt_at", "pk")
    ids = list(due.values_list("pk", flat=True)[:limit])
    for mail_id in ids:
        attempt(mail_id, now=now)
    return len(ids)


def forget_old_mails(*, now: datetime | None = None) -> int:
    """Delete mails that have left the house or never will, a month after they were made."""
    ended = [AlertMail.Status.SENT, AlertMail.Status.FAILED, AlertMail.Status.CANCELLED]
    old = (now or timezone.now()) - KEPT
    return AlertMail.objects.filter(status__in=ended, created_at__lt=old).delete()[0]


def _finish(mail: AlertMail, status: str) -> str:
    """Note the end. The row may be gone: its reader unsubscribed while the mail was on its way."""
    AlertMail.objects.filter(pk=mail.pk).update(
        status=status,
        last_error="",
        sent_at=timezone.now() if status == AlertMail.Status.SENT else None,
    )
    return status


def _postpone(mail: AlertMail, error: Exception, now: datetime) -> str:
    """Note the failure and set the next attempt, or give up after the last pause."""
    last = mail.attempts > len(PAUSES)
    changes = {"last_error": failure_reason(error)}
    if last:
        changes["status"] = AlertMail.Status.FAILED
    else:
        pause = timedelta(minutes=PAUSES[mail.attempts - 1])
        changes |= {"status": AlertMail.Status.PENDING, "next_attempt_at": now + pause}
    AlertMail.objects.filter(pk=mail.pk).update(**changes)
    logger.warning(
        "Alert mail %s (%s) failed at attempt %s: %s",
        mail.pk,
        mail.kind,
        mail.attempts,
        changes["last_error"],
    )
    return changes["status"]
