"""The address of a search: from what a browser sends to a question, and back again.

`?q=` words, one parameter for each facet of `search.facets` (`kind=policy&kind=site`: any of
them), `sort=date` or `sort=published`, `page=2`, `literal=1`. Everything else is ignored and nothing is an error:
addresses are typed, shortened and pasted by people and programs.
"""

import unicodedata
from dataclasses import replace

from django.http import HttpRequest, QueryDict
from django.utils import translation

from search.facets import FACETS
from search.results import MAX_LENGTH, MAX_PAGES, Question

# More than a reader ticks; beyond it somebody is trying things out.
MAX_CODES = 40
MAX_CODE_LENGTH = 200
SORTS = ("date", "published")
# Facets stand in an address in the order of the page.
PLACES = {name: place for place, name in enumerate(FACETS)}


def question_from(request: HttpRequest, **fixed) -> Question:
    """Read a question from the address of `request`.

    `fixed`: fields of the Question that the page sets itself, whatever the address says.
    """
    given = request.GET
    asked = {
        "query": clean(given.get("q", ""))[:MAX_LENGTH].strip(),
        "locale": translation.get_language(),
        "filters": {name: codes for name in FACETS if (codes := _codes(given.getlist(name)))},
        "sort": given["sort"] if given.get("sort") in SORTS else "relevance",
        "page": _page(given.get("page", "")),
        "literal": given.get("literal") == "1",
    }
    return Question(**(asked | fixed))


def is_cut(request: HttpRequest) -> bool:
    """Whether the words in the address are longer than what is searched."""
    return len(clean(request.GET.get("q", ""))) > MAX_LENGTH


def address(question: Question, path: str, **changes) -> str:
    """The address below `path` that asks `question`, with `changes` to its fields.

    A change of anything but the page leads to the first page. The same question has the same
    address, in whatever order it was asked.
    """
    question = replace(question, **({"page": 1} | changes))
    query = QueryDict(mutable=True)
    if question.query:
        query["q"] = question.query
    for name in sorted(question.filters, key=PLACES.get):
        query.setlist(name, sorted(question.filters[name]))
    # A list without words is by date anyway.
    if question.sort in SORTS and (question.query or question.sort != "date"):
        query["sort"] = question.sort
    if question.literal:
        query["literal"] = "1"
    if question.page > 1:
        query["page"] = str(question.page)
    return f"{path}?{query.urlencode()}" if query else path


def without(question: Question, name: str, code: str) -> dict[str, tuple[str, ...]]:
    """The filters of `question` less one code of one facet."""
    left = {**question.filters, name: tuple(c for c in question.filters[name] if c != code)}
    return {name: codes for name, codes in left.items() if codes}


def clean(text: str) -> str:
    """`text` without what can't be typed (control characters, halves of characters) and on one line."""
    kept = (
        " " if unicodedata.category(c) == "Cc" else c
        for c in text
        if unicodedata.category(c) != "Cs" and c not in "\u200b\ufeff"
    )
    return " ".join("".join(kept).split())


def _codes(values: list[str]) -> tuple[str, ...]:
    codes = (clean(value)[:MAX_CODE_LENGTH] for value in values[:MAX_CODES])
    return tuple(sorted({code for code in codes if code}))


def _page(text: str) -> int:
    # `isdecimal` is also true of digits of other scripts, which `int` reads as well.
    number = int(text) if text.isdecimal() and len(text) <= 6 else 1
    return min(max(number, 1), MAX_PAGES)
