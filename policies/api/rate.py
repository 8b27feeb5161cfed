"""How many answers of the API one connection gets in a minute. The address itself is never stored."""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from base.client_address import client_address
from policies.api.problems import Problem

DEFAULT_LIMIT = 300
MINUTE = 60


def count(request: HttpRequest, limit: int | None = None, what: str = "api") -> None:
    """Count one request of this minute. Raises Problem (429) when there were too many.

    `limit`: 0 counts nothing; None: as the settings say (`API_REQUESTS_PER_MINUTE`).
    """
    limit = getattr(settings, "API_REQUESTS_PER_MINUTE", DEFAULT_LIMIT) if limit is None else limit
    if not limit:
        return
    now = int(time.time())
    client = f"{now // MINUTE} {client_address(request)}"
    key = salted_hmac(f"policies.{what}.rate", client, algorithm="sha256").hexdigest()
    cache.add(key, 0, 2 * MINUTE)
    try:
        number = cache.incr(key)
    except ValueError:  # it went meanwhile
        return
    if number > limit:
        raise Problem(
            "Too many requests from this connection.",
            status=429,
            Retry_After=str(MINUTE - now % MINUTE),
        )
