"""Word and PDF of a sheet, made when they are asked for."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from base.made_files import file_name as fit_name
from base.made_files import kept_or_made
from policies.official.errors import TooLongError
from policies.official.layout import Sheet
from policies.official.pdf import make_pdf

# Grows when the same sheet would make another file.
MAKE = 1
# Characters of a document beyond which nothing is made on demand.
MOST_CHARACTERS = 400_000


@dataclass(frozen=True)
class Kind:
    ending: str
    media_type: str
    make: Callable[..., bytes]


def make_word(sheet: Sheet, **how) -> bytes:
    from policies.official import word  # python-docx is for those who ask for a file

    return word.make_word(sheet, **how)


KINDS = {
    "word": Kind(
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        make_word,
    ),
    "pdf": Kind("pdf", "application/pdf", make_pdf),
}


def file_of(sheet: Sheet, kind: str, *, made_at: datetime, address: str) -> bytes:
    """The sheet as a file of a kind of KINDS, kept or made now (`base.made_files`).

    `made_at` becomes the file's own date, `address` is where the reader comes from. Raises
    `TooLongError`, `BusyError`, and `FileError` when it can't be made.
    """
    if sum(len(row.text) for block in sheet.blocks for row in block.rows) > MOST_CHARACTERS:
        raise TooLongError
    key = fingerprint(sheet, kind, made_at)
    return kept_or_made(key, lambda: KINDS[kind].make(sheet, made_at=made_at), address=address)


def fingerprint(sheet: Sheet, kind: str, made_at: datetime) -> str:
    """SHA-256 over everything that a file is made of."""
    shown = {name: value for name, value in vars(sheet).items() if name != "blocks"}
    blocks = [(b.kind, b.rows, getattr(b.image, "file_hash", "")) for b in sheet.blocks]
    content = repr([MAKE, kind, made_at.isoformat(), shown, blocks])
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def file_name(sheet: Sheet, kind: str, number: int = 0) -> str:
    """A name that a reader knows the file by: the title, the number of the version, the ending."""
    version = f"-v{number}" if number else ""
    return fit_name(sheet.full_title, f"{version}.{KINDS[kind].ending}", default="policy")
