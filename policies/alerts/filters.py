"""A saved filter: the question of the library's address in one normal form, and what it finds."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.search.backends import get_search_backend

from policies.library import library_question
from search import reading
from search.addresses import address
from search.api import documents
from search.facets import FACETS
from search.matching import Scope
from search.results import Question
from search.state import current

# A filter with more than this was not ticked by a person.
LONGEST = 4000


@dataclass(frozen=True)
class _Address:
    """The part of a request that a question is read from."""

    GET: QueryDict


def question_of(query: str, language: str) -> Question:
    """The question that the library's address with this query string asks, whatever stands in it."""
    with translation.override(language):
        question = library_question(_Address(QueryDict(query[: 2 * LONGEST])))
    return replace(question, page=1, sort="date", literal=True)


def normalise(query: str, language: str) -> str:
    """The same for all query strings that ask the same: order, repetitions and noise taken out."""
    question = question_of(query, language)
    filters = {name: tuple(sorted(codes)) for name, codes in sorted(question.filters.items())}
    found = address(replace(question, filters=filters, sort="relevance", literal=False), "")
    return found.removeprefix("?")


def query_hash(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


def describe(query: str, language: str) -> str:
    """The filter in words of the active language: “融资” · Level: District · Status: In force."""
    question = question_of(query, language)
    parts = [_("“%(words)s”") % {"words": question.query}] if question.query else []
    colon, comma = pgettext("after a heading", ": "), pgettext("between codes", ", ")
    for name, facet in FACETS.items():
        codes = question.filters.get(name, ())
        if codes:
            words = comma.join(facet.label_of(code) for code in codes)
            parts.append(f"{facet.label}{colon}{words}")
    return " · ".join(parts) or _("All documents")


def matching(question: Question, pages: Iterable[int]) -> set[int]:
    """Which of these pages the library finds for the question; only ones that anybody may read."""
    ids = tuple(pages)
    state = current()
    plan = reading.make(question.query, state, documents(state))
    if not ids or (question.query.strip() and plan.is_empty):
        return set()
    scope = Scope(
        question.locale,
        question.kinds,
        filters=question.filters,
        by_date=True,
        stop=len(ids),
        only=ids,
    )
    return set(get_search_backend().find(plan, scope, state).part)
