"""Reads Word files: one file is one policy, with its data in a table or in lines above the text."""

import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from policies.columns import heading, known_headings
from policies.importing import office
from policies.importing.archives import UNREADABLE, check_office_file, damaged, parts_of, unpack
from policies.importing.errors import ImportFileError
from policies.importing.tables import Row, is_known

# "发文字号：晋政发〔2023〕12号" above the text.
_LINE = re.compile(r"([^：:]{1,16})\s*[：:]\s*(.+)")
# The text begins at the latest here.
HEAD_LINES = 40
FILE_CELL = "file"


def read_docx(path: Path, number: int = 1) -> Iterator[Row]:
    with office.reader() as reader:
        yield read_document(reader, path, number)


def read_zip(path: Path) -> Iterator[Row]:
    """Each Word file of a packed folder."""
    parts = [part for part in parts_of(path) if _is_word(part)]
    if not parts:
        raise ImportFileError(_("There is no Word file (.docx) in it."))
    with (
        zipfile.ZipFile(path) as archive,
        tempfile.TemporaryDirectory() as folder,
        office.reader() as reader,
    ):
        for number, part in enumerate(parts, 1):
            yield _read_part(reader, archive, part, number, Path(folder) / "part.docx")


def _read_part(
    reader: office.Reader,
    archive: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    number: int,
    copy: Path,
) -> Row:
    """A Word file of a packed folder, unpacked to `copy`; a wrong row where it can't be read.

    Raises ImportFileError when all files together take longer than they may.
    """
    name = name_of(part)
    try:
        with copy.open("wb") as target:
            unpack(archive, part, target)
        return read_document(reader, copy, number, name)
    except office.ReaderEndedError:
        raise
    except ImportFileError as error:
        return Row(number, {FILE_CELL: name}, str(error))
    except UNREADABLE:
        return Row(number, {FILE_CELL: name}, damaged())


def _is_word(part: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(part.filename).name
    return name.lower().endswith(".docx") and not name.startswith(("~$", "._"))


def name_of(part: zipfile.ZipInfo) -> str:
    """The name of a part; packing programs of Chinese Windows write it in GBK without saying so."""
    name = part.filename
    if not part.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gbk")
        except UnicodeError:
            name = part.filename
    return PurePosixPath(name).name


def read_document(reader: office.Reader, path: Path, number: int, name: str = "") -> Row:
    """One Word file as a row. Raises ImportFileError."""
    check_office_file(path)
    cells, lines = _content(list(reader.read("docx", path)))
    if name:
        cells[FILE_CELL] = name
    title = lines.pop(0) if lines and not _has(cells, "title") else ""
    if title:
        cells["title"] = title
    if not _has(cells, "body"):
        cells["body"] = "\n".join(lines)
    return Row(number, cells)


def _has(cells: dict, column: str) -> bool:
    return any((c := known_headings().get(heading(name))) and c.name == column for name in cells)


def _content(pieces: list) -> tuple[dict[str, object], list[str]]:
    """What stands in tables and lines of data, and the lines of the text."""
    cells: dict[str, object] = {}
    lines: list[str] = []
    head = True
    for number, (kind, content) in enumerate(pieces):
        head = head and number < HEAD_LINES
        if kind == "t":
            found = _pairs(content) if head else {}
            if found:
                cells |= found
            else:
                lines += _table_lines(content)
            continue
        for line in content.splitlines():
            match = _LINE.fullmatch(line.strip()) if head else None
            if match and is_known(match[1]):
                cells[match[1]] = match[2].strip()
            elif line.strip():
                # The title comes before the data, or after; the second line of text ends the head.
                lines.append(line.strip())
                head = head and len(lines) < 2
    return cells, lines


def _pairs(rows: list[list[str]]) -> dict[str, object]:
    """A table of headings and values side by side; nothing for a table of the text."""
    found: dict[str, object] = {}
    for texts in rows:
        for name, value in zip(texts[::2], texts[1::2], strict=False):
            if is_known(name):
                found[name.strip()] = value
    return found


def _table_lines(rows: list[list[str]]) -> list[str]:
    lines = (" ".join(dict.fromkeys(text.strip() for text in texts)) for texts in rows)
    return [line for line in lines if line.strip()]


def pack(files: list) -> BinaryIO:
    """Several uploaded files as one packed file, open for reading."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 who reads it closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number, file in enumerate(files, 1):
            # Two files of one name are two policies.
            archive.writestr(f"{number}/{file.name}", file.read())
    target.seek(0)
    return target
