"""How long the personal data of a registration are kept (PIPL article 19: no longer than needed)."""

from datetime import date, timedelta

from django.utils import timezone

from events.models import Registration, RegistrationDesk


def last_day(desk: RegistrationDesk) -> date:
    """The last day of the event."""
    return timezone.localdate(desk.page.ends_at or desk.page.starts_at)


def keep_until(desk: RegistrationDesk) -> date:
    """The last day on which the data of a registration for this event are kept."""
    return last_day(desk) + timedelta(days=desk.keep_days)


def follow_dates() -> int:
    """Let the time of keeping follow events that were moved; returns how many registrations changed."""
    kept = Registration.objects.filter(anonymised_at=None)
    desks = RegistrationDesk.objects.filter(pk__in=kept.values("desk")).select_related("page")
    changed = 0
    for desk in desks:
        until = keep_until(desk)
        changed += kept.filter(desk=desk).exclude(keep_until=until).update(keep_until=until)
    return changed
