"""Making digests: who is to be told of what, written together with the mail that tells it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from base.visibility import visible
from policies.alerts.filters import matching, question_of
from policies.alerts.outbox import send_on_commit
from policies.models import (
    AlertMail,
    AlertReader,
    Edition,
    PolicyPage,
    PolicyWatch,
    Subscription,
    Told,
)

# A day is a little less, so that a run at the same hour is not a minute too early.
PERIODS = {
    Subscription.Frequency.DAILY: timedelta(hours=23, minutes=30),
    Subscription.Frequency.WEEKLY: timedelta(days=7, minutes=-30),
}
# An edition is looked at for so long: a document that fits a filter only later is still told.
LOOK_BACK = timedelta(days=60)
# Rows written and pages asked for at once.
BATCH = 2000


def queue_digests(*, now: datetime | None = None) -> int:
    """Queue one digest for every reader and language that has something new; returns how many.

    A reader's mail, the rows that say what it tells, and the time of the subscriptions are one
    transaction under a lock on the reader: a crash leaves all or nothing, and of two runs at the
    same time the second finds that everything was told.
    """
    now = now or timezone.now()
    finder = Finder(now)
    if not finder.changed:
        return 0
    followers: dict[tuple[int, str], None] = {}
    for subscription in _due(now).order_by("reader_id", "pk"):
        if finder.found(subscription):
            followers[subscription.reader_id, subscription.language] = None
    return sum(_tell(reader_id, language, finder, now) for reader_id, language in followers)


def _due(now: datetime):
    """Confirmed subscriptions whose last mail is a day or a week old."""
    due = Q(digest_at=None)
    for frequency, period in PERIODS.items():
        due |= Q(frequency=frequency, digest_at__lte=now - period)
    return Subscription.objects.confirmed().filter(due)


@transaction.atomic
def drop_outdated(mail: AlertMail) -> None:
    """Take out of a digest that was never sent what has changed, or is not public, since it was made.

    The reader was not told of that, so its rows go, too, and the next round tells what holds then.
    """
    rows = list(mail.told.select_related("edition"))
    pages = [row.edition.policy_id for row in rows]
    current: dict[int, str] = {}
    for part in _batches(pages):
        readable = set(visible(PolicyPage.objects.filter(pk__in=part)).values_list("pk", flat=True))
        watches = PolicyWatch.objects.filter(pk__in=readable)
        current |= dict(watches.values_list("pk", "version"))
    gone = [row.pk for row in rows if current.get(row.edition.policy_id) != row.edition.version]
    if gone:
        for part in _batches(gone):
            Told.objects.filter(pk__in=part).delete()
        mail.reader.subscriptions.filter(language=mail.language).update(digest_at=None)


@dataclass
class Finder:
    """Which policies changed lately and which filter finds them, asked once for all who follow it."""

    now: datetime
    _changed: dict[int, PolicyWatch] | None = None
    _found: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    @property
    def changed(self) -> dict[int, PolicyWatch]:
        if self._changed is None:
            lately = PolicyWatch.objects.filter(changed_at__gt=self.now - LOOK_BACK)
            self._changed = lately.order_by().in_bulk()
        return self._changed

    def found(self, subscription: Subscription) -> set[int]:
        """The changed policies that the subscription's filter finds."""
        key = (subscription.language, subscription.query)
        if key not in self._found:
            question = question_of(subscription.query, subscription.language)
            self._found[key] = {
                pk for part in _batches(self.changed) for pk in matching(question, part)
            }
        return self._found[key]


@transaction.atomic
def _tell(reader_id: int, language: str, finder: Finder, now: datetime) -> bool:
    """Write the digest of one reader in one language; whether there was anything to tell."""
    reader = AlertReader.objects.select_for_update().filter(pk=reader_id).first()
    if reader is None:
        return False
    # What waits in the outbox was not told. Locked, so that no sender takes it at this moment.
    waiting = reader.mails.filter(
        kind=AlertMail.Kind.DIGEST, language=language, status=AlertMail.Status.PENDING
    )
    for mail in waiting.select_for_update():
        drop_outdated(mail)
    subscriptions = list(_due(now).filter(reader=reader, language=language))
    news = _news(reader, subscriptions, finder)
    if not news:
        return False
    mail = AlertMail.objects.create(
        reader=reader, language=language, kind=AlertMail.Kind.DIGEST, next_attempt_at=now
    )
    Told.objects.bulk_create(
        [Told(reader=reader, edition=edition, mail=mail, kind=kind) for edition, kind in news],
        batch_size=BATCH,
    )
    Subscription.objects.filter(pk__in=[one.pk for one in subscriptions]).update(digest_at=now)
    send_on_commit(mail.pk)
    return True


def _news(
    reader: AlertReader, subscriptions: Iterable[Subscription], finder: Finder
) -> list[tuple[Edition, str]]:
    """What the reader does not know yet: editions that differ from what was last told of the policy.

    Before the first telling a reader knows what was public when the subscription was confirmed.
    """
    since: dict[int, datetime] = {}
    for subscription in subscriptions:
        for pk in finder.found(subscription):
            if finder.changed[pk].changed_at > subscription.confirmed_at:
                since[pk] = min(since.get(pk, subscription.confirmed_at), subscription.confirmed_at)
    told: dict[int, str] = {}
    history: dict[int, list[Edition]] = {}
    for part in _batches(since):
        rows = Told.objects.filter(reader=reader, edition__policy__in=part).order_by("edition_id")
        told |= dict(rows.values_list("edition__policy_id", "edition__version"))
        for edition in Edition.objects.filter(policy__in=part).order_by("at", "pk"):
            history.setdefault(edition.policy_id, []).append(edition)
    news = []
    for pk, confirmed_at in since.items():
        editions = history.get(pk, [])
        before = [edition.version for edition in editions if edition.at <= confirmed_at]
        known = told.get(pk) or (before[-1] if before else "")
        if editions and editions[-1].version != known:
            kind = Told.Kind.CHANGED if known else Told.Kind.NEW
            news.append((editions[-1], kind))
    return news


def _batches(pages: Iterable[int]) -> Iterator[list[int]]:
    """The pages in parts: no engine takes a list without end."""
    left = iter(pages)
    while part := list(islice(left, BATCH)):
        yield part
