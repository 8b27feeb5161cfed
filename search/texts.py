"""The stored texts of pages, for the second look and for snippets."""

from collections.abc import Sequence

import numpy as np

from search.columns import Columns
from search.entries import index_entry
from search.ranking import Candidate
from search.vocabulary import text_columns


def untold(page_ids: Sequence[int], columns: Columns) -> list[Candidate]:
    """The candidates of pages without their texts, for a list that asked for no words."""
    places = np.flatnonzero(np.isin(columns.page_id, page_ids))
    found = {int(columns.page_id[place]): columns.facts(int(place)) for place in places}
    return [Candidate(pk, "", "", found[pk]) for pk in page_ids if pk in found]


def candidates(page_ids: Sequence[int], columns: Columns) -> list[Candidate]:
    """The candidates of pages, in the order of the ids; pages that are not indexed are left out."""
    if not page_ids:
        return []
    places = np.flatnonzero(np.isin(columns.page_id, page_ids))
    place_of = {int(columns.index_id[place]): int(place) for place in places}
    title, body = text_columns()
    rows = (
        index_entry()._default_manager.filter(pk__in=list(place_of)).values_list("pk", title, body)
    )
    found = {}
    for pk, head, text in rows:
        facts = columns.facts(place_of[pk])
        found[facts.page_id] = Candidate(facts.page_id, head, text or "", facts)
    return [found[page_id] for page_id in page_ids if page_id in found]
