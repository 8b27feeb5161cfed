from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Locale, Page

from base.visibility import visible

MAX_LENGTH = 100
PER_PAGE = 20


def find_pages(query: str):
    """Public pages in the active language whose title or description contains every word of `query`.

    Works inside Chinese sentences, where a word index cut at spaces finds nothing.
    """
    pages = visible(Page.objects.filter(locale=Locale.get_active(), depth__gt=2))
    for word in query.split():
        pages = pages.filter(Q(title__icontains=word) | Q(search_description__icontains=word))
    return pages.order_by("-last_published_at", "path")


def search(request: HttpRequest) -> HttpResponse:
    """`?q=` words, `?page=` page of the results. Anything odd gives a first page or an empty list."""
    query = request.GET.get("q", "").strip()[:MAX_LENGTH]
    pages = find_pages(query).specific() if query else Page.objects.none()
    results = Paginator(pages, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "search/search.html", {"query": query, "results": results})
