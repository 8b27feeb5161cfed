"""What readers search, counted by day, so that editors learn what is missing.

Nothing is kept about who searched: no address, no session, no time of day. What looks like personal
data is not kept at all (PIPL article 6: only what the purpose needs), and the counts themselves go
after thirteen months.
"""

import calendar
import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.utils import timezone, translation

from search.facets import FACETS
from search.models import QueryDay
from search.results import MAX_LENGTH, Results

logger = logging.getLogger(__name__)

KEEP_MONTHS = 13
# New rows of one day; more come from a machine, not from the readers of a district.
MAX_ROWS_A_DAY = 5000
# A count may be lost, a reader may not wait: how long another writer is waited for.
PATIENCE_MS = 100

# Adds one search to its row, or makes the row while the day has room: one statement, so that two
# first searches at once make one row of two.
ADD = """
    INSERT INTO search_queryday (day, locale, query, times, "nothing", found)
    SELECT %(day)s, %(locale)s, %(query)s, 1, %(nothing)s, %(found)s
    WHERE EXISTS (
            SELECT 1 FROM search_queryday
            WHERE day = %(day)s AND locale = %(locale)s AND query = %(query)s
        )
        OR (SELECT COUNT(*) FROM search_queryday WHERE day = %(day)s) < %(most)s
    ON CONFLICT (day, locale, query) DO UPDATE
    SET times = search_queryday.times + 1,
        "nothing" = search_queryday."nothing" + EXCLUDED."nothing",
        found = EXCLUDED.found
"""

# As robots name themselves; the address of a reader's browser says none of these.
# (CUBOT makes telephones.)
ROBOT = re.compile(r"(?<!cu)bot\b|spider|crawl|slurp|scrapy|archiver", re.IGNORECASE)

GAP = r"[ .·()–—-]{0,2}"  # between the digits of a telephone number
PERSONAL = re.compile(
    rf"""
    [^\s@]@[^\s@]                                            # an e-mail address
    | (?<!\d)(?:\+?86{GAP})?1[3-9](?:{GAP}\d){{9}}(?!\d)      # a mobile number of mainland China
    | (?<!\d)0\d{{2,3}}{GAP}\d{{3,4}}{GAP}\d{{4}}(?!\d)       # a fixed one with its area code
    | \+\d(?:{GAP}\d){{7,}}                                  # one of another country
    | (?:\d[ -]?){{14}}\d                                    # an identity card of 15 or 18, a bank card
    | (?<![0-9a-z])[0-9a-z]{{2}}\d{{6}}[0-9a-z]{{10}}(?![0-9a-z])  # a unified social credit code
    """,
    re.VERBOSE | re.IGNORECASE,
)


def tidy(query: str) -> str:
    """`query` in one form: width, case and blanks made alike, no control characters, cut at 100."""
    text = unicodedata.normalize("NFKC", query[: 4 * MAX_LENGTH]).lower()
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:MAX_LENGTH].strip()


def is_personal(query: str) -> bool:
    """Whether a tidied query holds what looks like personal data or names a single company."""
    return bool(PERSONAL.search(query))


def record(request: HttpRequest, results: Results) -> None:
    """Count the search that `request` asked and `results` answers. Never fails, never waits long.

    Counted is what a reader typed: the first page, without filters, in the usual order, and not when
    a correction was searched in its place. Robots, browsers that fetch ahead and people who are logged
    in do not count.
    """
    if (
        results.page > 1
        or results.corrected
        or results.sort != "relevance"
        or FACETS.keys() & request.GET.keys()
        or not _is_reader(request)
    ):
        return
    count(results.asked, translation.get_language() or settings.LANGUAGE_CODE, results.total)


def _is_reader(request: HttpRequest) -> bool:
    headers = request.headers
    if request.method != "GET" or ROBOT.search(headers.get("User-Agent", "")):
        return False
    if "prefetch" in headers.get("Sec-Purpose", "") + headers.get("Purpose", ""):
        return False
    # Asking for the user would make the answer vary by the session; without a cookie nobody is in.
    return not (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        and getattr(request, "user", None) is not None
        and request.user.is_authenticated
    )


def count(query: str, locale: str, found: int) -> bool:
    """Add one search of `query` to today's row. Returns whether it was counted.

    `found` is the number of results. Right under a race: the database adds, and of two first
    searches at once the second adds to the row of the first. When another writer holds the database
    for longer than a moment the search goes uncounted, and a line in the log says so.
    """
    query = tidy(query)
    if not any(c.isalnum() for c in query) or is_personal(query):
        return False
    values = {
        "day": connection.ops.adapt_datefield_value(timezone.localdate()),
        "locale": locale[:20],
        "query": query,
        "nothing": 0 if found else 1,
        "found": found,
        "most": MAX_ROWS_A_DAY,
    }
    try:
        with _little_patience(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ADD, values)
            return cursor.rowcount == 1
    except OperationalError as error:
        logger.warning("A search was not counted: %s", error)
        return False


@contextmanager
def _little_patience() -> Iterator[None]:
    """Wait `PATIENCE_MS` for a lock instead of the usual time, within the block."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            with transaction.atomic():
                # Until the transaction ends. A count that a power cut takes away is no loss, so the
                # reader does not wait for the disk either.
                cursor.execute(
                    f"SET LOCAL lock_timeout = {PATIENCE_MS}; SET LOCAL synchronous_commit = off"
                )
                yield
            return
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def first_day_kept(today: date | None = None) -> date:
    """The oldest day whose counts are kept on `today`."""
    today = today or timezone.localdate()
    month = today.year * 12 + today.month - 1 - KEEP_MONTHS
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def forget() -> int:
    """Delete the counts whose time is over. Returns how many rows went."""
    return QueryDay.objects.filter(day__lt=first_day_kept()).delete()[0]
