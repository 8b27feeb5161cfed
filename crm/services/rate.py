"""How many inquiries one connection may send. The address itself is never stored."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from base import together
from crm.errors import TooManyInquiriesError
from crm.models import RateCounter

DEFAULT_LIMIT = 10
KEPT = timedelta(days=2)


def count_inquiry(*, address: str, limit: int | None = None, daily: bool = False) -> int:
    """Count one inquiry of this hour and return the number so far. Raises TooManyInquiriesError.

    limit: that of another form, which then names itself in `address`; 0 counts nothing.
    daily: count those of the whole day.
    """
    if limit is None:
        limit = getattr(settings, "INQUIRIES_PER_HOUR", DEFAULT_LIMIT)
    return Count(address=address, limit=limit, daily=daily).now()


# One statement on every database: nobody at the same moment is left uncounted, nobody waits.
ADD_ONE = (
    "INSERT INTO crm_ratecounter (client, hour, count) VALUES (%s, %s, 1) "
    "ON CONFLICT (client, hour) DO UPDATE SET count = crm_ratecounter.count + 1 RETURNING count"
)


class Count:
    """The counting of one inquiry: by itself, or in the transaction that stores it, which saves a commit.

        with Count(address=…, limit=…) as count:
            …execute `count.statements` with the rest, `count.read(results)`, commit, `count.stands()`

    What does not stand when the block is left, for nothing was stored, is counted then. The limit goes
    before every other refusal: leaving raises TooManyInquiriesError whatever else was raised.
    The digest changes with the hour, so that counts of different hours can't be joined.
    """

    def __init__(self, *, address: str, limit: int, daily: bool = False):
        self._limit = limit
        self._hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        if daily:
            self._hour = self._hour.replace(hour=0)
        self._said = f"{self._hour.isoformat()} {address}"
        self._stands = not limit

    @property
    def statements(self) -> list[together.Statement]:
        """The one that counts; none without a limit."""
        if not self._limit:
            return []
        client = salted_hmac("crm.rate", self._said, algorithm="sha256").hexdigest()
        hour = connection.ops.adapt_datetimefield_value(self._hour)
        return [(ADD_ONE, [client, hour])]

    def read(self, results: list[list[tuple]]) -> int:
        """The number so far, from the results of `statements`. Raises TooManyInquiriesError."""
        number = sum(rows[0][0] for rows in results)
        if number > self._limit:
            raise TooManyInquiriesError
        return number

    def stands(self) -> None:
        """What was counted is stored."""
        self._stands = True

    def now(self) -> int:
        """Count it by itself, unless it stands; returns the number so far. Raises TooManyInquiriesError."""
        if self._stands:
            return 0
        self._stands = True
        return self.read(together.fetch(self.statements))

    def __enter__(self) -> "Count":
        return self

    def __exit__(self, kind, error, traceback) -> None:
        if not isinstance(error, DatabaseError):
            self.now()


def forget_old_counts() -> int:
    """Delete counters that no limit looks at any more."""
    return RateCounter.objects.filter(hour__lt=timezone.now() - KEPT).delete()[0]
