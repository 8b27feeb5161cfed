"""Where a page of the API ends: signed, so that nobody makes one up, and good for one question only."""

import hashlib
import json

from django.core import signing

from policies.api.problems import Problem

SALT = "policies.api.cursor"
# Cursors of other lengths are none of ours.
LONGEST = 300


def question_mark(question: object) -> str:
    """A short digest of what was asked: filters, words, order and language."""
    text = json.dumps(question, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def write(mark: str, *place: int) -> str:
    return signing.Signer(salt=SALT).sign_object([mark, *place], compress=False)


def read(cursor: str, mark: str, length: int) -> tuple[int, ...]:
    """The place that a cursor names. Raises Problem for one that is not ours or of another question."""
    wrong = Problem(
        "The cursor is not valid for this request.",
        errors={"cursor": "Take it from `next` of the page before, with the same filters."},
    )
    if len(cursor) > LONGEST or not cursor.isascii():
        raise wrong
    try:
        given, *place = signing.Signer(salt=SALT).unsign_object(cursor)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise wrong from error
    if given != mark or len(place) != length or not all(type(n) is int for n in place):
        raise wrong
    return tuple(place)
