"""Tables as spreadsheets that Excel opens in Chinese: text stays text, numbers and days are what they are."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from base.cells import safe_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
BOM = "\ufeff"  # without it spreadsheets misread Chinese in CSV
HEAD = Font(bold=True)


def plain(value: object) -> object:
    """A value as both kinds of file have it: a moment by the clock of the house, to the minute."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if value is None or isinstance(value, int | float):
        return value
    return safe_cell(str(value))


def write_xlsx(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence]]]) -> bytes:
    """A workbook of sheets of (title, headings, rows)."""
    book = Workbook(write_only=True)
    for title, heads, rows in sheets:
        sheet = book.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, head, bold=True) for head in heads])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet, value: object, *, bold: bool = False) -> object:
    value = plain(value)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value or None)
    if cell.value is not None:
        cell.data_type = "s"  # whatever it looks like
    if bold:
        cell.font = HEAD
    return cell


def write_csv(heads: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow(["" if value is None else plain(value) for value in row])
    return (BOM + file.getvalue()).encode()
