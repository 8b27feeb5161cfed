"""Sending what the outbox holds: claimed by one worker, tried again with growing pauses, never lost."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task_backends

from crm.mail import MailNotWantedError, send_mail_delivery
from crm.models import Activity, Delivery
from crm.webhook import WebhookError, send_webhook

logger = logging.getLogger(__name__)

# Minutes until the next attempt; after the last one, about two days in all, it is given up.
PAUSES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360, 360, 360, 360)
# A worker that dies while sending holds its delivery no longer than this.
LEASE = timedelta(minutes=10)
SWEEP_SIZE = 100


def enqueue_on_commit(ids: Iterable[int]) -> None:
    """Hand deliveries to the task queue once they are stored.

    What fails there is logged and reaches nobody: the rows wait in the outbox for the sweep. A
    function and not a partial, because Django's log of such an error wants its name.
    """
    from crm.tasks import deliver  # the task's module imports this one

    def enqueue_deliveries() -> None:
        for delivery_id in ids:
            deliver.enqueue(delivery_id)

    transaction.on_commit(enqueue_deliveries, robust=True)


def attempt_delivery(delivery_id: int) -> str:
    """Try to send one delivery now and return its status. Another worker's delivery is left alone."""
    now = timezone.now()
    claimed = (
        Delivery.objects.due(now)
        .filter(pk=delivery_id)
        .update(
            status=Delivery.Status.SENDING,
            attempts=F("attempts") + 1,
            next_attempt_at=now + LEASE,
        )
    )
    delivery = Delivery.objects.select_related("lead__owner").filter(pk=delivery_id).first()
    if delivery is None:
        return ""
    if not claimed:
        return delivery.status
    if delivery.attempts > len(PAUSES) + 1:
        return _postpone(delivery, RuntimeError("no worker survived sending it"))
    try:
        _send(delivery)
    except MailNotWantedError:
        return _finish(delivery, Delivery.Status.CANCELLED)
    except (SMTPException, WebhookError, OSError, ValueError) as error:
        # ValueError: a misspelt address in the settings; to be mended and tried again.
        return _postpone(delivery, error)
    return _finish(delivery, Delivery.Status.SENT)


def deliver_pending(*, limit: int = SWEEP_SIZE) -> int:
    """Try everything that is due, oldest first; return how many were tried."""
    ids = list(
        Delivery.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:limit]
    )
    for delivery_id in ids:
        attempt_delivery(delivery_id)
    return len(ids)


def _send(delivery: Delivery) -> None:
    if delivery.lead.is_anonymised and delivery.purpose != Delivery.Purpose.WITHDRAWN:
        raise MailNotWantedError
    if delivery.kind == Delivery.Kind.WEBHOOK:
        send_webhook(delivery)
    else:
        send_mail_delivery(delivery)


def _finish(delivery: Delivery, status: str) -> str:
    with transaction.atomic():
        delivery.status = status
        delivery.last_error = ""
        delivery.sent_at = timezone.now() if status == Delivery.Status.SENT else None
        delivery.save(update_fields=["status", "last_error", "sent_at"])
        if status == Delivery.Status.SENT:
            _log(delivery, Activity.Kind.NOTIFIED)
    return status


def _postpone(delivery: Delivery, error: Exception) -> str:
    """Note the failure and set the next attempt, or give up after the last pause."""
    last = delivery.attempts > len(PAUSES)
    with transaction.atomic():
        delivery.last_error = failure_reason(error)
        if last:
            delivery.status = Delivery.Status.FAILED
            _log(delivery, Activity.Kind.NOT_SENT)
        else:
            delivery.status = Delivery.Status.PENDING
            delivery.next_attempt_at = timezone.now() + timedelta(
                minutes=PAUSES[delivery.attempts - 1]
            )
        delivery.save(update_fields=["status", "last_error", "next_attempt_at"])
    logger.warning(
        "Delivery %s (%s) failed at attempt %s: %s",
        delivery.pk,
        delivery.purpose,
        delivery.attempts,
        delivery.last_error,
    )
    if not last:
        _enqueue_later(delivery.pk, delivery.next_attempt_at)
    return delivery.status


def failure_reason(error: Exception) -> str:
    """What went wrong. Mail servers repeat the recipient's address, so of theirs only the codes stay."""
    name = type(error).__name__
    if isinstance(error, SMTPRecipientsRefused):
        codes = sorted({str(answer[0]) for answer in error.recipients.values()})
        return f"{name}: {', '.join(codes)}"[:300]
    if isinstance(error, SMTPResponseException):
        return f"{name}: {error.smtp_code}"
    return f"{name}: {error}"[:300]


def _enqueue_later(delivery_id: int, at: datetime) -> None:
    """Ask the queue for the next attempt. A queue that can't wait leaves it to the sweep."""
    from crm.tasks import deliver  # the task's module imports this one

    if task_backends[deliver.backend].supports_defer:
        deliver.using(run_after=at).enqueue(delivery_id)


def _log(delivery: Delivery, kind: str) -> None:
    Activity.objects.create(
        lead=delivery.lead,
        organisation_id=delivery.lead.organisation_id,
        kind=kind,
        data={"kind": delivery.kind, "purpose": delivery.purpose},
    )
