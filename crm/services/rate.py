"""How many inquiries one connection may send. The address itself is never stored."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from crm.errors import TooManyInquiriesError
from crm.models import RateCounter

DEFAULT_LIMIT = 10
KEPT = timedelta(days=2)


def count_inquiry(*, address: str, limit: int | None = None) -> int:
    """Count one inquiry of this hour and return the number so far. Raises TooManyInquiriesError.

    limit: that of another form, which then names itself in `address`; 0 counts nothing.
    The digest changes with the hour, so that counts of different hours can't be joined.
    """
    if limit is None:
        limit = getattr(settings, "INQUIRIES_PER_HOUR", DEFAULT_LIMIT)
    if not limit:
        return 0
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    client = salted_hmac("crm.rate", f"{hour.isoformat()} {address}", algorithm="sha256")
    row = {"client": client.hexdigest(), "hour": hour}
    with transaction.atomic():
        RateCounter.objects.get_or_create(**row)
        RateCounter.objects.filter(**row).update(count=F("count") + 1)
        count = RateCounter.objects.values_list("count", flat=True).get(**row)
    if count > limit:
        raise TooManyInquiriesError
    return count


def forget_old_counts() -> int:
    """Delete counters that no limit looks at any more."""
    return RateCounter.objects.filter(hour__lt=timezone.now() - KEPT).delete()[0]
