"""Subscribing, confirming, changing and ending: what a reader may do with alerts."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.errors import TooManyInquiriesError
from crm.models import text_hash
from crm.services import count_inquiry
from policies.alerts.errors import (
    ConfirmationOverError,
    ConsentMissingError,
    FilterTooLongError,
    TooManyFiltersError,
    UnknownSubscriptionError,
)
from policies.alerts.filters import LONGEST, normalise, query_hash
from policies.alerts.outbox import send_on_commit
from policies.models import AlertMail, AlertReader, AlertText, Subscription

# What is not confirmed within this time is erased.
TIME_TO_CONFIRM = timedelta(hours=48)
MOST_FILTERS = 20
# Requests that wait for their confirmation; a further one takes the place of the oldest, so that what
# strangers ask for never keeps out the owner of the address.
MOST_WAITING = 40
# Mails that can be sent to an address by typing it in, within a day: by all together, and by one
# connection. Who types in a stranger's address again and again leaves its owner the rest.
MOST_ASKED = 12
MOST_ASKED_BY_ONE = 3
# Asked again within this time, the mail that is under way is enough.
SAME_MAIL = timedelta(minutes=10)


def subscribe(
    *,
    email: str,
    query: str,
    language: str,
    frequency: str,
    text: AlertText | None,
    shown_text: str,
    connection: str = "",
) -> None:
    """Store that somebody wants alerts at `email` and send a mail that asks to confirm it.

    `query` is the library's query string in any form; `shown_text` all that was told beside the
    ticked box; `connection` the network address that the form came from ("": not by a form).
    Nothing is returned, because who typed the address may not be who reads its mail: the answer must
    be the same whether the address is known or not. An address that had enough mails of a day gets no
    other; what is asked for then can be confirmed on the page that each of those mails leads to.

    Raises ConsentMissingError, FilterTooLongError.
    """
    if text is None:
        raise ConsentMissingError
    query = normalise(query, language)
    if len(query) > LONGEST:
        raise FilterTooLongError
    with transaction.atomic():
        reader = _locked_reader(email)
        subscription = reader.subscriptions.filter(
            language=language, query_hash=query_hash(query)
        ).first()
        if subscription is None and reader.subscriptions.confirmed().count() >= MOST_FILTERS:
            return _ask(reader, None, AlertMail.Kind.FULL, language, connection)
        if subscription is None:
            _make_room(reader)
            subscription = Subscription(
                reader=reader, language=language, query=query, query_hash=query_hash(query)
            )
        if subscription.confirmed_at is None:
            subscription.frequency = frequency
            subscription.text, subscription.shown_text = text, shown_text
            subscription.shown_text_hash = text_hash(shown_text)
            subscription.created_at = timezone.now()
            subscription.save()
        known = subscription.confirmed_at is not None
        kind = AlertMail.Kind.KNOWN if known else AlertMail.Kind.CONFIRM
        return _ask(reader, subscription, kind, language, connection)


def _locked_reader(email: str) -> AlertReader:
    """The reader of the address, made where there is none, locked until the transaction ends."""
    key = email.casefold()
    try:
        with transaction.atomic():
            AlertReader.objects.get_or_create(email_key=key, defaults={"email": email})
    except IntegrityError:  # made by another at the same moment
        pass
    return AlertReader.objects.select_for_update().get(email_key=key)


def _make_room(reader: AlertReader) -> None:
    """Let the oldest request go where too many wait for a confirmation."""
    waiting = reader.subscriptions.waiting().values_list("pk", flat=True)
    oldest = list(waiting[MOST_WAITING - 1 :])
    reader.subscriptions.filter(pk__in=oldest).delete()


def _ask(
    reader: AlertReader,
    subscription: Subscription | None,
    kind: str,
    language: str,
    connection: str,
) -> None:
    """Queue the mail that answers a form, unless the address had enough of them."""
    now = timezone.now()
    asked = reader.mails.exclude(kind=AlertMail.Kind.DIGEST).filter(
        created_at__gt=now - timedelta(days=1)
    )
    if asked.count() >= MOST_ASKED:
        return
    if asked.filter(subscription=subscription, kind=kind, created_at__gt=now - SAME_MAIL).exists():
        return
    if connection:
        both = f"alerts to {reader.email_key} by {connection}"
        try:
            count_inquiry(address=both, limit=MOST_ASKED_BY_ONE, daily=True)
        except TooManyInquiriesError:
            return  # the answer is the same as to everybody
    mail = AlertMail.objects.create(
        reader=reader, subscription=subscription, language=language, kind=kind
    )
    send_on_commit(mail.pk)


@transaction.atomic
def confirm(*, subscription: Subscription, now: datetime | None = None) -> Subscription:
    """Start the alerts, from now on: nothing of before is told. A second time changes nothing.

    Raises ConfirmationOverError after 48 hours, TooManyFiltersError, UnknownSubscriptionError.
    """
    now = now or timezone.now()
    # The reader first, as everywhere: of two confirmations at a time the second counts the first.
    AlertReader.objects.select_for_update().filter(pk=subscription.reader_id).first()
    row = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    if row is None:
        raise UnknownSubscriptionError
    if row.confirmed_at is None:
        if now - row.created_at > TIME_TO_CONFIRM:
            raise ConfirmationOverError
        others = Subscription.objects.confirmed().filter(reader_id=row.reader_id)
        if others.count() >= MOST_FILTERS:
            raise TooManyFiltersError
        row.confirmed_at = now
        row.save(update_fields=["confirmed_at"])
    return row


@transaction.atomic
def change_frequency(*, subscription: Subscription, frequency: str) -> None:
    """Raises UnknownSubscriptionError, ValueError for a frequency that does not exist."""
    frequency = Subscription.Frequency(frequency)
    if not Subscription.objects.filter(pk=subscription.pk).update(frequency=frequency):
        raise UnknownSubscriptionError


@transaction.atomic
def end(*, subscription: Subscription) -> bool:
    """End one subscription; the address is erased with the last one. Returns whether it was."""
    reader = AlertReader.objects.select_for_update().get(pk=subscription.reader_id)
    reader.subscriptions.filter(pk=subscription.pk).delete()
    if reader.subscriptions.exists():
        return False
    reader.delete()
    return True


@transaction.atomic
def erase(*, reader: AlertReader) -> None:
    """End everything and erase the address, with what was sent to it. A second time changes nothing."""
    AlertReader.objects.filter(pk=reader.pk).delete()


@transaction.atomic
def forget_unconfirmed(*, now: datetime | None = None) -> int:
    """Erase what was not confirmed in time, and addresses without a subscription; returns how many."""
    now = now or timezone.now()
    lapsed = Subscription.objects.lapsed(now - TIME_TO_CONFIRM).select_for_update()
    ids = list(lapsed.values_list("pk", flat=True))
    Subscription.objects.filter(pk__in=ids).delete()
    # Locked one by one and asked again: somebody may be subscribing at this very moment.
    for pk in list(AlertReader.objects.filter(subscriptions=None).values_list("pk", flat=True)):
        reader = AlertReader.objects.select_for_update().filter(pk=pk).first()
        if reader and not reader.subscriptions.exists():
            reader.delete()
    return len(ids)
