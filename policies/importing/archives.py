"""Packed files (.xlsx, .docx, .zip): whether unpacking them is harmless is found out before they are read.

What a packed file says of its parts need not be true: the libraries that read spreadsheets and Word
files unpack a part whole and cut it at the size it claims, so the parts are unpacked here first, in pieces.
"""

import copy
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from policies.importing.errors import ImportFileError

MEGABYTE = 1024 * 1024
# Of a packed file, unpacked.
MAX_UNPACKED = 300 * MEGABYTE
# Of what is held in memory as a tree: all of a Word file, of a spreadsheet everything but its rows.
MAX_HELD = 40 * MEGABYTE
ROWS = ("xl/worksheets/", "xl/sharedStrings.xml")
MAX_PARTS = 5_000
# Others make gigabytes of a few bytes at once, and no office program packs with them.
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What damaged files, and those made to do harm, let the libraries raise.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


def damaged() -> str:
    return _("The file is damaged, or not of the kind that its name says.")


def unpacked_too_large(limit: int | None = None) -> str:
    return _("Unpacked, the file is larger than %(size)s MB. Divide it.") % {
        "size": (limit or MAX_UNPACKED) // MEGABYTE
    }


def parts_of(path: Path) -> list[zipfile.ZipInfo]:
    """The parts of a packed file, by what it says of them. Raises ImportFileError."""
    with path.open("rb") as file:
        if file.read(8) == OLE:
            raise ImportFileError(
                _("The file is protected by a password, or of an old program. Save it without one.")
            )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except UNREADABLE as error:
        raise ImportFileError(damaged()) from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ImportFileError(unpacked_too_large())
    if any(part.flag_bits & 1 for part in parts):
        raise ImportFileError(_("The file is protected by a password. Save it without one."))
    return parts


def check_office_file(path: Path) -> None:
    """Find out that a spreadsheet or a Word file can be unpacked whole. Raises ImportFileError."""
    parts = parts_of(path)
    if sum(part.file_size for part in parts if not part.filename.startswith(ROWS)) > MAX_HELD:
        raise ImportFileError(unpacked_too_large(MAX_HELD))
    try:
        with zipfile.ZipFile(path) as archive:
            for part in parts:
                unpack(archive, part)
    except UNREADABLE as error:
        raise ImportFileError(damaged()) from error


def unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, target: BinaryIO | None = None) -> None:
    """Unpack a part in pieces, into `target` or into nothing.

    Raises ImportFileError when there is more of it than it says, and what UNREADABLE names.
    """
    if part.compress_type not in METHODS:
        raise ImportFileError(damaged())
    longer = copy.copy(part)
    longer.file_size += 1  # where zipfile stops reading
    left = part.file_size
    with archive.open(longer) as source:
        while piece := source.read(MEGABYTE):
            left -= len(piece)
            if left < 0:
                raise ImportFileError(damaged())
            if target is not None:
                target.write(piece)
