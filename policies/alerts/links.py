"""The signed links in the mails of alerts: they open without an account, and nothing else does."""

import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from policies.models import AlertReader, Subscription

READER, SUBSCRIPTION = "policies.alerts.reader", "policies.alerts.subscription"


def _sign(public_id: uuid.UUID, salt: str) -> str:
    return signing.Signer(salt=salt).sign(public_id.hex).replace(":", "~")


def _read(token: str, salt: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(signing.Signer(salt=salt).unsign(token.replace("~", ":")))
    except (signing.BadSignature, ValueError):
        return None


def reader_token(reader: AlertReader) -> str:
    return _sign(reader.public_id, READER)


def subscription_token(subscription: Subscription) -> str:
    return _sign(subscription.public_id, SUBSCRIPTION)


def reader_of(token: str) -> AlertReader | None:
    """The reader of a link of ours; None for any other, and once the address is erased."""
    public_id = _read(token, READER)
    return AlertReader.objects.filter(public_id=public_id).first() if public_id else None


def subscription_of(token: str) -> Subscription | None:
    public_id = _read(token, SUBSCRIPTION)
    found = Subscription.objects.select_related("reader").filter(public_id=public_id)
    return found.first() if public_id else None


def whole(name: str, token: str, language: str) -> str:
    """The whole address of a view of the alerts, for mails."""
    with translation.override(language):
        return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(f'alerts:{name}', args=[token])}"
