"""Promoted results: the pages that editors put above what a search finds by itself."""

import secrets

from django.db import connection
from django.db.models import F
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page
from wagtail.search.utils import normalise_query_string

from base.visibility import visible
from search.models import IndexState
from search.query_log import tidy

LIMIT = 5
# What is promoted for, by database: (version, queries).
_known: dict[str, tuple[int, frozenset[str]]] = {}


def changed(**kwargs) -> None:
    """A promoted result was saved or taken out: what processes know of them is read anew."""
    IndexState.load()
    # Never a number that a change had which was taken back.
    version = secrets.randbelow(2**31 - 1) + 1
    IndexState.objects.filter(pk=1).update(promotions_version=version)


def are_there(query: str, state: IndexState) -> bool:
    """Whether anything is promoted for the query: kept in memory, for most queries have nothing."""
    name = str(connection.settings_dict["NAME"])
    known = _known.get(name)
    if known is None or known[0] != state.promotions_version:
        rows = SearchPromotion.objects.filter(page__isnull=False)
        queries = frozenset(rows.values_list("query__query_string", flat=True))
        known = _known[name] = (state.promotions_version, queries)
    return not known[1].isdisjoint(_wanted(query))


def _wanted(query: str) -> set[str]:
    return {normalise_query_string(query), tidy(query)} - {""}


def promoted_for(query: str, locale: str) -> list[tuple[Page, str]]:
    """The pages promoted for `query` with the editors' words on each, in the editors' order.

    The query must match as a whole; width, case and blanks do not matter. Only pages that anybody may
    read, in the language `locale` ("zh-hans"): of a page in another language its translation, without
    the words, which are in the other language.
    At most `LIMIT` plain pages (not yet in their own type) by at most two queries; one when nothing
    is promoted.
    """
    wanted = _wanted(query)
    if not wanted:
        return []
    words = {}
    picks = (
        SearchPromotion.objects.filter(query__query_string__in=wanted, page__isnull=False)
        .order_by(F("sort_order").asc(nulls_last=True), "pk")
        .values_list("page__translation_key", "page__locale__language_code", "description")
    )
    for key, language, description in picks:
        if language == locale:
            words[key] = description
        else:
            words.setdefault(key, "")
    if not words:
        return []
    pages = visible(
        Page.objects.filter(translation_key__in=words, locale__language_code=locale, depth__gt=1)
    )
    found = {page.translation_key: page for page in pages}
    return [(found[key], text) for key, text in words.items() if key in found][:LIMIT]
