"""The signed link with which a visitor finds the inquiry again, without an account."""

import uuid

from django.core import signing
from django.urls import reverse
from django.utils import translation

from base.signed_links import sign, unsign, whole_url

SALT = "crm.status"


def make_token(public_id: uuid.UUID) -> str:
    return sign(public_id, SALT)


def read_token(token: str) -> uuid.UUID:
    """Raises django.core.signing.BadSignature for anything that this site did not sign."""
    public_id = unsign(token, SALT)
    if public_id is None:
        raise signing.BadSignature
    return public_id


def status_path(public_id: uuid.UUID, language: str | None = None) -> str:
    with translation.override(language or translation.get_language()):
        return reverse("crm:status", args=[make_token(public_id)])


def status_url(public_id: uuid.UUID, language: str) -> str:
    """The whole address, for mails."""
    return whole_url("crm:status", [make_token(public_id)], language)
