"""Which links there are, and which of them are dead: read from the pages and tried in small portions."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText

from policies.freshness.link_probe import Probe, probe
from policies.models import LinkCheck, LinkReading, LinkUse, PolicyPage
from policies.models.links import LONGEST_URL

# A link that opens is looked at once a week, one that fails on the next day again.
AGAIN_OK = timedelta(days=7)
AGAIN_FAILED = timedelta(hours=20)
READ_AT_ONCE = 200
# With so many servers tried and none of them there it is our own line that is down.
SERVERS_FOR_AN_OUTAGE = 3
# Of the name of a server (RFC 1035).
LONGEST_HOST = 253


@dataclass
class Round:
    """What one run did."""

    pages_read: int = 0
    tried: int = 0
    failed: int = 0
    # Nothing was noted, because not one of several servers answered.
    is_offline: bool = False


def check_links(*, limit: int, seconds: float, opener: Callable[[str], Probe] = probe) -> Round:
    """Read the links of changed pages and try those that are due, politely, within `seconds`.

    Each server gets one request at a time and a pause of LINK_CHECK_PAUSE seconds between two.
    """
    deadline = time.monotonic() + seconds
    done = Round(pages_read=read_links(limit=10 * limit))
    results: list[tuple[LinkCheck, Probe]] = []
    asked_at: dict[str, float] = {}
    for link in _mixed(list(LinkCheck.objects.due().order_by("due_at", "pk")[:limit])):
        wait = asked_at.get(link.host, -math.inf) + settings.LINK_CHECK_PAUSE - time.monotonic()
        if wait > deadline - time.monotonic():
            break
        time.sleep(max(0, wait))
        results.append((link, opener(link.url)))
        asked_at[link.host] = time.monotonic()
    done.tried = len(results)
    done.failed = sum(result.is_failure for _link, result in results)
    done.is_offline = _is_offline(results)
    if not done.is_offline:
        for link, result in results:
            note_result(link=link, result=result)
    return done


def _is_offline(results: list[tuple[LinkCheck, Probe]]) -> bool:
    """Whether no server at all could be reached."""
    unreached = {
        LinkCheck.Outcome.NO_HOST,
        LinkCheck.Outcome.REFUSED,
        LinkCheck.Outcome.TIMEOUT,
    }
    hosts = {link.host for link, result in results if result.outcome != LinkCheck.Outcome.PRIVATE}
    reached = any(
        result.outcome not in unreached and result.outcome != LinkCheck.Outcome.PRIVATE
        for _link, result in results
    )
    return len(hosts) >= SERVERS_FOR_AN_OUTAGE and not reached


def _mixed(links: list[LinkCheck]) -> Iterator[LinkCheck]:
    """One link of each server in turn, so that the pauses between two of one server overlap."""
    by_host: dict[str, list[LinkCheck]] = {}
    for link in links:
        by_host.setdefault(link.host, []).append(link)
    while by_host:
        for host in list(by_host):
            yield by_host[host].pop(0)
            if not by_host[host]:
                del by_host[host]


@transaction.atomic
def note_result(*, link: LinkCheck, result: Probe, at=None) -> None:
    """Store what became of one link. A day counts as one failure, however often it was tried."""
    at = at or timezone.now()
    today = timezone.localdate(at)
    row = LinkCheck.objects.select_for_update().filter(pk=link.pk).first()
    if row is None:  # taken out of the last page meanwhile
        return
    row.outcome, row.status, row.checked_at = result.outcome, result.status, at
    if not result.is_failure:
        row.failures, row.failed_on, row.due_at = 0, None, at + AGAIN_OK
    else:
        if row.failed_on != today:
            row.failures, row.failed_on = min(row.failures + 1, 30_000), today
        row.due_at = at + AGAIN_FAILED
    row.save()


def read_links(*, limit: int) -> int:
    """Take the links out of pages that were published since they were last read; return how many.

    What no live page shows any more is forgotten.
    """
    pages = PolicyPage.objects.live().filter(
        Q(link_reading=None) | Q(last_published_at__gt=F("link_reading__read_at"))
    )
    pages = list(pages.order_by("pk")[:limit])
    for start in range(0, len(pages), READ_AT_ONCE):
        _store(pages[start : start + READ_AT_ONCE])
    LinkReading.objects.filter(policy__live=False).delete()
    LinkUse.objects.filter(policy__live=False).delete()
    LinkCheck.objects.filter(uses=None).delete()
    return len(pages)


@transaction.atomic
def _store(pages: list[PolicyPage]) -> None:
    now = timezone.now()
    found = {(page.pk, field, url) for page in pages for field, url in links_of(page)}
    LinkCheck.objects.bulk_create(
        [LinkCheck(url=url, host=urlsplit(url).hostname) for url in {url for *_, url in found}],
        ignore_conflicts=True,
    )
    keys = dict(
        LinkCheck.objects.filter(url__in={url for *_, url in found}).values_list("url", "pk")
    )
    LinkUse.objects.filter(policy__in=pages).delete()
    LinkUse.objects.bulk_create(
        [LinkUse(policy_id=pk, field=field, link_id=keys[url]) for pk, field, url in found],
        ignore_conflicts=True,
    )
    LinkReading.objects.bulk_create(
        [LinkReading(policy=page, read_at=now) for page in pages],
        update_conflicts=True,
        unique_fields=["policy"],
        update_fields=["read_at"],
    )


def links_of(page: PolicyPage) -> Iterator[tuple[str, str]]:
    """The addresses of the web that the page names, as (field, address)."""
    if url := _tidy(page.source_url):
        yield "source_url", url
    for text in _urls_in(page.body):
        if url := _tidy(text):
            yield "body", url


def _urls_in(value: object) -> Iterator[str]:
    """Every address in a value of blocks: in links of texts and in fields of their own."""
    if isinstance(value, StreamValue):
        for child in value:
            yield from _urls_in(child.value)
    elif isinstance(value, RichText):
        for link in BeautifulSoup(value.source, "html.parser").find_all("a", href=True):
            yield str(link["href"])
    elif isinstance(value, dict):
        for part in value.values():
            yield from _urls_in(part)
    elif isinstance(value, list | tuple) or hasattr(value, "bound_blocks"):
        for part in value:
            yield from _urls_in(part)
    elif isinstance(value, str) and value.startswith(("http://", "https://")):
        yield value


def _tidy(url: str) -> str:
    """The address without its fragment; "" for what the crawler can't ask."""
    url = url.strip().partition("#")[0]
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.port != 0
        fits = fits and 0 < len(parts.hostname or "") <= LONGEST_HOST
    except ValueError:
        return ""
    # In bytes: an index of PostgreSQL has no room for more, and one such link would stop the whole round.
    fits = fits and len(url.encode("utf-8", "replace")) <= LONGEST_URL
    return url if fits and url.isprintable() and " " not in url else ""
