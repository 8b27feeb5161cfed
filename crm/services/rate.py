"""How many inquiries one connection may send. The address itself is never stored."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from crm.errors import TooManyInquiriesError
from crm.models import RateCounter

DEFAULT_LIMIT = 10
KEPT = timedelta(days=2)


def count_inquiry(*, address: str, limit: int | None = None, daily: bool = False) -> int:
    """Count one inquiry of this hour and return the number so far. Raises TooManyInquiriesError.

    limit: that of another form, which then names itself in `address`; 0 counts nothing.
    daily: count those of the whole day.
    The digest changes with the hour, so that counts of different hours can't be joined.
    """
    if limit is None:
        limit = getattr(settings, "INQUIRIES_PER_HOUR", DEFAULT_LIMIT)
    if not limit:
        return 0
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    if daily:
        hour = hour.replace(hour=0)
    client = salted_hmac("crm.rate", f"{hour.isoformat()} {address}", algorithm="sha256")
    count = _add_one(client.hexdigest(), hour)
    if count > limit:
        raise TooManyInquiriesError
    return count


# One statement on every database: nobody at the same moment is left uncounted, nobody waits.
ADD_ONE = (
    "INSERT INTO crm_ratecounter (client, hour, count) VALUES (%s, %s, 1) "
    "ON CONFLICT (client, hour) DO UPDATE SET count = crm_ratecounter.count + 1 RETURNING count"
)


def _add_one(client: str, hour: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ADD_ONE, [client, connection.ops.adapt_datetimefield_value(hour)])
        return cursor.fetchone()[0]


def forget_old_counts() -> int:
    """Delete counters that no limit looks at any more."""
    return RateCounter.objects.filter(hour__lt=timezone.now() - KEPT).delete()[0]
