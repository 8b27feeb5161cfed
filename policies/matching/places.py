"""Places and what they lie in, from the nation to a park; the list and its source: places.csv."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policies.choices import Level

FILE = Path(__file__).with_name("places.csv")
NOTE = re.compile(r"\s*(（[^（）]*）|\([^()]*\))$")
NATION, PROVINCE, CITY, DISTRICT = "CN", "140000", "140400", "140404"


@dataclass(frozen=True)
class Place:
    code: str
    level: Level
    parent: str
    zh: str
    en: str
    aliases: tuple[str, ...]


@cache
def places() -> dict[str, Place]:
    """All of them by code, the larger before the smaller."""
    with FILE.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return {
        row["code"]: Place(
            code=row["code"],
            level=Level(row["level"]),
            parent=row["parent"],
            zh=row["zh"],
            en=row["en"],
            aliases=tuple(filter(None, row["aliases"].split("|"))),
        )
        for row in rows
    }


@cache
def line_of(code: str) -> tuple[str, ...]:
    """The codes from a place up to the nation, itself first; empty for an unknown code."""
    place = places().get(code)
    return (code, *line_of(place.parent)) if place else ()


def contains(outer: str, inner: str) -> bool:
    return outer in line_of(inner)


@cache
def _codes_by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for place in places().values():
        above = ""
        for code in line_of(place.code):  # 上党区, 长治市上党区, 山西省长治市上党区
            if code != NATION or place.code == NATION:
                above = places()[code].zh + above
                names.setdefault(above.casefold(), place.code)
        short = place.zh[:-1] if place.zh.endswith(("省", "市")) and len(place.zh) > 2 else ""
        for name in (place.code, place.en, short, *place.aliases):
            if name:
                names.setdefault(name.casefold(), place.code)
    return names


def place_code(text: str) -> str:
    """The code of a place by its code or a name in either language; "" when it isn't known.

    A note in brackets behind the name is passed over: 上党区（示例）.
    """
    name = " ".join(text.split()).casefold()
    known = _codes_by_name()
    return known.get(name) or known.get(NOTE.sub("", name), "")
