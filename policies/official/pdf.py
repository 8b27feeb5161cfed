"""A sheet as tagged PDF (PDF/UA-1)."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from base.glyphs import shown
from base.typesetting import TypesettingError, typeset
from policies.official import pictures
from policies.official.content import heading_levels
from policies.official.errors import FileError
from policies.official.layout import (
    Block,
    Sheet,
    foot_lines,
    labels,
    running_mark,
    table_rows,
)

TEMPLATE = Path(__file__).with_name("sheet.typ")


def make_pdf(sheet: Sheet, *, made_at: datetime | None = None, form: str = "pdf", **options):
    """The sheet as bytes. Raises `FileError` when typst can't set it.

    `form` and `options` go to typst: `form="png", ppi=72.0` gives pictures of the pages, to look at.
    """
    files = {}
    data = _data(sheet, files)
    try:
        return typeset(TEMPLATE, data, form=form, files=files, made_at=made_at, **options)
    except TypesettingError as error:
        raise FileError(str(error)) from error


def _data(sheet: Sheet, files: dict[str, bytes]) -> dict:
    """Everything that the template reads; the pictures go into `files`."""
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
            _block(block, files, at)
            for at, block in enumerate(_without_empty_headings(sheet.blocks))
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
    return data


def _without_empty_headings(blocks: list[Block]) -> list[Block]:
    """The blocks less headings without a sign; what stood below one moves up, for no level may be skipped."""
    kept = [one for one in blocks if one.kind != "heading" or shown(one.rows[0].parts[0]).strip()]
    headings = [one for one in kept if one.kind == "heading"]
    levels = heading_levels([one.rows[0] for one in headings])
    moved = {id(one): replace(one, rows=[row]) for one, row in zip(headings, levels, strict=True)}
    return [moved.get(id(one), one) for one in kept]


def _block(block: Block, files: dict[str, bytes], at: int) -> dict:
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
        made["file"], made["alt"] = _picture(block, files, at)
    return made


def _cell(runs) -> list[dict]:
    return [
        {"t": run.text, "b": run.bold, "h": run.href if shown(run.text).strip() else ""}
        for run in runs
    ]


def _picture(block: Block, files: dict[str, bytes], at: int) -> tuple[str, str]:
    """Put the picture among the files; its name ("" without one) and what is to be seen."""
    row = block.rows[0]
    photograph = pictures.photograph(block)
    content = photograph or pictures.drawing_svg(row.drawing)
    if content is None:
        return "", ""
    name = f"{at}.{'jpg' if photograph else 'svg'}"
    files[name] = content
    return name, row.parts[-1] or row.parts[0] or "–"
