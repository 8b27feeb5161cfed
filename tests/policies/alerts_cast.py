"""What the tests of alerts share: a subscription by its services, a policy that changes, a form."""

import re
import time
from datetime import timedelta

from django.core import mail, signing
from django.utils import timezone

from crm.form_token import SALT
from policies.alerts.editions import observe
from policies.alerts.subscribing import confirm, subscribe
from policies.models import AlertText, PolicyPage, Subscription

ADDRESS = "reader@example.org"


def follow(
    query: str = "", *, email: str = ADDRESS, language: str = "zh-hans", frequency: str = "daily"
) -> Subscription:
    """A confirmed subscription."""
    before = set(Subscription.objects.values_list("pk", flat=True))
    subscribe(
        email=email,
        query=query,
        language=language,
        frequency=frequency,
        text=AlertText.objects.current(language),
        shown_text="所示文字",
    )
    subscription = Subscription.objects.exclude(pk__in=before).get()
    return confirm(subscription=subscription)


def small_library(page_at) -> PolicyPage:
    """Leave a national law, the district's plan and one more law, with their state known to all.

    Returns the law.
    """
    law = page_at("policies/coal-law")
    kept = ["coal-law", "shangdang-enclave-plan-draft"]
    other = PolicyPage.objects.filter(level="nation", locale=law.locale).exclude(slug__in=kept)
    PolicyPage.objects.exclude(slug__in=[*kept, other.first().slug]).update(live=False)
    observe()
    return law


def publish(page: PolicyPage, *, at=None, **changes) -> None:
    """Change what readers see of a page, as publishing it does; the index has its facets already."""
    at = at or timezone.now()
    PolicyPage.objects.filter(pk=page.pk).update(
        last_published_at=at, has_unpublished_changes=False, **changes
    )


def form_fields(**changes) -> dict:
    """A form as a person sends it, half a minute after it was shown."""
    now = time.time
    time.time = lambda: now() - 30
    try:
        token = signing.TimestampSigner(salt=SALT).sign("a" * 32)
    finally:
        time.time = now
    return {
        "email": ADDRESS,
        "frequency": "daily",
        "consent": "on",
        "query": "level=nation",
        "token": token,
        "homepage": "",
    } | changes


def link_in(message, name: str) -> str:
    """The path of the signed link of that kind in a mail."""
    body = message.body if hasattr(message, "body") else message.get_content()
    return re.search(rf"https?://[^/\s]+((?:/en)?/alerts/{name}/\S+)", body)[1]


def digests() -> list:
    return [message for message in mail.outbox if "List-Unsubscribe" in message.extra_headers]


def later(**span):
    return timezone.now() + timedelta(**span)
