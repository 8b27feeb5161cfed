"""Filters, counts and order of the database engines, in memory: a few numbers for each page.

The words of a query are looked up in the database; which of the found pages are public, in the
language and under the filters, and how they are counted, is arithmetic on arrays. Each process
keeps them (some 100 bytes a page) and takes over what changed before each search, by the stamp.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.db import connection

from search.facets import FACETS
from search.kept import Kept
from search.models import Entry, IndexState

FIELDS = (
    "index_id",
    "page_id",
    "locale",
    "kind",
    "facets",
    "dated_on",
    "published_on",
    "valid",
    "rank",
    "place",
    "title_length",
    "public",
    "stamp",
)


# A row in so many at the most are "few": their codes are counted one by one.
FEW = 6


def ordinal(day: date | None) -> int:
    """A day as a number, 0 for none."""
    return day.toordinal() if day else 0


@dataclass
class Codes:
    """Words as small numbers."""

    numbers: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def __getitem__(self, word: str) -> int:
        number = self.numbers.get(word)
        if number is None:
            number = self.numbers[word] = len(self.words)
            self.words.append(word)
        return number

    def get(self, word: str) -> int:
        return self.numbers.get(word, -1)


@dataclass(frozen=True)
class Facts:
    """A page as its entry has it (search.models.Entry)."""

    page_id: int
    kind: str
    dated_on: date | None
    valid: bool
    rank: int
    place: str


# The arrays of one number a page, and how a row of FIELDS fills them.
TYPES = {
    "index_id": np.int64,
    "page_id": np.int64,
    "locale": np.int16,
    "kind": np.int16,
    "day": np.int32,
    "published": np.int32,
    "valid": bool,
    "rank": np.int8,
    "place": np.int32,
    "title_length": np.int32,
    "public": bool,
}


@dataclass
class Columns:
    """Arrays of one length, ordered by `index_id`; a facet is pairs of (place, code)."""

    stamp: int = -1
    removals: int = -1
    locales: Codes = field(default_factory=Codes)
    kinds: Codes = field(default_factory=Codes)
    places: Codes = field(default_factory=Codes)
    codes: dict[str, Codes] = field(default_factory=lambda: {name: Codes() for name in FACETS})

    def __post_init__(self):
        for name, kind in TYPES.items():
            setattr(self, name, np.empty(0, dtype=kind))
        nothing = np.empty(0, dtype=np.int32)
        self.facets = dict.fromkeys(FACETS, (nothing, nothing))
        self._orders: dict[str, np.ndarray] = {}
        self._rows: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._by_page: np.ndarray | None = None
        self.kept = Kept()

    def with_rows(self, rows: Iterable[tuple]) -> "Columns":
        """These columns with rows of FIELDS taken over, newer ones for those of the same page."""
        lists: dict[str, list] = {name: [] for name in TYPES}
        pairs: dict[str, list[tuple[int, int]]] = {name: [] for name in FACETS}
        for number, row in enumerate(rows):
            index_id, page_id, locale, kind, facets, day, published, *more = row
            valid, rank, place, length, public, _stamp = more
            for name, value in (
                ("index_id", index_id),
                ("page_id", page_id),
                ("locale", self.locales[locale]),
                ("kind", self.kinds[kind]),
                ("day", ordinal(day)),
                ("published", ordinal(published)),
                ("valid", valid),
                ("rank", rank),
                ("place", self.places[place]),
                ("title_length", length),
                ("public", public),
            ):
                lists[name].append(value)
            for name, codes in facets.items():
                if name in pairs:
                    pairs[name] += [(number, self.codes[name][code]) for code in codes]
        new = {name: np.array(lists[name], dtype=kind) for name, kind in TYPES.items()}
        kept = ~np.isin(self.page_id, new["page_id"])
        fresh = Columns(
            locales=self.locales, kinds=self.kinds, places=self.places, codes=self.codes
        )
        joined = {name: np.concatenate([getattr(self, name)[kept], new[name]]) for name in TYPES}
        order = np.argsort(joined["index_id"], kind="stable")
        for name, values in joined.items():
            setattr(fresh, name, values[order])
        # Where each row of before and each new one stands now.
        now = np.empty(len(order), dtype=np.int32)
        now[order] = np.arange(len(order), dtype=np.int32)
        before = np.cumsum(kept) - 1
        for name in FACETS:
            places, codes = self.facets[name]
            still = kept[places]
            added = np.array(pairs[name], dtype=np.int32).reshape(-1, 2)
            fresh.facets[name] = (
                np.concatenate([now[before[places[still]]], now[kept.sum() + added[:, 0]]]),
                np.concatenate([codes[still], added[:, 1]]),
            )
        return fresh

    def facts(self, page_ids: Sequence[int]) -> list[tuple[int, "Facts"]]:
        """(id of modelsearch's row, facts) of each of these pages that is indexed, in their order."""
        if not len(self):
            return []
        if self._by_page is None:
            self._by_page = np.argsort(self.page_id, kind="stable")
        wanted = np.array(page_ids, dtype=np.int64)
        at = np.searchsorted(self.page_id, wanted, sorter=self._by_page)
        places = self._by_page[np.minimum(at, len(self) - 1)]
        places = places[self.page_id[places] == wanted]
        columns = (
            self.index_id,
            self.page_id,
            self.kind,
            self.day,
            self.valid,
            self.rank,
            self.place,
        )
        return [
            (
                index_id,
                Facts(
                    page_id,
                    self.kinds.words[kind],
                    date.fromordinal(day) if day else None,
                    valid,
                    rank,
                    self.places.words[place],
                ),
            )
            for index_id, page_id, kind, day, valid, rank, place in zip(
                *(column[places].tolist() for column in columns), strict=True
            )
        ]

    def newest(self, day: str) -> np.ndarray:
        """All places by a day of TYPES, the newest first: sorted once, for every list by date."""
        order = self._orders.get(day)
        if order is None:
            order = self._orders[day] = np.lexsort((-self.page_id, -getattr(self, day)))
        return order

    def __len__(self) -> int:
        return len(self.index_id)

    def positions(self, index_ids: np.ndarray) -> np.ndarray:
        """Where the rows with these (ascending) ids are; ids of other objects are left out."""
        if not len(self.index_id) or not len(index_ids):
            return np.empty(0, dtype=np.int64)
        places = np.searchsorted(self.index_id, index_ids)
        places[places == len(self.index_id)] = 0
        return places[self.index_id[places] == index_ids]

    def having(self, name: str, chosen: Iterable[str]) -> np.ndarray:
        """A mask of the rows with any of the codes."""
        mask = np.zeros(len(self), dtype=bool)
        places, codes = self.facets[name]
        wanted = [self.codes[name].get(code) for code in chosen]
        mask[places[np.isin(codes, wanted)]] = True
        return mask

    def counts(self, name: str, mask: np.ndarray) -> dict[str, int]:
        """How many rows of the mask have each code."""
        words = self.codes[name].words
        numbers = np.bincount(self._codes_of(name, mask), minlength=len(words))
        return {words[i]: n for i, n in enumerate(numbers.tolist()) if n}

    def _codes_of(self, name: str, mask: np.ndarray) -> np.ndarray:
        """The codes of the rows of the mask: of few rows from their own places, else out of all."""
        rows = np.flatnonzero(mask)
        if len(rows) * FEW > len(self):
            places, codes = self.facets[name]
            return codes[mask[places]]
        starts, codes = self._by_row(name)
        first, number = starts[rows], starts[rows + 1] - starts[rows]
        before = np.cumsum(number) - number
        return codes[np.repeat(first - before, number) + np.arange(number.sum())]

    def _by_row(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Where the codes of each row begin, and all codes row by row: sorted when first asked for."""
        if name not in self._rows:
            places, codes = self.facets[name]
            order = np.argsort(places, kind="stable")
            starts = np.searchsorted(places[order], np.arange(len(self) + 1))
            self._rows[name] = (starts, codes[order])
        return self._rows[name]


_lock = threading.Lock()
_columns: dict[str, Columns] = {}


def current(state: IndexState) -> Columns:
    """The arrays as of `state`."""
    # What an open transaction sees may be taken back, and is only for those in it.
    name = (
        f"{connection.settings_dict['HOST']}:{connection.settings_dict['NAME']}"
        f"{':open' if connection.in_atomic_block else ''}"
    )
    known = _columns.get(name)
    if known and (known.stamp, known.removals) == (state.stamp, state.removals):
        return known
    with _lock:
        known = _columns.get(name)
        if known and known.stamp >= state.stamp and known.removals >= state.removals:
            return known  # another thread knows more
        entries = Entry.objects.values_list(*FIELDS)
        base = Columns()
        if known and known.removals == state.removals and state.stamp > known.stamp:
            entries, base = entries.filter(stamp__gt=known.stamp), known
        fresh = base.with_rows(entries.iterator(chunk_size=5000))
        fresh.stamp, fresh.removals = state.stamp, state.removals
        _columns[name] = fresh
        return fresh


def forget() -> None:
    """Drop what is kept in memory (tests change databases under the process)."""
    _columns.clear()
