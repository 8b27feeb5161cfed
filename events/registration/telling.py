"""What all who are registered are told: that it is soon, or that time or place have changed."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from events.choices import RegistrationStatus
from events.models import EventMail, Registration, RegistrationDesk
from events.outbox import queue_mail

LONGEST_NOTE = 1000


def tell_change(desk: RegistrationDesk, *, note: str = "") -> int:
    """Mail everybody who is registered or waits how the event is held now; returns how many mails.

    Asked for by the organiser, once time, place or calling off are published. Asked again without a
    further change it tells only those who have not been told. `note` is the organiser's own word.
    """
    once = f"change:{_digest(desk, note)}"
    registrations = (
        desk.registrations.active()
        .filter(anonymised_at=None, is_sample=False)
        .exclude(email="")
        .exclude(mails__once=once)
    )
    data = {"note": note[:LONGEST_NOTE]} if note else {}
    mails = [
        queue_mail(registration, EventMail.Purpose.EVENT_CHANGED, once=once, **data)
        for registration in registrations.order_by("pk")
    ]
    return sum(mail is not None for mail in mails)


def _digest(desk: RegistrationDesk, note: str) -> str:
    """The same as long as what the mail says is the same, in whatever language."""
    desk = RegistrationDesk.objects.select_related("page").get(pk=desk.pk)
    pages = desk.page.get_translations(inclusive=True).order_by("pk").specific()
    said = [desk.online_link, note]
    for page in pages:
        said += [page.starts_at, page.ends_at, page.venue, page.address, page.is_called_off]
    return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()[:16]


def queue_reminders() -> int:
    """Queue what the desks want said some days before; returns how many mails. Called by the clock.

    Each reminder is sent once. Of several that are due, after a long rest, only the last is; and who was
    confirmed after a reminder's day needs none of it.
    """
    now = timezone.now()
    desks = RegistrationDesk.objects.exclude(reminder_days=[]).select_related("page")
    coming = desks.filter(page__starts_at__gt=now, page__is_called_off=False, page__live=True)
    return sum(_remind(desk, now) for desk in coming.order_by("pk"))


def _remind(desk: RegistrationDesk, now) -> int:
    due = [days for days in _days(desk) if now >= desk.page.starts_at - timedelta(days=days)]
    if not due:
        return 0
    days = min(due)
    once = f"reminder:{days}"
    confirmed: list[Registration] = list(
        desk.registrations.filter(
            status=RegistrationStatus.CONFIRMED,
            confirmed_at__lte=desk.page.starts_at - timedelta(days=days),
            anonymised_at=None,
            is_sample=False,
        )
        .exclude(email="")
        .exclude(mails__once=once)
    )
    mails = [
        queue_mail(registration, EventMail.Purpose.REMINDER, once=once, days=days)
        for registration in confirmed
    ]
    return sum(mail is not None for mail in mails)


def _days(desk: RegistrationDesk) -> list[int]:
    """What the desk says, as far as it is a number of days."""
    found = desk.reminder_days if isinstance(desk.reminder_days, list) else []
    return [days for days in found if isinstance(days, int) and 0 <= days <= 365]
