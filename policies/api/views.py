"""The read-only API of the policy library. Everything it says stands on public pages, too."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from base.visibility import visible
from policies.api import cursor, rate
from policies.api.asking import Asked, asked, language_of, limit_of
from policies.api.openapi import description
from policies.api.problems import Problem, response_for
from policies.exporting import listing
from policies.exporting.records import (
    clause_record,
    policy_record,
    public_clauses,
    relation_record,
)
from policies.models import PolicyPage
from policies.record.family import family_of
from search import api as search_api
from search.models import IndexState
from search.results import Question

METHODS = ("GET", "HEAD", "OPTIONS")
# By relevance a search puts the best in order and no more; by date it goes through all.
BEST = 200
KEPT = 60


def endpoint(view: Callable[..., dict]) -> Callable[..., HttpResponseBase]:
    """Make a view of a function that returns what is to be said: methods, errors, CORS, ETag."""

    @csrf_exempt  # a foreign form is told that this is for reading, not that a token is missing
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            response = _answer(view, request, *args, **kwargs)
        except Problem as problem:
            response = response_for(problem, request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, Retry-After"
        return response

    return answer


def _answer(view, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
    if request.method not in METHODS:
        raise Problem("Reading only.", status=405, Allow=", ".join(METHODS))
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
        response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since, Accept"
        response["Access-Control-Max-Age"] = "86400"
        return response
    rate.count(request)
    with translation.override(language_of(request)):
        content = view(request, *args, **kwargs)
        changed = content.pop("_changed", None)
        link = content.get("next")
        response = HttpResponse(
            json.dumps(content, ensure_ascii=False), content_type="application/json"
        )
        response["Content-Language"] = translation.get_language()
    if link:
        response["Link"] = f'<{link}>; rel="next"'
    return _conditional(request, response, changed)


def _conditional(request: HttpRequest, response: HttpResponse, changed) -> HttpResponseBase:
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if changed:
        response["Last-Modified"] = http_date(changed.timestamp())
    patch_cache_control(response, public=True, max_age=KEPT)
    patch_vary_headers(response, ["Accept-Encoding"])
    # By the day of change alone a change within the same second would be missed, so only the ETag counts
    # where a client sends both; Django does it so.
    return get_conditional_response(
        request,
        etag=response["ETag"],
        last_modified=int(changed.timestamp()) if changed else None,
        response=response,
    )


# --- Policies -------------------------------------------------------------------------------


@endpoint
def policies(request: HttpRequest) -> dict:
    """A page of the policies that the filters leave."""
    wanted = asked(request)
    mark = cursor.question_mark(
        [
            wanted.question.query,
            sorted(wanted.question.filters.items()),
            wanted.question.locale,
            wanted.by_relevance,
        ]
    )
    ids, total, place = (_best if wanted.by_relevance else _newest)(wanted, mark)
    pages = listing.in_order(ids, with_body=False)
    return {
        "count": total,
        "next": _next(request, cursor.write(mark, *place) if place else ""),
        "results": [_with_address(policy_record(page, request), request) for page in pages],
    }


def _newest(wanted: Asked, mark: str) -> tuple[list[int], int, tuple[int, ...]]:
    """Ids of the page, the number of all, and the place where the next page begins, if there is one."""
    found = listing.find(wanted.question)
    total = len(found)
    if wanted.cursor:
        found = found.after(*cursor.read(wanted.cursor, mark, 2))
    ids = found.ids[: wanted.limit].tolist()
    more = len(found) > wanted.limit
    return ids, total, (int(found.days[wanted.limit - 1]), ids[-1]) if more else ()


def _best(wanted: Asked, mark: str) -> tuple[list[int], int, tuple[int, ...]]:
    """The same in the order of the search: its best, as far as it puts them in order."""
    question: Question = wanted.question
    answer = search_api.search(
        Question(question.query, question.locale, question.filters, question.kinds, per_page=BEST)
    )
    ids = [hit.page.pk for hit in answer.hits]
    start = 0
    if wanted.cursor:
        offset, last = cursor.read(wanted.cursor, mark, 2)
        # After the policy that the page before ended with, wherever it stands by now.
        start = ids.index(last) + 1 if last in ids else offset
    end = start + wanted.limit
    part = ids[start:end]
    return part, answer.total, (end, part[-1]) if end < len(ids) else ()


def _next(request: HttpRequest, place: str) -> str | None:
    if not place:
        return None
    query = request.GET.copy()
    query["cursor"] = place
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _with_address(record: dict, request: HttpRequest) -> dict:
    address = reverse("policies_api:policy", args=[record["id"]])
    return record | {"api_url": request.build_absolute_uri(address)}


@endpoint
def policy(request: HttpRequest, key: UUID) -> dict:
    """One policy with its text, its clauses, and its relations to other documents."""
    language = translation.get_language()
    found = visible(PolicyPage.objects.filter(translation_key=key, locale__language_code=language))
    page = found.select_related("locale").first()
    if page is None:
        raise Problem("There is no such policy in this language.", status=404)
    clauses = public_clauses(language).filter(policy__translation_key=key)
    record = _with_address(policy_record(page, request, with_body=True), request)
    links = family_of(page).links
    published = [one.last_published_at for one in (page, *(link.page for link in links))]
    return record | {
        "clauses": [clause_record(clause) for clause in clauses],
        "relations": [relation_record(link, key, request) for link in links],
        # A relation that another document has to this one came with the other's publication.
        "_changed": max(filter(None, published), default=None),
    }


@endpoint
def clauses(request: HttpRequest) -> dict:
    """A page of the clauses that may be shown, in the order in which they were made."""
    limit, given = limit_of(request)
    language = translation.get_language()
    found = public_clauses(language).order_by("pk")
    if key := request.GET.get("policy"):
        found = found.filter(policy__translation_key=_uuid(key))
    mark = cursor.question_mark(["clauses", key, language])
    total = found.count()
    if given:
        (last,) = cursor.read(given, mark, 1)
        found = found.filter(pk__gt=last)
    rows = list(found[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return {
        "count": total,
        "next": _next(request, cursor.write(mark, rows[-1].pk) if more else ""),
        "results": [clause_record(clause) for clause in rows],
    }


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(
            "The request has parameters that can't be used.", errors={"policy": "A UUID."}
        ) from None


@endpoint
def openapi(request: HttpRequest) -> dict:
    """The description of this API for programs."""
    return description(request.build_absolute_uri("/").rstrip("/"))


@endpoint
def not_found(request: HttpRequest, rest: str = "") -> dict:
    raise Problem("There is nothing at this address.", status=404)


def about(request: HttpRequest) -> HttpResponse:
    """What people read before they use it."""
    return render(
        request,
        "policies/exchange/api.html",
        {"stamp": IndexState.load().stamp, "best": BEST},
    )
