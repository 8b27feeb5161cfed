from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_safe

from search import api, completions, query_log
from search.addresses import address, clean, is_cut, question_from
from search.presentation import Shown
from search.results import MAX_LENGTH, Question

SUGGESTIONS = 8
# Seconds that a browser may keep suggestions: as long as somebody types and goes back.
KEPT = 60


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The search page. Without words and filters it answers nothing and shows where things stand."""
    question = question_from(request)
    shown = None
    if question.query or question.filters:
        results = api.search(question)
        query_log.record(request, results)
        path = reverse("search:search")
        shown = Shown(question, results, path, cut=is_cut(request))
    return render(request, "search/search.html", {"query": question.query, "shown": shown})


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions for `?q=` in the language of the address, as JSON.

    {"suggestions": [{"text", "kind", "url", "note"}], "said": how many, for a screen reader}
    """
    text = clean(request.GET.get("q", ""))[:MAX_LENGTH]
    found = completions.suggest(text, get_language(), SUGGESTIONS)[:SUGGESTIONS] if text else []
    path = reverse("search:search")
    suggestions = [
        {
            "text": suggestion.text,
            "kind": suggestion.kind,
            "url": suggestion.url or address(Question(query=suggestion.text), path),
            "note": suggestion.note,
        }
        for suggestion in found
    ]
    number = len(suggestions)
    said = ngettext("%(number)s suggestion", "%(number)s suggestions", number) % {"number": number}
    response = JsonResponse({"suggestions": suggestions, "said": said if number else ""})
    patch_cache_control(response, private=True, max_age=KEPT)
    return response
