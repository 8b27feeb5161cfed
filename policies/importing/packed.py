"""Files that are packed folders (XLSX, Word, ZIP): whether unpacking them is harmless."""

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from policies.importing.errors import ImportFileError

MEGABYTE = 1024 * 1024
# Of a packed file, unpacked.
MAX_UNPACKED = 300 * MEGABYTE
MAX_PARTS = 5_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def unpacked_too_large() -> str:
    return _("Unpacked, the file is larger than %(size)s MB. Divide it.") % {
        "size": MAX_UNPACKED // MEGABYTE
    }


def check_zip(path: Path) -> list[zipfile.ZipInfo]:
    """The parts of a packed file, when unpacking them is harmless. Raises ImportFileError."""
    with path.open("rb") as file:
        if file.read(8) == OLE:
            raise ImportFileError(
                _("The file is protected by a password, or of an old program. Save it without one.")
            )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    # NotImplementedError is what zipfile raises for a format of the archive that it doesn't know.
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise ImportFileError(damaged()) from error
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise ImportFileError(unpacked_too_large())
    if any(part.flag_bits & 1 for part in parts):
        raise ImportFileError(_("The file is protected by a password. Save it without one."))
    return parts


def damaged() -> str:
    return _("The file is damaged, or not of the kind that its name says.")
