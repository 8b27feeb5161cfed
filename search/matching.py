"""What an engine finds: which documents match, how many, by facet, and the best for a second look.

The first order is rough and the same on every engine: the weight of the words that a text has, more
for those in the title, a little for the height of the issuing level and for short titles. The best
`SECOND_LOOK` are then read and ordered by `search.ranking`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
from django.db import connection

from search.columns import Columns
from search.facets import FACETS
from search.plan import Plan, Word

# Five pages of a list: with 160 the judged queries gain 0.004 of nDCG@10 and take a third longer.
SECOND_LOOK = 100
# Weights of the first order, in units of a word's own weight or absolute.
IN_TITLE = 3.0
RANK = 0.4
AT_PLACE = 4.0
# Titles up to these lengths get so many steps.
TITLE_STEPS = (8, 12, 16, 24)
TITLE_STEP = 0.25
# What a list can be sorted by, the newest first: the day a page is known by, and of its publication.
DAYS = ("day", "published")


@dataclass(frozen=True)
class Scope:
    """What may be found: language, kinds ("" all), filters, and which part of the list is wanted."""

    locale: str
    kinds: tuple[str, ...] = ()
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by_date: bool = False
    day: str = "day"  # one of DAYS
    start: int = 0
    stop: int = 20
    # In any language.
    anywhere: bool = False
    # Nothing but these pages.
    only: tuple[int, ...] = ()
    # Counted by facet, too.
    with_facets: bool = False


@dataclass
class Found:
    """`best` are page ids for the second look (by relevance), `part` those of the wanted part.

    Documents that are valid stand before those that are not, in both. `facets` are {name: {code:
    count}}, each counted under the other facets' filters; none when the scope does not ask for them.
    """

    total: int = 0
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    best: list[int] = field(default_factory=list)
    part: list[int] = field(default_factory=list)
    engine: str = "database"


# A column ("title", or "body", which has the title's words, too, or "autocomplete") and lists of
# tokens: wanted are the rows that have all tokens of any list; `*` ends the beginning of a token.
Wanted = tuple[str, list[list[str]]]


class Postings(ABC):
    """Where tokens are, asked of the database: what an engine must be able to say."""

    @abstractmethod
    def rows(self, wanted: list[Wanted]) -> list[np.ndarray]:
        """For each of `wanted` the ascending ids of modelsearch's rows; one query for all."""

    @abstractmethod
    def in_public_titles(self, wanted: list[list[str]], locale: str) -> set[int]:
        """The numbers of those token lists that a public title in the language has all of."""


def find(plan: Plan, scope: Scope, columns: Columns, postings: Postings) -> Found:
    """Find by arrays: for the engines that live in the database."""
    size = len(columns)
    if not size or plan.absent:
        return Found()
    allowed = columns.public
    if not scope.anywhere:
        allowed = allowed & (columns.locale == columns.locales.get(scope.locale))
    if scope.only:
        allowed = allowed & np.isin(columns.page_id, scope.only)
    if scope.kinds:
        allowed = allowed & np.isin(columns.kind, [columns.kinds.get(kind) for kind in scope.kinds])
    score = np.zeros(size, dtype=np.float32)
    matched = allowed & _matched(plan, columns, postings, score)

    masks = {name: columns.having(name, chosen) for name, chosen in scope.filters.items() if chosen}
    within = matched.copy()
    for mask in masks.values():
        within &= mask
    facets = {}
    for name in FACETS if scope.with_facets else ():
        others = matched
        for other, mask in masks.items():
            if other != name:
                others = others & mask
        facets[name] = columns.counts(name, others)

    found = Found(total=int(within.sum()), facets=facets)
    if scope.by_date or plan.is_empty:
        order = columns.newest(scope.day)
        places = order[within[order]][scope.start : scope.stop]
        found.part = columns.page_id[places].tolist()
        return found
    places = np.flatnonzero(within)
    steps = sum((columns.title_length[places] <= limit).astype(np.float32) for limit in TITLE_STEPS)
    score = score[places] + RANK * columns.rank[places] + TITLE_STEP * steps
    order = np.lexsort((-columns.page_id[places], -score, ~columns.valid[places]))
    ids = columns.page_id[places[order]]
    found.best = ids[:SECOND_LOOK].tolist()
    found.part = ids[scope.start : scope.stop].tolist()
    return found


def _matched(plan: Plan, columns: Columns, postings: Postings, score: np.ndarray) -> np.ndarray:
    """A mask of the rows that match; adds to `score`."""
    size = len(columns)
    matched = np.ones(size, dtype=bool)
    wanted: list[Wanted] = [("body", [[number]]) for number in plan.numbers]
    for word in plan.words:
        if word.tokens:
            wanted.append(("title", word.tokens))
            if not word.common:
                wanted.append(("body", word.tokens))
    if not wanted:
        return matched if plan.is_empty else ~matched
    masks = (_mask(places, size) for places in _places(plan, wanted, columns, postings))
    for _number in plan.numbers:
        matched &= next(masks) > 0
    covered = np.zeros(size, dtype=np.float64)
    entitled = np.zeros(size, dtype=bool)
    measures = {id(word): m for word, m in zip(plan.deciding, plan.measures, strict=True)}
    heavy = {id(word) for word in plan.heavy}
    for word in plan.words:
        in_title = next(masks) if word.tokens else np.zeros(size, dtype=np.float32)
        if not word.tokens:
            present = in_title
        elif word.common:
            present = np.ones(size, dtype=np.float32)
        else:
            present = next(masks)
        score += word.weight * (present + IN_TITLE * in_title)
        if word.place:
            score += AT_PLACE * _speaks_for(word, columns)
        if id(word) in measures:
            covered += measures[id(word)] * present
        if id(word) in heavy:
            entitled |= in_title > 0
    if plan.deciding:
        matched &= (covered >= plan.enough - 1e-6) | entitled
    return matched


def _places(
    plan: Plan, wanted: list[Wanted], columns: Columns, postings: Postings
) -> list[np.ndarray]:
    """For each of `wanted` the places in the columns that have it, asked but for what is known."""
    # What an open transaction sees may be taken back: it is known to this plan alone.
    memory = plan.places if connection.in_atomic_block else columns.kept
    keys = list(map(repr, wanted))
    known = {key: memory.get(key) for key in keys}
    missing = {key: each for key, each in zip(keys, wanted, strict=True) if known[key] is None}
    if missing:
        for key, rows in zip(missing, postings.rows(list(missing.values())), strict=True):
            known[key] = memory[key] = columns.positions(rows).astype(np.int32)
    return [known[key] for key in keys]


def _mask(places: np.ndarray, size: int) -> np.ndarray:
    mask = np.zeros(size, dtype=np.float32)
    mask[places] = 1
    return mask


def _speaks_for(word: Word, columns: Columns) -> np.ndarray:
    """Documents of the place itself 1, of its province a half."""
    place = word.place
    own = np.isin(columns.place, [columns.places.get(place.name), columns.places.get(place.short)])
    above = columns.place == columns.places.get(place.province)
    return np.maximum(own.astype(np.float32), above.astype(np.float32) / 2)
