"""Subject categories (主题分类): the State Council's two-level list, and where a page's subject stands in it.

Pages say their subject in words of their own: "煤炭", "工业、交通\\机械制造与重工业", "科技创新、招商引资".
`data/subjects.yaml` has the list, its source, and the words that mean a category. What is in no
category stands under 其他, so that the tree loses no policy.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import yaml
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

from search.results import Choice

FILE = Path(__file__).parent / "data" / "subjects.yaml"
OTHER = "other"
# How pages write "category, and below it": 工业、交通\机械, 工业、交通 > 机械.
BELOW = re.compile(r"\s*[\\>/→»]+\s*")
SEVERAL = re.compile(r"[;|]|,(?!\s)")
# Within a subject: 科技创新、招商引资. Names of categories have this sign, too.
PAUSE = "、"
# A name of so many characters tells a subject that has it as a part: 煤炭产业.
SHORTEST_PART = 2


@dataclass(frozen=True)
class Subject:
    """A category. `code`: "finance", below it "finance.tax"; `words` mean the same."""

    code: str
    zh: str
    en: str
    words: tuple[str, ...] = ()
    below: tuple["Subject", ...] = field(default=(), repr=False)

    @property
    def label(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


@dataclass(frozen=True)
class Branch:
    """A category of the tree as a list of results offers it, with what stands below it."""

    choice: Choice
    below: list[Choice]

    @property
    def is_open(self) -> bool:
        """Something below is chosen: it must be seen."""
        return any(choice.chosen for choice in self.below)


@cache
def categories() -> tuple[Subject, ...]:
    """The list, in its order."""
    return tuple(
        _subject(row) for row in yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    )


def _subject(row: dict, above: str = "") -> Subject:
    code = f"{above}{row['code']}"
    return Subject(
        code,
        row["zh"],
        row["en"],
        tuple(map(_plain, row.get("words", ()))),
        tuple(_subject(one, f"{code}.") for one in row.get("below", ())),
    )


def labels() -> dict[str, Promise]:
    """{code: label in the reader's language} of all categories, in the order of the list."""
    every = [one for top in categories() for one in (top, *top.below)]
    return {one.code: lazy(lambda one=one: one.label, str)() for one in every}


def codes_of(text: str) -> list[str]:
    """The categories of a page's subject, each with the one above it; `OTHER` alone when none fits."""
    found: list[Subject] = []
    for part in SEVERAL.split(_plain(text)):
        if part.strip():
            found += _placed(part.strip())
    codes = [code for one in found for code in (one.code.partition(".")[0], one.code)]
    return list(dict.fromkeys(codes)) or [OTHER]


def tree(choices: list[Choice]) -> list[Branch]:
    """The choices of the facet as a tree, in the order of the list.

    A category that nothing is in is left out, unless it is chosen.
    """
    known = {choice.code: choice for choice in choices}
    branches = []
    for top in categories():
        below = [known[one.code] for one in top.below if one.code in known]
        choice = known.get(top.code)
        if choice is None and any(one.chosen for one in below):
            choice = Choice(top.code, top.label, 0)
        if choice is not None:
            branches.append(Branch(choice, below))
    return branches


def _plain(text: str) -> str:
    """Width, case and blanks made alike."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


@cache
def _tops() -> dict[str, Subject]:
    return {word: top for top in categories() for word in _names(top)}


@cache
def _everything() -> dict[str, Subject]:
    """By each name and word; a category before what stands below one, and no "其他" of any."""
    found: dict[str, Subject] = {}
    for one in [*categories(), *(one for top in categories() for one in top.below)]:
        if not one.code.endswith(f".{OTHER}"):
            for word in _names(one):
                found.setdefault(word, one)
    return found


def _names(one: Subject) -> tuple[str, ...]:
    return _plain(one.zh), _plain(one.en), *one.words


@lru_cache(maxsize=5000)
def _placed(part: str) -> Sequence[Subject]:
    """The categories of one subject, of the most exact reading that finds any."""
    above, *rest = BELOW.split(part)
    if rest and (top := _tops().get(above)):
        return [_within(top, rest[0]) or top]
    names = [part, *rest[-1:], *([above] if rest else [])]
    for name in names:
        if one := _everything().get(name):
            return [one]
    pieces = [piece.strip() for name in names for piece in name.split(PAUSE)]
    exact = [one for piece in pieces if (one := _everything().get(piece))]
    return exact or [one for piece in pieces if (one := _containing(piece))]


def _within(top: Subject, name: str) -> Subject | None:
    for one in top.below:
        if name in _names(one):
            return one
    inside = _everything().get(name)
    return inside if inside in top.below else None


def _containing(text: str) -> Subject | None:
    """The category with the longest Chinese name that is a part of the text."""
    inside = [
        word
        for word in _everything()
        if len(word) >= SHORTEST_PART and not word.isascii() and word in text
    ]
    return _everything()[max(inside, key=len)] if inside else None
