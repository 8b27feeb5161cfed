"""The empty spreadsheet to fill in: headings, lists to choose from, and a sheet that explains them."""

from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from policies.columns import CHOICE, DATE, YES_NO, Column, imported, listed
from policies.exporting.workbook import DATE_FORMAT, HEAD_FILL, HEAD_FONT
from policies.importing.planning import REQUIRED

ROWS = 5_000


def write_template(target: BinaryIO) -> None:
    """Write the template in the active language."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Policies")
    sheet.freeze_panes = "A2"
    for number, column in enumerate(imported(), 1):
        letter = get_column_letter(number)
        _head(sheet.cell(1, number), f"{column.label}{'*' if column.name in REQUIRED else ''}")
        sheet.column_dimensions[letter].width = column.width
        if column.kind == DATE:
            sheet.column_dimensions[letter].number_format = DATE_FORMAT
        if values := allowed(column):
            sheet.add_data_validation(_list(values, f"{letter}2:{letter}{ROWS}"))
    _explain(book.create_sheet(_("Explanations")))
    book.save(target)


def allowed(column: Column) -> list[str]:
    if column.kind == CHOICE:
        return [str(label) for _code, label in column.choices]
    return [_("yes"), _("no")] if column.kind == YES_NO else []


def _list(values: list[str], cells: str) -> DataValidation:
    validation = DataValidation(type="list", formula1=f'"{",".join(values)}"', allow_blank=True)
    validation.error = _("Choose one of the list.")
    validation.errorTitle = _("Not in the list")
    validation.showErrorMessage = True
    validation.add(cells)
    return validation


def _head(cell, text: str) -> None:
    cell.value, cell.font, cell.fill = text, HEAD_FONT, HEAD_FILL


def _explain(sheet) -> None:
    heads = [_("Column"), _("Name for programs"), _("What belongs in it"), _("Allowed")]
    for number, (text, width) in enumerate(zip(heads, (28, 22, 70, 60), strict=True), 1):
        _head(sheet.cell(1, number), text)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for column in imported():
        sheet.append([str(column.label), column.name, str(column.hint), listed(allowed(column))])
    sheet.append([])
    for line in rules():
        sheet.append([None, None, line])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def rules() -> list[str]:
    """What holds for the whole file."""
    return [
        _("One policy a row. Columns that you don't need may be left out; their order is free."),
        _("An empty cell leaves what the library has. [clear] empties it."),
        _(
            "A policy that the library has is found by the number here, the number at the source "
            "with the title, the document number or the index number."
        ),
        _("Nothing is imported while a row is wrong, unless you choose to leave such rows out."),
    ]
