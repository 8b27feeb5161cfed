"""What an address of the API asks. Unlike the library page it says so when that makes no sense."""

import re
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from policies.api.problems import Problem
from policies.choices import NOT_YET, Level, Validity
from policies.library import library_question
from search.addresses import MAX_CODE_LENGTH, MAX_CODES
from search.results import MAX_LENGTH, Question

DEFAULT_LIMIT, MAX_LIMIT = 20, 100
SORTS = ("date", "relevance")
YEAR = re.compile(r"[0-9]{4}")
# What a document can be said to be, as the library page filters by it.
STATUSES = [*Validity.values, NOT_YET]
# Filters of which any of several values may hold.
SEVERAL = ("status", "subject", "topic", "issuer", "place", "year")
# Answered one at a time.
SINGLE = ("q", "sort", "in_force", "limit", "cursor", "lang")


@dataclass(frozen=True)
class Asked:
    question: Question
    limit: int
    cursor: str

    @property
    def by_relevance(self) -> bool:
        return bool(self.question.query) and self.question.sort == "relevance"


def language_of(request: HttpRequest) -> str:
    """`?lang=`, or the language of the address. Raises Problem for one that the site has not."""
    code = request.GET.get("lang")
    if code is None:
        return translation.get_language() or settings.LANGUAGE_CODE
    for known in settings.LANGUAGE_CODES:
        if code.lower() in (known.lower(), known.split("-")[0].lower()):
            return known
    languages = ", ".join(settings.LANGUAGE_CODES)
    raise Problem("Unknown language.", errors={"lang": f"One of: {languages}."})


def asked(request: HttpRequest) -> Asked:
    """The question of an address. Raises Problem that names every parameter that is wrong."""
    errors = _errors(request)
    if errors:
        raise Problem("The request has parameters that can't be used.", errors=errors)
    question = library_question(request)
    if question.query and request.GET.get("sort") != "date":
        question = replace(question, sort="relevance")
    return Asked(
        replace(question, page=1),
        int(request.GET.get("limit", DEFAULT_LIMIT)),
        request.GET.get("cursor", ""),
    )


def limit_of(request: HttpRequest) -> tuple[int, str]:
    """`limit` and `cursor` of a list without filters. Raises Problem."""
    errors = {name: text for name, text in _errors(request).items() if name in ("limit", "cursor")}
    if errors:
        raise Problem("The request has parameters that can't be used.", errors=errors)
    return int(request.GET.get("limit", DEFAULT_LIMIT)), request.GET.get("cursor", "")


def _errors(request: HttpRequest) -> dict[str, str]:
    given = request.GET
    errors = {name: "Give it once." for name in SINGLE if len(given.getlist(name)) > 1}
    if len(given.get("q", "")) > MAX_LENGTH:
        errors["q"] = f"At most {MAX_LENGTH} characters."
    limit = given.get("limit", str(DEFAULT_LIMIT))
    if not (
        limit.isascii() and limit.isdecimal() and len(limit) < 4 and 1 <= int(limit) <= MAX_LIMIT
    ):
        errors["limit"] = f"A whole number from 1 to {MAX_LIMIT}."
    if given.get("sort", "date") not in SORTS:
        errors["sort"] = f"One of: {', '.join(SORTS)}."
    if given.get("in_force", "1") != "1":
        errors["in_force"] = "1, or leave it out."
    for name, codes in (("level", Level.values), ("status", STATUSES)):
        if any(code not in codes for code in given.getlist(name)):
            errors[name] = f"Any of: {', '.join(codes)}."
    if len(given.getlist("level")) > 1:
        errors["level"] = "Give it once."
    if not all(YEAR.fullmatch(year) for year in given.getlist("year")):
        errors["year"] = "Four digits."
    for name in SEVERAL:
        values = given.getlist(name)
        if len(values) > MAX_CODES or any(len(value) > MAX_CODE_LENGTH for value in values):
            errors[name] = f"At most {MAX_CODES} values of {MAX_CODE_LENGTH} characters."
    return errors
