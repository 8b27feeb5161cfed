"""How long the personal data of a lead is kept (PIPL article 19: no longer than needed)."""

import calendar
from datetime import date

from django.conf import settings
from django.utils import timezone

DEFAULT_MONTHS = 24


def keep_until(start: date | None = None) -> date:
    """The last day on which the data of a lead received on `start` (today) is kept."""
    start = start or timezone.localdate()
    months = start.month - 1 + getattr(settings, "LEAD_RETENTION_MONTHS", DEFAULT_MONTHS)
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
