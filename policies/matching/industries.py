"""The sections (门类) and divisions (大类) of GB/T 4754-2017; the list and its source: industries.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("industries.csv")


@dataclass(frozen=True)
class Industry:
    """`code` is the section's letter, or letter and number of a division, such as C27."""

    code: str
    zh: str
    en: str

    @property
    def is_section(self) -> bool:
        return len(self.code) == 1


@cache
def industries() -> dict[str, Industry]:
    """All of them by code, in the order of the standard."""
    with FILE.open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["code"]: Industry(**row) for row in rows}


@cache
def divisions_of(code: str) -> frozenset[str]:
    """The divisions of a section; of a division itself alone; of an unknown code none."""
    entry = industries().get(code)
    if entry is None:
        return frozenset()
    if not entry.is_section:
        return frozenset((code,))
    return frozenset(c for c, i in industries().items() if not i.is_section and c[0] == code)


def sections() -> list[tuple[Industry, list[Industry]]]:
    """(section, its divisions) in the order of the standard."""
    known = industries().values()
    return [
        (section, [i for i in known if not i.is_section and i.code[0] == section.code])
        for section in known
        if section.is_section
    ]
