"""Filters, counts and order of the database engines, in memory: a few numbers for each page.

The words of a query are looked up in the database; which of the found pages are public, in the
language and under the filters, and how they are counted, is arithmetic on arrays. Each process
keeps them (some 100 bytes a page) and takes over what changed before each search, by the stamp.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from django.db import connection

from search.facets import FACETS
from search.models import Entry, IndexState

FIELDS = (
    "index_id",
    "page_id",
    "locale",
    "kind",
    "facets",
    "dated_on",
    "valid",
    "rank",
    "place",
    "title_length",
    "public",
    "stamp",
)


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


@dataclass
class Columns:
    """Arrays of one length, ordered by `index_id`; a facet is pairs of (place, code)."""

    stamp: int = -1
    removals: int = -1
    rows: dict[int, tuple] = field(default_factory=dict)
    locales: Codes = field(default_factory=Codes)
    kinds: Codes = field(default_factory=Codes)
    places: Codes = field(default_factory=Codes)
    codes: dict[str, Codes] = field(default_factory=dict)

    def take(self, rows: Iterable[tuple]) -> None:
        """Take over rows of FIELDS, newer ones for those of the same page."""
        for row in rows:
            self.rows[row[1]] = row
        kept = sorted(self.rows.values())
        self.index_id = np.array([row[0] for row in kept], dtype=np.int64)
        self.page_id = np.array([row[1] for row in kept], dtype=np.int64)
        self.locale = np.array([self.locales[row[2]] for row in kept], dtype=np.int16)
        self.kind = np.array([self.kinds[row[3]] for row in kept], dtype=np.int16)
        self.day = np.array([row[5].toordinal() if row[5] else 0 for row in kept], dtype=np.int32)
        self.valid = np.array([row[6] for row in kept], dtype=bool)
        self.rank = np.array([row[7] for row in kept], dtype=np.int8)
        self.place = np.array([self.places[row[8]] for row in kept], dtype=np.int32)
        self.title_length = np.array([row[9] for row in kept], dtype=np.int32)
        self.public = np.array([row[10] for row in kept], dtype=bool)
        self.facets = {}
        for name in FACETS:
            codes = self.codes.setdefault(name, Codes())
            found = [
                (place, codes[code])
                for place, row in enumerate(kept)
                for code in row[4].get(name, ())
            ]
            pairs = np.array(found, dtype=np.int32).reshape(-1, 2)
            self.facets[name] = (pairs[:, 0].copy(), pairs[:, 1].copy())

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
        places, codes = self.facets[name]
        numbers = np.bincount(codes[mask[places]], minlength=len(self.codes[name].words))
        return {self.codes[name].words[i]: int(numbers[i]) for i in np.flatnonzero(numbers)}


_lock = threading.Lock()
_columns: dict[str, Columns] = {}


def current(state: IndexState) -> Columns:
    """The arrays as of `state`."""
    name = f"{connection.settings_dict['HOST']}:{connection.settings_dict['NAME']}"
    known = _columns.get(name)
    if known and (known.stamp, known.removals) == (state.stamp, state.removals):
        return known
    with _lock:
        known = _columns.get(name)
        if known and (known.stamp, known.removals) == (state.stamp, state.removals):
            return known
        entries = Entry.objects.values_list(*FIELDS)
        fresh = Columns()
        if known and known.removals == state.removals and state.stamp > known.stamp:
            entries = entries.filter(stamp__gt=known.stamp)
            fresh = Columns(
                rows=dict(known.rows),
                locales=known.locales,
                kinds=known.kinds,
                places=known.places,
                codes=known.codes,
            )
        fresh.take(entries.iterator(chunk_size=5000))
        # A row written after `state` was read has a newer stamp: it is taken again, which is harmless.
        fresh.stamp, fresh.removals = state.stamp, state.removals
        _columns[name] = fresh
        return fresh


def forget() -> None:
    """Drop what is kept in memory (tests change databases under the process)."""
    _columns.clear()
