"""Policies as a spreadsheet that Excel opens in Chinese: safe cells, real dates, headings that stay."""

import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from base.cells import LONGEST_CELL, safe_cell
from policies.columns import BODY, CHOICE, YES_NO, Column, columns, public
from policies.exporting.records import clause_record, value_of
from policies.models import Clause, PolicyPage

HEAD_FONT = Font(bold=True)
HEAD_FILL = PatternFill("solid", fgColor="F3E9DC")
DATE_FORMAT = "yyyy-mm-dd"
# Excel has no days before this one.
FIRST_DAY = date(1900, 3, 1)
# A sheet holds this many links.
MAX_LINKS = 65_000
# Longer texts stay out: cut, they would be taken for the whole when the file is imported again.
LONGEST_TEXT = LONGEST_CELL - 2


def write_public(target: BinaryIO, pages: Iterable[PolicyPage], clauses: Iterable[Clause]) -> None:
    """The policies that readers see, without their texts, and the clauses that may be shown."""
    book = Workbook(write_only=True)
    shown = [column for column in public() if column.kind != BODY]
    heads = [(str(column.label), column.width) for column in shown]
    sheet = start_sheet(book, _("Policies"), [*heads, (_("Address"), 50)])
    for number, page in enumerate(pages):
        cells = [cell_of(sheet, _for_people(page, column)) for column in shown]
        sheet.append([*cells, _link(sheet, page.full_url, number)])
    _write_clauses(book, clauses)
    book.save(target)


def write_all(target: BinaryIO, pages: Iterable[PolicyPage]) -> None:
    """Every policy with its text, drafts too, as the import takes it in again, and when it was checked."""
    book = Workbook(write_only=True)
    every = columns()
    heads = [(str(column.label), column.width) for column in every]
    sheet = start_sheet(
        book,
        _("Policies"),
        [*heads, (_("State of publication"), 12), (_("Address"), 50), (_("Remarks"), 40)],
    )
    for number, page in enumerate(pages):
        remark, cells = "", []
        for column in every:
            value = _for_import(page, column)
            if isinstance(value, str) and len(value) > LONGEST_TEXT:
                remark = _("The text is too long for a cell; the JSON export has it.")
                value = ""
            cells.append(cell_of(sheet, value))
        state = _("Published") if page.live else _("Draft")
        link = _link(sheet, page.full_url if page.live else "", number)
        sheet.append([*cells, state, link, remark])
    book.save(target)


def start_sheet(book: Workbook, title: str, heads: list[tuple[str, int]]):
    """A sheet with headings of (text, width), which stay while one scrolls."""
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, (_label, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    cells = []
    for label, _width in heads:
        cell = WriteOnlyCell(sheet, safe_cell(label))
        cell.font, cell.fill = HEAD_FONT, HEAD_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cells.append(cell)
    sheet.append(cells)
    return sheet


def cell_of(sheet, value: object) -> object:
    """A value as a cell of a sheet: days as days, text as text whatever it begins with."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if isinstance(value, date):
        if value < FIRST_DAY:
            return value.isoformat()
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = DATE_FORMAT
        return cell
    if isinstance(value, str):
        # As text, whatever it looks like.
        cell = WriteOnlyCell(sheet, safe_cell(value) or None)
        if cell.value is not None:
            cell.data_type = "s"
        return cell
    if value is None or isinstance(value, bool) or (_is_number(value) and abs(value) < 1e15):
        return value
    return cell_of(sheet, str(value))


def _is_number(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def _link(sheet, address: str | None, number: int) -> object:
    cell = WriteOnlyCell(sheet, safe_cell(address or "") or None)
    if address and address.startswith(("https://", "http://")) and number < MAX_LINKS:
        cell.hyperlink = address
    return cell


def _for_people(page: PolicyPage, column: Column) -> object:
    if column.name == "validity":
        return page.validity_label
    return _in_words(column, value_of(page, column))


def _for_import(page: PolicyPage, column: Column) -> object:
    return _in_words(column, value_of(page, column))


def _in_words(column: Column, value: object) -> object:
    if column.kind == CHOICE:
        return str(dict(column.choices).get(value, value or ""))
    if column.kind == YES_NO:
        return _("yes") if value else _("no")
    return value


CLAUSE_HEADS = {
    "policy_title": 40,
    "title": 40,
    "support": 14,
    "audience": 40,
    "offer": 40,
    "cap": 12,
    "cap_unit": 12,
    "cap_note": 24,
    "requirements": 40,
    "materials": 40,
    "opens_on": 13,
    "closes_on": 13,
    "ends_on": 13,
    "apply_at": 30,
    "apply_url": 40,
    "contact": 24,
    "legal_basis": 40,
    "locator": 16,
    "quote": 40,
    "review": 24,
    "reviewed_on": 13,
    "reviewed_by": 24,
    "is_sample": 8,
}


def clause_label(name: str) -> str:
    labels = {"policy_title": _("Policy"), "cap_note": _("Note on the amount")}
    return str(labels.get(name) or Clause._meta.get_field(name).verbose_name)


def _write_clauses(book: Workbook, clauses: Iterable[Clause]) -> None:
    heads = [(clause_label(name), width) for name, width in CLAUSE_HEADS.items()]
    sheet = start_sheet(book, _("Clauses"), heads)
    for clause in clauses:
        record = clause_record(clause)
        sheet.append([cell_of(sheet, value) for value in _clause_values(record)])


def _clause_values(record: dict) -> Iterator[object]:
    for name in CLAUSE_HEADS:
        value = record[name]
        if isinstance(value, dict):
            value = value["label"]
        elif isinstance(value, list):
            value = "\n".join(value)
        elif isinstance(value, bool):
            value = _("yes") if value else _("no")
        elif name.endswith("_on") and value:
            value = date.fromisoformat(value)
        yield value
