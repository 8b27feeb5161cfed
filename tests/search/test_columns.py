"""The arrays in memory count as one would by hand, of few rows and of many, before and after a change."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.columns import FEW, Columns

CODES = st.lists(st.sampled_from(["甲", "乙", "丙"]), max_size=3, unique=True)
FACETS_OF_PAGES = st.lists(st.fixed_dictionaries({"issuer": CODES, "year": CODES}), max_size=40)


def row(page_id: int, facets: dict) -> tuple:
    """As `search.columns.FIELDS`; the rows of the index stand the other way round."""
    return (
        1000 - page_id,
        page_id,
        "zh-hans",
        "policy",
        facets,
        None,
        None,
        True,
        0,
        "",
        9,
        True,
        1,
    )


@given(FACETS_OF_PAGES, FACETS_OF_PAGES, st.data())
def test_codes_are_counted_among_the_rows_of_a_mask(first, then, data):
    pages = dict(enumerate(first))
    columns = Columns().with_rows([row(pk, facets) for pk, facets in pages.items()])
    # Every second page anew, and some more.
    changed = {2 * number: facets for number, facets in enumerate(then)}
    columns = columns.with_rows([row(pk, facets) for pk, facets in changed.items()])
    pages |= changed
    few = data.draw(st.sets(st.sampled_from(sorted(pages)), max_size=3)) if pages else set()
    for chosen in (few, set(pages)):
        mask = np.isin(columns.page_id, list(chosen))
        for name in ("issuer", "year"):
            expected = Counter(code for pk in chosen for code in pages[pk][name])
            assert columns.counts(name, mask) == expected


def test_few_rows_are_counted_by_themselves():
    """Both ways of counting are taken at a size like that of the test above."""
    columns = Columns().with_rows([row(pk, {"issuer": ["甲"]}) for pk in range(2 * FEW)])
    assert columns.counts("issuer", np.arange(2 * FEW) < 2) == {"甲": 2}
    assert "issuer" in columns._rows
    assert "year" not in columns._rows
