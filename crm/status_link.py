"""The signed link with which a visitor finds the inquiry again, without an account."""

import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

SALT = "crm.status"


def make_token(public_id: uuid.UUID) -> str:
    return signing.Signer(salt=SALT).sign(public_id.hex).replace(":", "~")


def read_token(token: str) -> uuid.UUID:
    """Raises django.core.signing.BadSignature for anything that this site did not sign."""
    try:
        return uuid.UUID(signing.Signer(salt=SALT).unsign(token.replace("~", ":")))
    except ValueError as error:
        raise signing.BadSignature(str(error)) from error


def status_path(public_id: uuid.UUID, language: str | None = None) -> str:
    with translation.override(language or translation.get_language()):
        return reverse("crm:status", args=[make_token(public_id)])


def status_url(public_id: uuid.UUID, language: str) -> str:
    """The whole address, for mails."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{status_path(public_id, language)}"
