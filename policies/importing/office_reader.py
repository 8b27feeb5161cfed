"""Reads spreadsheets and Word files. A program of its own, started by policies/importing/office.py.

A few kilobytes can be made so that the libraries that read them need gigabytes or hours; here they can
only end this process. So nothing of Django or of the site is imported, and all of it stands in this one
file: `-I` keeps Python from finding a second one beside it.

    python -I policies/importing/office_reader.py LIMITS

LIMITS are the fields of `Limits` as JSON. Each line of the input is [kind, path] as JSON; the answer is a
line for each row or for the document, and at its end ["end"], or ["error", code].
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Limits:
    """What reading may cost, all files that one process reads together.

    seconds     of the processor
    memory      bytes
    columns     of a spreadsheet; what is further right is not read
    empty       rows without a word, after which a sheet counts as ended
    characters  of one cell or paragraph
    """

    seconds: int = 600
    memory: int = 1024 * 1024 * 1024
    columns: int = 200
    empty: int = 1_000
    characters: int = 4 * 1024 * 1024
    sheets: tuple[str, ...] = ()
    table_columns: int = 63


class DamagedError(Exception):
    """The file says something that no office program writes."""


def read_xlsx(path: str, limits: Limits) -> Iterator[list]:
    """[number of the row, its cells]; rows without a word are left out."""
    # Neither is needed to read, and both take memory and threads of their own.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    os.environ["OPENPYXL_LXML"] = "False"
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    if not book.worksheets:
        yield ["error", "no sheet"]
        return
    named = (one for one in book.worksheets if one.title.strip().lower() in limits.sheets)
    sheet = next(named, book.worksheets[0])
    sheet.reset_dimensions()  # some programs write wrong ones
    empty = 0
    for number, values in enumerate(
        sheet.iter_rows(values_only=True, max_col=limits.columns), start=1
    ):
        if all(value in (None, "") for value in values):
            empty += 1
            if empty > limits.empty:
                return
            continue
        empty = 0
        yield [number, [packed(value, limits) for value in values]]


def packed(value: object, limits: Limits) -> object:
    """A cell as JSON has it: days and times as {kind: text}, a text that is too long as {"long": …}."""
    if isinstance(value, str) and len(value) > limits.characters:
        return {"long": len(value)}
    for kind in (datetime, date, time):
        if isinstance(value, kind):
            return {kind.__name__: value.isoformat()}
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    return value


def read_docx(path: str, limits: Limits) -> Iterator[list]:
    """["p", text] for each paragraph and ["t", rows of texts] for each table, in their order."""
    from docx import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for piece in Document(path).iter_inner_content():
        if isinstance(piece, Paragraph):
            text = piece.text
            if len(text) > limits.characters:
                raise DamagedError
            if text.strip():
                yield ["p", text]
        elif isinstance(piece, Table):
            yield ["t", [texts_of(row, limits) for row in piece.rows]]


def texts_of(row, limits: Limits) -> list[str]:
    """The texts of the cells of a row of a table; joined cells are one."""
    # A cell that says it spans a thousand million would be given as often.
    if any(cell.grid_span > limits.table_columns for cell in row._tr.tc_lst):
        raise DamagedError
    return list({id(cell._tc): cell.text for cell in row.cells}.values())


READERS = {"xlsx": read_xlsx, "docx": read_docx}


def answer(kind: str, path: str, limits: Limits) -> Iterator[list]:
    try:
        yield from READERS[kind](path, limits)
    except ImportError:
        raise  # a fault of the installation, not of the file
    except MemoryError:
        yield ["error", "too much memory"]
    except Exception:  # noqa: BLE001 - parsers of broken files fail in every way there is
        yield ["error", "damaged"]
    else:
        yield ["end"]


def confine(limits: Limits) -> None:
    """Give this process what `limits` allow and no more, and let the site's own processes go first."""
    import resource

    for name, value in [
        ("RLIMIT_AS", limits.memory),
        ("RLIMIT_CPU", limits.seconds),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ]:
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (OSError, ValueError):  # macOS knows the name of the memory limit only
            continue
    os.nice(5)


def main(arguments: list[str]) -> None:
    given = json.loads(arguments[0])
    limits = Limits(**given | {"sheets": tuple(given.get("sheets", ()))})
    confine(limits)
    for line in sys.stdin:
        kind, path = json.loads(line)
        for piece in answer(kind, path, limits):
            sys.stdout.write(f"{json.dumps(piece)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
