from django_tasks import task

from events.outbox import outbox


@task()
def send_event_mail(mail_id: int) -> str:
    """Send one row of the outbox of events."""
    return outbox.attempt(mail_id)
