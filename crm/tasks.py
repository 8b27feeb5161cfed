from django_tasks import task

from crm.services.outbox import attempt_delivery, deliver_pending

LEFT_BEHIND = 5


@task()
def deliver(delivery_id: int) -> str:
    """Send one row of the outbox, and a few that were left behind by a queue or worker that failed."""
    status = attempt_delivery(delivery_id)
    deliver_pending(limit=LEFT_BEHIND)
    return status
