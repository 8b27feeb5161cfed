"""All policies that the address of the library page means, in its order: for exports and the API.

The page shows fifteen of a search; here it is all of them, as numbers. The index in the database
answers, whichever engine the page asks: it is always kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import QuerySet

from base.visibility import visible
from policies.models import PolicyPage
from search import api, matching, reading, upkeep
from search.columns import Columns
from search.columns import current as current_columns
from search.matching import Scope
from search.plan import Plan
from search.results import Question
from search.state import current

EVERYTHING = 10_000_000
BATCH = 200


@dataclass
class Listing:
    """Pages, the newest document first; `days` are the ordinals that they are sorted by (0: none)."""

    ids: np.ndarray
    days: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def after(self, day: int, page_id: int) -> "Listing":
        """What comes after a place, whether the page there still is or not."""
        later = (self.days < day) | ((self.days == day) & (self.ids < page_id))
        return Listing(self.ids[later], self.days[later])


def find(question: Question) -> Listing:
    """All policies that a question finds, by date; with words the same as the page finds."""
    state = current()
    columns = current_columns(state)
    scope = Scope(
        locale=question.locale,
        kinds=question.kinds,
        filters=question.filters,
        by_date=True,
        stop=EVERYTHING,
    )
    ids: list[int] = []
    for plan in _plans(question, state):
        postings = upkeep.database().postings_class()
        ids = matching.find(plan, scope, columns, postings).part
        if ids:
            break
    return _with_days(np.array(ids, dtype=np.int64), columns)


def _plans(question: Question, state) -> Iterator[Plan]:
    """The readings of the words until one finds something, as the page goes through them."""
    if not question.query.strip():
        yield reading.make("", state, api.documents(state))
        return
    answer = api.search(replace(question, per_page=1, page=1))
    if not answer.total:
        return
    plan = reading.make(answer.shown, state, api.documents(state))
    yield plan
    if answer.corrected:
        yield reading.make(answer.shown, state, api.documents(state), share=1.0)
    for share in api.FEWER if answer.partial else ():
        yield replace(plan, share=share)


def _with_days(ids: np.ndarray, columns: Columns) -> Listing:
    order = np.argsort(columns.page_id)
    places = order[np.searchsorted(columns.page_id, ids, sorter=order)] if len(ids) else order[:0]
    return Listing(ids, columns.day[places].astype(np.int64))


def public_policies(ids) -> QuerySet:
    """Of these pages those that anybody may read now."""
    return visible(PolicyPage.objects.filter(pk__in=[int(pk) for pk in ids])).select_related(
        "locale"
    )


def in_order(ids, *, with_body: bool) -> list[PolicyPage]:
    """The public policies in the order of the ids."""
    found = public_policies(ids)
    found = found if with_body else found.defer("body")
    pages = {page.pk: page for page in found}
    return [pages[int(pk)] for pk in ids if int(pk) in pages]


def read(ids, *, with_body: bool) -> Iterator[PolicyPage]:
    """The same, some hundred at a time."""
    for start in range(0, len(ids), BATCH):
        yield from in_order(ids[start : start + BATCH], with_body=with_body)
