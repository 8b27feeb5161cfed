"""The wrong rows of a file to download: as they were, with what is wrong in a column of their own."""

from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from policies.exporting.workbook import cell_of, start_sheet
from policies.importing import files, tables
from policies.importing.parsing import labels
from policies.models import ImportJob, ImportRow


def write_errors(target: BinaryIO, job: ImportJob) -> None:
    """Write the wrong rows of a file that is still there. Raises ImportFileError, OSError.

    Mended, the file can be uploaded as it is: the columns with the row and the errors are ignored.
    """
    wrong = {
        row.number: row for row in ImportRow.objects.filter(job=job, outcome__in=ImportRow.FAULTY)
    }
    heads: dict[str, None] = {}
    rows = []
    for row in tables.read(files.path_of(job), job.name):
        if row.number in wrong:
            rows.append(row)
            heads |= dict.fromkeys(row.cells)
    for own in (_("Row"), _("Errors")):  # of an errors file that was mended in part
        heads.pop(own, None)
    book = Workbook(write_only=True)
    widths = [(name, 24) for name in heads]
    sheet = start_sheet(book, _("Policies"), [(_("Row"), 8), (_("Errors"), 60), *widths])
    names = labels()
    for row in rows:
        errors = explain(wrong[row.number], names)
        cells = [cell_of(sheet, row.cells.get(name)) for name in heads]
        sheet.append([row.number, cell_of(sheet, errors), *cells])
    book.save(target)


def explain(row: ImportRow, names: dict[str, str]) -> str:
    """All that is wrong with a row, a line for each."""
    return "\n".join(
        f"{names[column]}: {message}" if column in names else message
        for column, message in row.errors
    )
