"""Signed links: an address that opens one thing without an account, and nothing else."""

import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation


def sign(public_id: uuid.UUID, salt: str) -> str:
    """The token of a thing; `salt` says what kind of thing, so that no link opens another kind."""
    return signing.Signer(salt=salt).sign(public_id.hex).replace(":", "~")


def unsign(token: str, salt: str) -> uuid.UUID | None:
    """The id behind a token of ours, None behind any other."""
    try:
        return uuid.UUID(signing.Signer(salt=salt).unsign(token.replace("~", ":")))
    except (signing.BadSignature, ValueError):
        return None


def whole_url(view: str, args: list, language: str) -> str:
    """The whole address of a view in a language, for mails, posters and QR codes."""
    with translation.override(language):
        return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(view, args=args)}"
