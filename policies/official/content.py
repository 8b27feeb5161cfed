"""The text of a policy as plain paragraphs: what is recorded, compared, printed and put into files.

Made of the stored JSON of a body, so that it needs no query and can be made of any revision, too.
Whatever is no paragraph by nature keeps its parts: a row of a table is a paragraph with cells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from base.glyphs import clean
from policies.official.rich_text import read_rich_text
from policies.official.words import Run

# Kinds that stand together as one table, one list.
TABLES = {"fact", "figure"}
LISTS = {"item"}


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. `kind` is heading, text, item, quote, notice, fact, figure, step, link, document
    or picture.

    `cells` are its parts, most kinds have one; `number` counts an ordered item and a step and is the
    level of a heading; `depth` is how far an item is indented; `image` is the id of a photograph,
    `drawing` the code of one of the site's own drawings.
    """

    kind: str
    cells: tuple[tuple[Run, ...], ...]
    number: int = 0
    depth: int = 0
    image: int = 0
    drawing: str = ""

    @property
    def runs(self) -> tuple[Run, ...]:
        return self.cells[0] if self.cells else ()

    @property
    def parts(self) -> list[str]:
        """The cells as plain text."""
        return ["".join(run.text for run in cell) for cell in self.cells]

    @property
    def text(self) -> str:
        """The paragraph as one line of plain text."""
        mark = f"{self.number}. " if self.kind in ("item", "step") and self.number else ""
        return mark + " · ".join(part for part in self.parts if part)

    @property
    def data(self) -> dict:
        """The paragraph as JSON; what is at its default is left out."""
        data: dict = {"kind": self.kind, "cells": [[run.data for run in c] for c in self.cells]}
        for name in ("number", "depth", "image", "drawing"):
            if value := getattr(self, name):
                data[name] = value
        return data

    @classmethod
    def of(cls, data: dict) -> "Paragraph":
        """The reverse of `data`."""
        cells = tuple(tuple(Run.of(run) for run in cell) for cell in data["cells"])
        rest = {
            name: data[name] for name in ("number", "depth", "image", "drawing") if name in data
        }
        return cls(data["kind"], cells, **rest)


def read_body(blocks: Iterable[dict]) -> list[Paragraph]:
    """The paragraphs of a body given as its stored blocks (`page.body.raw_data`)."""
    paragraphs = []
    for block in blocks:
        reader = READERS.get(block.get("type"))
        if reader is not None and block.get("value"):
            paragraphs += reader(block["value"])
    return [p for p in paragraphs if p.text.strip() or p.image or p.drawing or _has_href(p)]


def grouped(paragraphs: Iterable[Paragraph]) -> Iterator[tuple[str, list[Paragraph]]]:
    """The paragraphs with those of one table or list together, as (kind, paragraphs).

    A kind that stands alone gives a group of one. An ordered and an unordered list are two.
    """

    def key(numbered: tuple[int, Paragraph]):
        position, paragraph = numbered
        together = paragraph.kind in TABLES | LISTS | {"link", "document"}
        return paragraph.kind, 0 if together else position

    for (kind, _position), group in groupby(enumerate(paragraphs), key):
        yield kind, [paragraph for _number, paragraph in group]


def heading_levels(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """The paragraphs with levels of headings that skip none: 1 for chapters, 2 below a chapter."""
    made, has_chapter = [], False
    for paragraph in paragraphs:
        if paragraph.kind == "heading":
            level = 2 if paragraph.number == 2 and has_chapter else 1
            has_chapter = True
            paragraph = replace(paragraph, number=level)
        made.append(paragraph)
    return made


def _has_href(paragraph: Paragraph) -> bool:
    return any(run.href for cell in paragraph.cells for run in cell)


def _plain(value, href: str = "") -> tuple[Run, ...]:
    text = " ".join(clean(value).split())
    return (Run(text, href=href),) if text or href else ()


def _items(value) -> list[dict]:
    """The values of a list block: stored with ids, or bare as older revisions have them."""
    return [item["value"] if "value" in item and "type" in item else item for item in value]


def _heading(value):
    return [Paragraph("heading", (_plain(value),), number=1)]


def _text(value):
    return [
        Paragraph(kind, (runs,), number=number, depth=depth)
        for kind, runs, number, depth in read_rich_text(value)
    ]


def _picture(value):
    caption = _plain(value.get("caption") or value.get("alt"))
    return [
        Paragraph(
            "picture",
            (caption, _plain(value.get("alt"))),
            image=value.get("image") or 0,
            drawing=value.get("illustration") or "",
        )
    ]


def _quote(value):
    made = [Paragraph("quote", (_plain(line),)) for line in clean(value.get("text")).splitlines()]
    if value.get("attribution"):
        made.append(Paragraph("quote", (_plain(f"—— {value['attribution']}"),)))
    return made


def _notice(value):
    return [Paragraph("notice", (runs,)) for _, runs, _, _ in read_rich_text(value.get("text"))]


def _figures(value):
    return [
        Paragraph(
            "figure",
            (
                _plain(item.get("label")),
                _plain(f"{item.get('value') or ''} {item.get('unit') or ''}"),
                _plain(item.get("year")),
                _plain(item.get("source"), href=item.get("source_url") or ""),
            ),
        )
        for item in _items(value)
    ]


def _facts(value):
    return [
        Paragraph("fact", tuple(_plain(item.get(name)) for name in ("label", "value", "note")))
        for item in _items(value)
    ]


def _steps(value):
    return [
        Paragraph("step", (_plain(item.get("title")), _plain(item.get("text"))), number=number)
        for number, item in enumerate(_items(value), start=1)
    ]


def _links(value):
    made = []
    for item in _items(value):
        href = f"page:{item['page']}" if item.get("page") else item.get("url") or ""
        title = item.get("title") or ("" if item.get("page") else href)
        made.append(Paragraph("link", (_plain(title, href=href), _plain(item.get("note")))))
    return made


def _documents(value):
    return [
        Paragraph(
            "document",
            (_plain("", href=f"document:{item['document']}"), _plain(item.get("note"))),
        )
        for item in _items(value)
        if item.get("document")
    ]


READERS = {
    "heading": _heading,
    "text": _text,
    "picture": _picture,
    "quote": _quote,
    "notice": _notice,
    "figures": _figures,
    "facts": _facts,
    "steps": _steps,
    "links": _links,
    "documents": _documents,
}
