"""Editions: each state in which a policy was public, so that a reader is told of none twice."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from policies.models import Edition, PolicyPage, PolicyWatch
from policies.official.record import read_policy

AT_ONCE = 200
# Pages that are looked at again although nothing says that they changed, a round.
SWEPT = 300
SWEPT_AGAIN = timedelta(days=1)


def version_of(page: PolicyPage) -> str:
    """The digest of what a reader relies on, as that of a `PolicyVersion`, with the validity of today.

    What this site says about the document (summary, keywords), where links lead and how the editor keeps
    the text is no part of it.
    """
    record = read_policy(page)
    today = {"validity": page.current_validity.value}
    return replace(record, fields=record.fields | today).digest


def observe(*, limit: int = 5000, now: datetime | None = None) -> int:
    """Note the editions of policies that were published or changed since they were last seen.

    Returns how many new editions there are. Safe to run at any time and side by side.
    """
    now = now or timezone.now()
    ids = list(_changed(now).order_by("pk").values_list("pk", flat=True)[:limit])
    ids += list(
        PolicyWatch.objects.filter(policy__live=True, seen_at__lt=now - SWEPT_AGAIN)
        .order_by("seen_at")
        .values_list("pk", flat=True)[:SWEPT]
    )
    ids = list(dict.fromkeys(ids))
    return sum(_note(ids[start : start + AT_ONCE], now) for start in range(0, len(ids), AT_ONCE))


def _changed(now: datetime):
    today = timezone.localdate(now)
    ended = Q(in_force_until__lt=today, watch__seen_at__date__lte=F("in_force_until"))
    return PolicyPage.objects.live().filter(
        Q(watch=None)
        | Q(watch__published_at=None, last_published_at__isnull=False)
        | Q(last_published_at__gt=F("watch__published_at"))
        | ~Q(validity=F("watch__validity"))
        | ended
    )


@transaction.atomic
def _note(ids: Iterable[int], now: datetime) -> int:
    pages = list(PolicyPage.objects.filter(pk__in=ids).order_by("pk"))
    PolicyWatch.objects.bulk_create(
        [PolicyWatch(policy=page, version="", changed_at=now, seen_at=now) for page in pages],
        ignore_conflicts=True,
    )
    watches = {
        watch.pk: watch
        for watch in PolicyWatch.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    }
    editions = []
    for page in pages:
        watch, version = watches[page.pk], version_of(page)
        if version != watch.version:
            watch.version, watch.changed_at = version, _since(page, watch, now)
            editions.append(Edition(policy=page, version=version, at=watch.changed_at))
        watch.published_at, watch.seen_at = page.last_published_at, now
        watch.validity = page.validity
    fields = ["version", "validity", "changed_at", "published_at", "seen_at"]
    PolicyWatch.objects.bulk_update(watches.values(), fields)
    Edition.objects.bulk_create(editions, ignore_conflicts=True)
    return len(editions)


def _since(page: PolicyPage, watch: PolicyWatch, now: datetime) -> datetime:
    """When the edition began: with the publication, or now where the time itself made it."""
    published = page.last_published_at
    if published and (watch.published_at is None or published > watch.published_at):
        return published
    return now
