"""The reference a visitor notes down: SD-20261124-7KQ2. The day helps the officer; the rest tells nothing."""

import secrets
from datetime import datetime

from django.utils import timezone

# Without characters that are mistaken for others when read out or written by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRTUVWXYZ"


def new_reference(at: datetime | None = None) -> str:
    day = timezone.localtime(at or timezone.now())
    return f"SD-{day:%Y%m%d}-{''.join(secrets.choice(ALPHABET) for _ in range(4))}"
