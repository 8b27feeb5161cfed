"""The signed links in the mails of alerts: they open without an account, and nothing else does."""

from base.signed_links import sign, unsign, whole_url
from policies.models import AlertReader, Subscription

READER, SUBSCRIPTION = "policies.alerts.reader", "policies.alerts.subscription"


def reader_token(reader: AlertReader) -> str:
    return sign(reader.public_id, READER)


def subscription_token(subscription: Subscription) -> str:
    return sign(subscription.public_id, SUBSCRIPTION)


def reader_of(token: str) -> AlertReader | None:
    """The reader of a link of ours; None for any other, and once the address is erased."""
    public_id = unsign(token, READER)
    return AlertReader.objects.filter(public_id=public_id).first() if public_id else None


def subscription_of(token: str) -> Subscription | None:
    public_id = unsign(token, SUBSCRIPTION)
    found = Subscription.objects.select_related("reader").filter(public_id=public_id)
    return found.first() if public_id else None


def whole(name: str, token: str, language: str) -> str:
    """The whole address of a view of the alerts, for mails."""
    return whole_url(f"alerts:{name}", [token], language)
