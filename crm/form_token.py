"""A signed note in every form: when it was shown, and a nonce that makes one form one inquiry.

It holds nothing about the visitor, so a cached page may hand the same one to many.
"""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

SALT = "crm.form"
MIN_SECONDS = 2
MAX_SECONDS = 24 * 3600


class StaleTokenError(Exception):
    """Too old, or not ours: the form must be shown anew."""


class HastyTokenError(Exception):
    """Sent back faster than a person can read the form."""


@dataclass(frozen=True)
class FormToken:
    text: str
    nonce: str


def issue_token() -> str:
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_hex(16))


def read_token(text: str) -> FormToken:
    """Raises StaleTokenError."""
    max_age = getattr(settings, "INQUIRY_MAX_AGE", MAX_SECONDS)
    try:
        nonce = signing.TimestampSigner(salt=SALT).unsign(text, max_age=max_age)
    except (signing.BadSignature, ValueError) as error:
        raise StaleTokenError from error
    return FormToken(text=text, nonce=nonce)


def check_pace(token: FormToken) -> None:
    """Raises HastyTokenError when the form has only just been shown."""
    seconds = getattr(settings, "INQUIRY_MIN_SECONDS", MIN_SECONDS)
    try:
        signing.TimestampSigner(salt=SALT).unsign(token.text, max_age=seconds)
    except signing.SignatureExpired:
        return
    raise HastyTokenError


def submission_key(token: FormToken, values: list[str]) -> str:
    """The same for the same form with the same content, different for any other."""
    parts = [token.nonce, *values]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
