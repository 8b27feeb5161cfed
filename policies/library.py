"""The policy library as a search among policies.

Its address: `?q=` words, `?level=` one level (the tabs), `?topic= ?issuer= ?status= ?year=` any of
several, `?sort=date`, `?page=`; `?in_force=1` is short for `?status=in_force`.
"""

from dataclasses import replace

from django.http import HttpRequest
from wagtail.models import Page

from policies.choices import LEVEL_NOTES, Level, Validity
from search import query_log
from search.addresses import is_cut, question_from
from search.api import search
from search.presentation import Shown
from search.results import Question, Results

PER_PAGE = 15
KIND = "policy"
# Level stands above the list as tabs.
FACETS = ("status", "topic", "issuer", "year")


def library_context(request: HttpRequest, page: Page) -> dict:
    """What the template of the library needs: `shown`, `results`, `levels`, `level`, `query`, `hidden`."""
    question = library_question(request)
    results = search(question)
    query_log.record(request, results)
    shown = Shown(question, results, page.get_url(request), FACETS, is_cut(request))
    level = question.filters.get("level", ("",))[0]
    return {
        "shown": shown,
        "results": results,
        "levels": level_tabs(_counts(results), level),
        "level": level,
        "query": question.query,
        # What the form of words and filters keeps.
        "hidden": [("level", level)] if level else [],
    }


def library_question(request: HttpRequest) -> Question:
    """What the address asks of the library; without words all documents, the newest first."""
    question = question_from(request, kinds=(KIND,), per_page=PER_PAGE)
    filters = {name: codes for name, codes in question.filters.items() if name in FACETS}
    level = next((c for c in question.filters.get("level", ()) if c in Level.values), "")
    if level:
        filters["level"] = (level,)
    if request.GET.get("in_force") == "1":
        filters["status"] = (Validity.IN_FORCE.value,)
    return replace(question, filters=filters, sort=question.sort if question.query else "date")


def level_tabs(counts: dict[str, int], current: str) -> list[dict]:
    """All levels as tabs (`value`, `label`, `note`, `count`, `current`); the province only when used."""
    return [
        {
            "value": level.value,
            "label": level.label,
            "note": LEVEL_NOTES[level],
            "count": counts.get(level.value, 0),
            "current": level.value == current,
        }
        for level in Level
        if level != Level.PROVINCE or counts.get(level.value)
    ]


def _counts(results: Results) -> dict[str, int]:
    return {
        choice.code: choice.count
        for facet in results.facets
        if facet.name == "level"
        for choice in facet.choices
    }
