"""The policy library as a search among policies.

Its address: `?q=` words, `?level=` one level (the tabs), `?subject= ?issuer= ?place= ?status= ?year=`
(and `?topic=`, the subject as the page words it) any of several, `?sort=date` or `published`, `?page=`;
`?in_force=1` is short for `?status=in_force`. Each choice has one address that can be kept
(`search.addresses.address`); feed, alerts and exports understand the same parameters.
"""

from dataclasses import replace

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from policies import subjects
from policies.choices import LEVEL_NOTES, Level, Validity
from policies.timeline import timeline
from search import query_log
from search.addresses import address, is_cut, question_from
from search.api import search
from search.presentation import Shown
from search.results import Choice, Question, Results

PER_PAGE = 15
KIND = "policy"
# In the side column, in this order. Level stands above the list as tabs.
SIDE = ("status", "subject", "issuer", "place", "year")
FACETS = (*SIDE, "topic")
SORTS = {
    "relevance": _("Best match first"),
    "date": _("By date formed"),
    "published": _("By date published"),
}


def library_context(request: HttpRequest, page: Page) -> dict:
    """What the template of the library needs."""
    question = library_question(request)
    results = search(question)
    query_log.record(request, results)
    shown = Shown(question, results, page.get_url(request), FACETS, is_cut(request), SORTS)
    level = question.filters.get("level", ("",))[0]
    counts = _counts(results, "level")
    groups = [group for group in shown.groups if group.name in SIDE]
    return {
        "shown": shown,
        "results": results,
        "levels": [
            {**tab, "url": narrowed(shown, "level", tab["value"])}
            for tab in level_tabs(counts, level)
        ],
        "level": level,
        "level_note": LEVEL_NOTES[level] if level else "",
        "every_level": {"url": narrowed(shown, "level", ""), "count": sum(counts.values())},
        "query": question.query,
        # What the form of words and filters keeps.
        "hidden": [("level", level)] if level else [],
        "groups": groups,
        "branches": next(
            (subjects.tree(group.choices) for group in groups if group.name == "subject"), []
        ),
        "in_force": in_force(shown),
        "years": timeline(shown),
        "address": address(question, shown.path, page=results.page),
        "kept": request.build_absolute_uri(address(question, shown.path)),
        "parameters": address(question, ""),
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
    by_words = question.query or question.sort != "relevance"
    return replace(question, filters=filters, sort=question.sort if by_words else "date")


def narrowed(shown: Shown, name: str, code: str) -> str:
    """The address of the same list with this one value of a facet; with "" without the facet."""
    filters = {key: codes for key, codes in shown.question.filters.items() if key != name}
    if code:
        filters[name] = (code,)
    return address(shown.question, shown.path, filters=filters)


def in_force(shown: Shown) -> dict:
    """The switch to what is in force: whether it is `on`, the `url` that turns it, the `count`."""
    value = Validity.IN_FORCE.value
    on = shown.question.filters.get("status") == (value,)
    return {
        "on": on,
        "url": narrowed(shown, "status", "" if on else value),
        "count": _counts(shown.results, "status").get(value, 0),
    }


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
        if level != Level.PROVINCE or counts.get(level.value) or level.value == current
    ]


def _counts(results: Results, name: str) -> dict[str, int]:
    choices: list[Choice] = next((f.choices for f in results.facets if f.name == name), [])
    return {choice.code: choice.count for choice in choices}
