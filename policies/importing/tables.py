"""Reads files of policies row by row, spreadsheets and CSV itself: never more than a few rows in memory.

Every reader yields `Row`s. What is wrong with the whole file raises `ImportFileError`; what is wrong
with one row is said by that row.
"""

import codecs
import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from base.cells import unescape
from policies.columns import EXPIRED, heading, known_headings, listed
from policies.importing import office
from policies.importing.archives import MEGABYTE, check_office_file, damaged
from policies.importing.errors import ImportFileError

MAX_FILE = 60 * MEGABYTE
MAX_ROWS = 20_000
MAX_COLUMNS = 200
# One line of JSON, one cell of CSV: longer than any law.
MAX_LINE = 4 * MEGABYTE
# Above the headings a sheet may have a title.
HEADING_ROWS = 10
DELIMITERS = ",;\t|，；"
KINDS = ("xlsx", "csv", "jsonl", "jsonl.gz", "json", "docx", "zip")


@dataclass
class Row:
    """One policy of a file. `cells` are {heading as the file has it: what stands there}."""

    number: int
    cells: dict[str, object] = field(default_factory=dict)
    # What is wrong with the row as such.
    error: str = ""


def kind_of(name: str) -> str:
    """The kind of a file by its name. Raises ImportFileError for others."""
    lower = name.lower()
    for kind in sorted(KINDS, key=len, reverse=True):
        if lower.endswith(f".{kind}"):
            return kind
    if lower.endswith((".xls", ".doc", ".wps", ".et")):
        raise ImportFileError(
            _(
                "This is a file of an old or another program. Save it as .xlsx or .docx and try again."
            )
        )
    raise ImportFileError(
        _("Files of this kind are not read. These are: %(kinds)s.")
        % {"kinds": listed(f".{kind}" for kind in KINDS)}
    )


def read(path: Path, name: str) -> Iterator[Row]:
    """The rows of a file.

    Args:
        path: where it lies.
        name: what it was called: the ending says what it is.

    Raises:
        ImportFileError: it can't be read, at once or on the way.
    """
    from policies.importing import records, word  # they make rows of this module

    if path.stat().st_size > MAX_FILE:
        raise ImportFileError(too_large())
    readers = {
        "xlsx": read_xlsx,
        "csv": read_csv,
        "jsonl": records.read_json_lines,
        "jsonl.gz": records.read_json_lines,
        "json": records.read_json,
        "docx": word.read_docx,
        "zip": word.read_zip,
    }
    kind = kind_of(name)
    for count, row in enumerate(readers[kind](path), 1):
        if count > MAX_ROWS:
            raise ImportFileError(
                _("More than %(rows)s rows. Divide the file.") % {"rows": MAX_ROWS}
            )
        yield row


def too_large() -> str:
    return _("The file is larger than %(size)s MB. Divide it.") % {"size": MAX_FILE // MEGABYTE}


# --- Headings -------------------------------------------------------------------------------


def is_known(cell: object) -> bool:
    text = heading(cell)
    return text in known_headings() or text in EXPIRED


def check_headings(names: list[str]) -> None:
    """Raises ImportFileError when rows can't be read by these headings."""
    if not any(is_known(name) for name in names):
        raise ImportFileError(no_headings())
    seen: dict[str, str] = {}
    for name in names:
        column = known_headings().get(heading(name))
        if column is None:
            continue
        if column.name in seen:
            raise ImportFileError(
                _("Two columns mean the same: “%(one)s” and “%(other)s”.")
                % {"one": seen[column.name], "other": name}
            )
        seen[column.name] = name
    if "title" not in seen and "id" not in seen:
        raise ImportFileError(
            _("A column with the title is missing. Its heading may be “标题” or “title”.")
        )


def no_headings() -> str:
    return _("No row with known headings was found. Take the template: it has them all.")


def named(names: list[str], values: list[object]) -> dict[str, object]:
    """The cells of a spreadsheet's row by their headings, without the quotes of our own export."""
    return {
        name: unescape(value) if isinstance(value, str) else value
        for name, value in zip(names, values, strict=False)
        if name
    }


# --- XLSX -----------------------------------------------------------------------------------


def read_xlsx(path: Path) -> Iterator[Row]:
    check_office_file(path)
    names: list[str] = []
    with office.reader() as reader:
        for number, packed in reader.read("xlsx", path):
            values = [office.cell(value) for value in packed]
            if names:
                yield _sheet_row(number, names, values)
            elif any(map(is_known, values)):
                names = ["" if value is None else str(value).strip() for value in values]
                check_headings(names)
            elif number >= HEADING_ROWS:
                break
    if not names:
        raise ImportFileError(no_headings())


def _sheet_row(number: int, names: list[str], values: list[object]) -> Row:
    if office.TOO_LONG in values:
        return Row(number, error=_("A cell is longer than any text that is read here."))
    return Row(number, named(names, values))


# --- CSV ------------------------------------------------------------------------------------


def read_csv(path: Path) -> Iterator[Row]:
    encoding = _encoding(path)
    csv.field_size_limit(MAX_LINE)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file)
        reader = csv.reader(file, delimiter=delimiter)
        names: list[str] = []
        try:
            for values in reader:
                if not any(value.strip() for value in values):
                    continue
                if not names:
                    if any(map(is_known, values)):
                        names = [value.strip() for value in values]
                        check_headings(names)
                    elif reader.line_num >= HEADING_ROWS:
                        break
                    continue
                row = Row(reader.line_num, named(names, values[:MAX_COLUMNS]))
                if len(values) > len(names) and any(v.strip() for v in values[len(names) :]):
                    row.error = _(
                        "The row has more cells than there are headings: text with a separator in "
                        "it needs quotes."
                    )
                yield row
        except csv.Error as error:
            raise ImportFileError(
                _("Line %(line)s can't be read as CSV: %(error)s.")
                % {"line": reader.line_num, "error": error}
            ) from error
    if not names:
        raise ImportFileError(no_headings())


def _encoding(path: Path) -> str:
    """UTF-8, UTF-16 with its mark, or GB 18030, whichever the whole file can be read by."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(MEGABYTE):
                    if "\x00" in decoder.decode(chunk):
                        raise ImportFileError(damaged())
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise ImportFileError(_("The text is neither UTF-8 nor GB 18030. Save it as CSV UTF-8."))


def _delimiter(file) -> str:
    """What parts the cells: the sign by which most headings are known."""
    lines = [file.readline(MAX_LINE) for _number in range(HEADING_ROWS)]
    file.seek(0)

    def known(delimiter: str) -> int:
        rows = csv.reader([line for line in lines if line.strip()], delimiter=delimiter)
        try:
            return max((sum(map(is_known, row)) for row in rows), default=0)
        except csv.Error:
            return 0

    return max(DELIMITERS, key=known)


def tidy_name(name: str) -> str:
    """The name of an uploaded file, as it may be shown and stored."""
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    return name.replace("\\", "/").rpartition("/")[2][-150:] or "file"
