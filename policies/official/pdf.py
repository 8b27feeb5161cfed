"""A sheet as tagged PDF (PDF/UA-1), set by typst. Decision 0011 says why."""

import json
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

import typst
from django.utils import timezone

from policies.official import pictures
from policies.official.errors import FileError
from policies.official.glyphs import font_folder, shown
from policies.official.layout import (
    Block,
    Sheet,
    foot_lines,
    labels,
    running_mark,
    table_rows,
)

TEMPLATE = Path(__file__).with_name("sheet.typ")
# PDF/UA asks for tags, a title and a language, and refuses what has no sign.
STANDARD = "ua-1"


def make_pdf(sheet: Sheet, *, made_at: datetime | None = None, form: str = "pdf", **options):
    """The sheet as bytes. Raises `FileError` when typst can't set it.

    `form` and `options` go to typst: `form="png", ppi=72.0` gives pictures of the pages, to look at.
    """
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        data = json.dumps(_data(sheet, Path(folder)), ensure_ascii=False)
        if form == "pdf":
            options["pdf_standards"] = STANDARD
        try:
            return typst.compile(
                TEMPLATE.read_bytes(),
                root=folder,
                font_paths=_fonts(),
                format=form,
                sys_inputs={"sheet": data},
                timestamp=int((made_at or timezone.now()).timestamp()),
                **options,
            )
        except typst.TypstError as error:
            raise FileError(error.message) from error


@cache
def _fonts() -> typst.Fonts:
    # Nothing of the machine: the same document looks the same wherever it is made.
    return typst.Fonts(include_system_fonts=False, font_paths=[str(font_folder())])


def _data(sheet: Sheet, folder: Path) -> dict:
    """Everything that the template reads, with signs that the fonts have."""
    language, _, region = sheet.language.partition("-")
    data = {
        "language": language,
        "region": "cn" if region in ("", "hans") and language == "zh" else None,
        # PDF/UA wants a title and no empty heading, so nothing is asked of a text that has no signs.
        "title": shown(sheet.full_title).strip() or "–",
        "author": sheet.signature or [],
        "keywords": [sheet.number] if sheet.number else [],
        "mark": running_mark(sheet),
        "labels": labels(),
        "blocks": [
            _block(block, folder, at)
            for at, block in enumerate(sheet.blocks)
            if block.kind != "heading" or shown(block.rows[0].parts[0]).strip()
        ],
        "facts": sheet.facts,
        "foot": foot_lines(sheet),
        "has_imprint": sheet.has_imprint,
    }
    for name in (
        "heading",
        "number",
        "signatory",
        "byline",
        "addressees",
        "attachments",
        "signature",
        "day",
        "annotation",
        "copies_to",
        "printed_by",
        "printed_on",
        "notices",
    ):
        data[name] = getattr(sheet, name)
    return _shown(data)


def _block(block: Block, folder: Path, at: int) -> dict:
    made = {
        "kind": block.kind,
        "rows": [
            {
                "cells": [_cell(cell) for cell in row.cells],
                "number": row.number,
                "depth": row.depth,
            }
            for row in block.rows
        ],
    }
    if block.kind in ("fact", "figure"):
        made["head"], rows = table_rows(block)
        for row, cells in zip(made["rows"], rows, strict=True):
            row["cells"] = [_cell(cell) for cell in cells]
    if block.kind == "picture":
        made["file"], made["alt"] = _picture(block, folder, at)
    return made


def _cell(runs) -> list[dict]:
    return [
        {"t": run.text, "b": run.bold, "h": run.href if shown(run.text).strip() else ""}
        for run in runs
    ]


def _picture(block: Block, folder: Path, at: int) -> tuple[str, str]:
    """Write the picture into the folder; its name ("" without one) and what is to be seen."""
    row = block.rows[0]
    photograph = pictures.photograph(block)
    content = photograph or pictures.drawing_svg(row.drawing)
    if content is None:
        return "", ""
    name = f"{at}.{'jpg' if photograph else 'svg'}"
    (folder / name).write_bytes(content)
    return name, row.parts[-1] or row.parts[0] or "–"


def _shown(value):
    """All texts in a structure with signs that the fonts have."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {key: _shown(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(part) for part in value]
    return value
