"""Word and PDF of a sheet, made when they are asked for: kept for a while, and never more than a few."""

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from policies.official.errors import BusyError, TooLongError
from policies.official.layout import Sheet
from policies.official.pdf import make_pdf
from policies.official.word import make_word

# Grows when the same sheet would make another file.
MAKE = 1
# Characters of a document beyond which nothing is made on demand.
MOST_CHARACTERS = 400_000
# Files are kept in so many places of the cache, the smaller ones only: a bound in bytes.
PLACES, BYTES, SECONDS = 24, 1_000_000, 15 * 60
# Files that one address may have made in ten minutes; those that are kept already cost nothing.
PER_ADDRESS, PERIOD = 40, 10 * 60
# Files that a process makes at a time, and how long (seconds) others wait for their turn.
_turns = threading.BoundedSemaphore(2)
PATIENCE = 8
# What no system takes in the name of a file.
UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


@dataclass(frozen=True)
class Kind:
    ending: str
    media_type: str
    make: Callable[..., bytes]


KINDS = {
    "word": Kind(
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        make_word,
    ),
    "pdf": Kind("pdf", "application/pdf", make_pdf),
}


def file_of(sheet: Sheet, kind: str, *, made_at: datetime, address: str) -> bytes:
    """The sheet as a file of a kind of KINDS, kept or made now.

    `made_at` becomes the file's own date, `address` is where the reader comes from. Raises
    `TooLongError`, `BusyError`, and `FileError` when it can't be made.
    """
    key = fingerprint(sheet, kind, made_at)
    place = f"policy-file-{int(key[:8], 16) % PLACES}"
    kept = cache.get(place)
    if kept is not None and kept[0] == key:
        return kept[1]
    if sum(len(row.text) for block in sheet.blocks for row in block.rows) > MOST_CHARACTERS:
        raise TooLongError
    _count(address)
    if not _turns.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        content = KINDS[kind].make(sheet, made_at=made_at)
    finally:
        _turns.release()
    if len(content) <= BYTES:
        cache.set(place, (key, content), SECONDS)
    return content


def fingerprint(sheet: Sheet, kind: str, made_at: datetime) -> str:
    """SHA-256 over everything that a file is made of."""
    shown = {name: value for name, value in vars(sheet).items() if name != "blocks"}
    blocks = [(b.kind, b.rows, getattr(b.image, "file_hash", "")) for b in sheet.blocks]
    content = repr([MAKE, kind, made_at.isoformat(), shown, blocks])
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def file_name(sheet: Sheet, kind: str, number: int = 0) -> str:
    """A name that a reader knows the file by: the title, the number of the version, the ending."""
    name = UNFIT.sub(" ", sheet.full_title).strip(" .")[:80] or "policy"
    version = f"-v{number}" if number else ""
    return f"{name}{version}.{KINDS[kind].ending}"


def _count(address: str) -> None:
    """Count one file for this address. Raises `BusyError`. The address itself is not kept."""
    key = f"policy-files-{salted_hmac('policies.official.files', address).hexdigest()[:24]}"
    cache.add(key, 0, PERIOD)
    try:
        count = cache.incr(key)
    except ValueError:  # its time was over between the two
        return
    if count > PER_ADDRESS:
        raise BusyError
