"""What a query asks for: its words, and how much each of them says.

The plan is the same for every engine. Documents match when they have enough of the weight of the
words (`Plan.enough`); the engines find them by tokens, `search.ranking` puts them in order.
`search.reading` makes plans of queries.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np

from search.analysis import asked_tokens
from search.words import Place

# Words that decide which documents match; further ones only put them in order.
DECIDING = 8
# The share of the weight that a document of a longer query must have; for this a rare word weighs
# no more than MOST, and one that no document has UNKNOWN.
ENOUGH = 0.5
MOST = 4.0
UNKNOWN = 2.0
# A word with this share of the weight is enough when it stands in the title.
HEAVY = 0.28


@dataclass
class Word:
    """A word of the query. `alternatives` are what it may be called, itself first."""

    text: str
    alternatives: list[str]
    weight: float = 1.0
    documents: int = 0
    common: bool = False
    weak: bool = False
    place: Place | None = None
    # The number of an article (第四十七条).
    article: bool = False
    # The name of a place that the list of places does not have.
    abroad: bool = False
    # The code of an agency before the number of a document.
    agency: bool = False
    # In quotation marks: as it stands.
    exact: bool = False
    # Shorter words in it, for titles: 物业 in 物业公司.
    parts: list[str] = field(default_factory=list)
    # The words that a long one consists of: a text with all of them will do, apart as they may stand.
    loose: list[str] = field(default_factory=list)

    @cached_property
    def tokens(self) -> list[list[str]]:
        """For each alternative the tokens that a document must have; alternatives without any are left out."""
        apart = [" ".join(self.loose)] if self.loose else []
        return [wanted for wanted in map(asked_tokens, [*self.alternatives, *apart]) if wanted]


@dataclass
class Plan:
    """`words` with their weights, `numbers` the tokens of document numbers (all required).

    `total` is the number of public documents that the weights were taken from.
    """

    text: str
    words: list[Word] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    total: int = 1
    share: float = ENOUGH
    # A whole question in everyday words, many of which no document has.
    spoken: bool = False
    # What the vocabulary has of the query's Chinese, cut and whole; None before it was asked.
    terms: frozenset[str] | None = None
    # Where the words are in the columns, by what was asked: other filters, other languages and a lower share
    # of the words ask the same again within one search (search.matching).
    places: dict[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Nothing was asked: every document is an answer."""
        return not self.words and not self.numbers

    @property
    def absent(self) -> list[Word]:
        """Places that no document names: what is asked of them can't be answered here."""
        return [word for word in self.words if word.abroad and not word.documents]

    @property
    def is_known(self) -> bool:
        """Whether documents have most of the words: else the question is about something else."""
        known = sum(bool(word.documents) for word in self.deciding)
        return not self.absent and known * (4 if self.spoken else 2) > len(self.deciding)

    @cached_property
    def deciding(self) -> list[Word]:
        """The words that decide about matching, the weightiest first; none when a number does."""
        if self.numbers:
            return []
        chosen = [word for word in self.words if not word.place and not word.weak]
        if not chosen:
            chosen = [word for word in self.words if not word.place] or list(self.words)
        return sorted(chosen, key=lambda word: -word.weight)[:DECIDING]

    @cached_property
    def measures(self) -> list[float]:
        """What each deciding word counts for matching."""
        return [
            min(word.weight, MOST if word.documents else UNKNOWN / (4 if self.spoken else 1))
            for word in self.deciding
        ]

    @cached_property
    def enough(self) -> float:
        """The measure that makes a match: everything for one or two words, then a share."""
        if len(self.measures) <= 2 or self.share >= 1:
            return sum(self.measures)
        return self.share * sum(self.measures)

    @cached_property
    def heavy(self) -> list[Word]:
        """Words that are enough when they stand in the title: of longer queries only."""
        if len(self.measures) <= 2 or self.share >= 1:
            return []
        least = HEAVY * sum(self.measures)
        return [
            word
            for word, measure in zip(self.deciding, self.measures, strict=True)
            if measure >= least and word.documents
        ]

    @cached_property
    def combinations(self) -> list[tuple[int, ...]]:
        """The smallest sets of deciding words (by number) that are enough."""
        found: list[tuple[int, ...]] = []
        for size in range(1, len(self.measures) + 1):
            for chosen in combinations(range(len(self.measures)), size):
                if sum(self.measures[i] for i in chosen) < self.enough - 1e-9:
                    continue
                if not any(set(smaller) <= set(chosen) for smaller in found):
                    found.append(chosen)
        return found

    @property
    def place(self) -> Place | None:
        return next((word.place for word in self.words if word.place), None)
