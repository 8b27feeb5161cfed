"""Sending what the outbox of leads holds (`base.outbox`); what became of it stands in the timeline."""

from collections.abc import Iterable
from datetime import datetime

from django_tasks import task_backends

from base.outbox import Outbox
from crm.mail import MailNotWantedError, send_mail_delivery
from crm.models import Activity, Delivery
from crm.webhook import WebhookError, send_webhook

SWEEP_SIZE = 100
LOGGED = {
    Delivery.Status.SENT: Activity.Kind.NOTIFIED,
    Delivery.Status.FAILED: Activity.Kind.NOT_SENT,
}


class LeadOutbox(Outbox):
    model = Delivery
    related = ("lead__owner",)
    failures = (*Outbox.failures, WebhookError)

    def task(self):
        from crm.tasks import deliver  # the task's module imports this one

        return deliver

    def send(self, row: Delivery) -> None:
        if row.lead.is_anonymised and row.purpose != Delivery.Purpose.WITHDRAWN:
            raise MailNotWantedError
        if row.kind == Delivery.Kind.WEBHOOK:
            send_webhook(row)
        else:
            send_mail_delivery(row)

    def ended(self, row: Delivery, status: str) -> None:
        if status in LOGGED:
            Activity.objects.create(
                lead=row.lead,
                organisation_id=row.lead.organisation_id,
                kind=LOGGED[status],
                data={"kind": row.kind, "purpose": row.purpose},
            )

    def postponed(self, row: Delivery, at: datetime) -> None:
        """Ask the queue for the next attempt. A queue that can't wait leaves it to the sweep."""
        deliver = self.task()
        if task_backends[deliver.backend].supports_defer:
            deliver.using(run_after=at).enqueue(row.pk)


outbox = LeadOutbox()


def enqueue_on_commit(ids: Iterable[int]) -> None:
    """Hand deliveries to the task queue once they are stored."""
    outbox.send_on_commit(ids)


def attempt_delivery(delivery_id: int) -> str:
    """Try to send one delivery now and return its status. Another worker's delivery is left alone."""
    return outbox.attempt(delivery_id)


def deliver_pending(*, limit: int = SWEEP_SIZE) -> int:
    """Try everything that is due, oldest first; return how many were tried."""
    return outbox.send_pending(limit=limit)
