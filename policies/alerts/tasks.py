from django_tasks import task

from policies.alerts.outbox import attempt


@task()
def send_alert_mail(mail_id: int) -> str:
    """Send one row of the outbox of alerts."""
    return attempt(mail_id)
