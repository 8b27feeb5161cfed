"""Reads JSON Lines, packed or not, and JSON: our own export, or a list of records."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from policies.importing import archives, tables
from policies.importing.archives import damaged, unpacked_too_large
from policies.importing.errors import ImportFileError
from policies.importing.tables import Row


def read_json_lines(path: Path) -> Iterator[Row]:
    opener = gzip.open if _is_gzip(path) else Path.open
    unpacked = 0
    try:
        with opener(path, "rb") as file:
            number = 0
            while line := file.readline(tables.MAX_LINE + 1):
                number += 1
                unpacked += len(line)
                if unpacked > archives.MAX_UNPACKED:
                    raise ImportFileError(unpacked_too_large())
                if len(line) > tables.MAX_LINE:
                    raise ImportFileError(_("Line %(line)s is too long.") % {"line": number})
                if line.strip():
                    yield _record(number, line)
    except (gzip.BadGzipFile, EOFError, OSError, zlib.error) as error:
        raise ImportFileError(damaged()) from error


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _record(number: int, line: bytes) -> Row:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Row(number, error=_("The line is no JSON in UTF-8."))
    return _row_of(number, record)


def _row_of(number: int, record: object) -> Row:
    wrong = Row(number, error=_("The record is no object with names and values."))
    if not isinstance(record, dict):
        return wrong
    try:
        return Row(number, {str(name): _flat(value) for name, value in record.items()})
    except RecursionError:  # JSON was read, but lists in lists go too deep for a cell
        return wrong


def _flat(value: object) -> object:
    """A value of JSON as a cell: of {"code", "label"} the code, a list joined."""
    if isinstance(value, dict):
        return _flat(value.get("code"))
    if isinstance(value, list):
        return "、".join(str(_flat(part)) for part in value)
    return value


def read_json(path: Path) -> Iterator[Row]:
    """Our own export, or a list of records."""
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ImportFileError(_("The file is no JSON in UTF-8.")) from error
    records = content.get("policies") if isinstance(content, dict) else content
    if not isinstance(records, list):
        raise ImportFileError(_("The file has no list of policies."))
    for number, record in enumerate(records, 1):
        yield _row_of(number, record)
