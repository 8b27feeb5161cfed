"""Telling another system of a new lead: signed, short-tempered, and without personal data.

The receiver checks `X-Signature-256: sha256=HMAC-SHA256(secret, timestamp + "." + body)` and may
drop a repeated `Idempotency-Key`.
"""

import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from crm.models import Delivery

DEFAULT_TIMEOUT = 5.0  # seconds


class WebhookError(Exception):
    """The receiver did not take the message."""


def payload(delivery: Delivery) -> dict:
    lead = delivery.lead
    return {
        "event": "lead.received",
        "reference": lead.reference,
        "id": str(lead.public_id),
        "received_at": lead.created_at.isoformat(),
        "organisation": lead.organisation_name,
        "region": lead.region,
        "chain": lead.chain,
        "scale_min": None if lead.scale_min is None else str(lead.scale_min),
        "scale_max": None if lead.scale_max is None else str(lead.scale_max),
        "scale_unit": 10_000,
        "currency": lead.currency,
        "language": lead.language,
        "source": lead.source_url,
        "is_sample": lead.is_sample,
        "admin_url": settings.WAGTAILADMIN_BASE_URL + reverse("leads:detail", args=[lead.pk]),
    }


def signature(*, secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def _opener() -> urllib.request.OpenerDirector:
    """An opener that knows http and https only and follows no redirect."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def send_webhook(delivery: Delivery) -> None:
    """Post the event. Raises WebhookError when it was not taken, for whatever reason."""
    url = settings.LEAD_WEBHOOK_URL
    if urlsplit(url).scheme not in ("http", "https"):
        raise WebhookError("LEAD_WEBHOOK_URL is not an http(s) address")
    body = json.dumps(payload(delivery), ensure_ascii=False).encode()
    timestamp = str(int(time.time()))
    request = urllib.request.Request(  # noqa: S310 the scheme is checked above
        url,
        data=body,
        method="POST",
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "shangdang-crm",
            "Idempotency-Key": delivery.idempotency_key,
            "X-Timestamp": timestamp,
            "X-Signature-256": signature(
                secret=settings.LEAD_WEBHOOK_SECRET, timestamp=timestamp, body=body
            ),
        },
    )
    timeout = getattr(settings, "LEAD_WEBHOOK_TIMEOUT", DEFAULT_TIMEOUT)
    try:
        with _opener().open(request, timeout=timeout) as response:
            status = response.status
    except urllib.error.HTTPError as error:
        with error:
            raise WebhookError(f"answered {error.code}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise WebhookError(f"{type(error).__name__}: {error}") from error
    if not 200 <= status < 300:
        raise WebhookError(f"answered {status}")
