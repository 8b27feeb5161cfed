from django_tasks import task

from events.outbox import outbox


@task()
def send_event_mails() -> int:
    """Send what waits in the outbox of events."""
    return outbox.send_pending()
