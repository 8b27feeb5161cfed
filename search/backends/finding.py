"""What every backend of ours can do beside modelsearch's interface: find pages by a plan."""

from collections.abc import Sequence

import numpy as np

from search import columns, matching
from search.analysis import RUN, SIGNS, asked_tokens, is_han
from search.matching import Found, Scope
from search.models import IndexState
from search.plan import Plan


class DatabaseFinding:
    postings_class = matching.Postings

    def __init__(self, params):
        # One transaction for a whole rebuild would keep every other writer waiting.
        super().__init__({**params, "ATOMIC_REBUILD": False})

    def find(self, plan: Plan, scope: Scope, state: IndexState) -> Found:
        """The public pages that match, counted and roughly ordered."""
        return matching.find(plan, scope, columns.current(state), self.postings_class())

    def totals(self, asked: Sequence[tuple[Plan, Scope]], state: IndexState) -> list[int]:
        """How many public pages match each plan in its scope."""
        return [self.find(plan, scope, state).total for plan, scope in asked]

    def in_titles(self, words: list[str], locale: str) -> list[str]:
        """Of `words` those that the title of a public page in the language has, in their order."""
        wanted = {word: asked_tokens(word) for word in words}
        wanted = {word: tokens for word, tokens in wanted.items() if tokens}
        if not wanted:
            return []
        there = self.postings_class().in_public_titles(list(wanted.values()), locale)
        return [word for number, word in enumerate(wanted) if number in there]

    def pages_called(self, typed: str, locale: str, state: IndexState, limit: int) -> list[int]:
        """Public pages whose title has what was typed, or begins a word with its sound: best first."""
        runs = [match[0] for match in RUN.finditer(typed)]
        if not runs or limit < 1:
            return []
        tokens = [
            token
            for run in runs
            for token in (asked_tokens(run) if is_han(run) else [f"{SIGNS.sub('', run)}*"])
        ]
        column = "title" if all(map(is_han, runs)) else "autocomplete"
        known = columns.current(state)
        places = known.positions(self.postings_class().rows([(column, [tokens])])[0])
        there = known.public[places] & (known.locale[places] == known.locales.get(locale))
        places = places[there]
        order = np.lexsort(
            (
                known.page_id[places],
                known.title_length[places],
                -known.rank[places],
                ~known.valid[places],
            )
        )
        return known.page_id[places[order[:limit]]].tolist()
