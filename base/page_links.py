"""Links from one page to another, looked up together: one query for all links of a page.

Wagtail looks every link of a text up on its own, and its translation again. Here the page that
is being shown announces its links (`preload`), and the text and the lists of links read them from
a store that lives for one request.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.html import escape
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler as WagtailPageLinkHandler

from base.visibility import visible


@dataclass
class Store:
    """What one request knows of pages that are linked to.

    `shown` has, by language and id, the public page that a reader is led to; `pages` the pages
    themselves, by id.
    """

    shown: dict[tuple[str, int], Page | None] = field(default_factory=dict)
    pages: dict[int, Page] = field(default_factory=dict)


_store: ContextVar[Store | None] = ContextVar("links", default=None)
LINKED_ID = re.compile(r'linktype="page"[^>]*? id="(\d+)"|id="(\d+)"[^>]*? linktype="page"')


class PageLinkMiddleware:
    """Gives every request a store of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = _store.set(Store())
        try:
            return self.get_response(request)
        finally:
            _store.reset(token)


def shown_pages(ids: Iterable[int]) -> dict[int, Page | None]:
    """Where links to these pages lead: the translation into the active language, else the page
    itself, and None where neither is public."""
    store = _store.get() or Store()
    language = translation.get_language()
    wanted = {int(i) for i in ids}
    missing = {i for i in wanted if (language, i) not in store.shown}
    if missing:
        found = _look_up(missing, language, store)
        store.shown.update({(language, i): found.get(i) for i in missing})
    return {i: store.shown[language, i] for i in wanted}


def shown_page(page_id: int | None) -> Page | None:
    """The same for one page; None for None."""
    return shown_pages([page_id])[page_id] if page_id else None


def addresses(ids: Iterable[int]) -> dict[int, str | None]:
    """The address that a link to each page leads to, None where it leads nowhere."""
    return {i: page.url if page else None for i, page in shown_pages(ids).items()}


def known_pages() -> dict[int, Page]:
    """The pages that this request has looked up already, by id."""
    store = _store.get()
    return store.pages if store else {}


def _look_up(ids: set[int], language: str, store: Store) -> dict[int, Page]:
    pages = list(visible(Page.objects.filter(pk__in=ids)).select_related("locale"))
    store.pages.update({page.pk: page for page in pages})
    foreign = {p.translation_key for p in pages if p.locale.language_code != language}
    translated = {}
    if foreign:
        wanted = Page.objects.filter(translation_key__in=foreign, locale__language_code=language)
        translated = {p.translation_key: p for p in visible(wanted)}
    return {p.pk: translated.get(p.translation_key, p) for p in pages}


def preload(stream_value, also: Iterable[int | None] = ()) -> None:
    """Look up all pages that a StreamField links to, in its texts and its lists of links.

    `also`: ids of other pages that will be linked to, so that they cost no query of their own.
    """
    ids = {page_id for page_id in also if page_id}
    for block in stream_value.raw_data:
        _collect(block["value"], ids)
    if ids:
        shown_pages(ids)


@contextmanager
def linked_at_hand(pages: Iterable[Page]) -> Iterator[None]:
    """While it lasts, whatever page these pages link to in their blocks is there without a query of its own.

    For work on many pages outside of a request: each list of links would look its pages up by itself.
    """
    ids: set[int] = set()
    for page in pages:
        for column in page._meta.fields:
            if isinstance(column, StreamField):
                for block in getattr(page, column.name).raw_data:
                    _collect(block["value"], ids)
    token = _store.set(Store(pages=Page.objects.in_bulk(ids)))
    try:
        yield
    finally:
        _store.reset(token)


def _collect(value, ids: set[int]) -> None:
    if isinstance(value, str):
        ids.update(int(a or b) for a, b in LINKED_ID.findall(value))
    elif isinstance(value, dict):
        if isinstance(value.get("page"), int):
            ids.add(value["page"])
        for part in value.values():
            _collect(part, ids)
    elif isinstance(value, list):
        for part in value:
            _collect(part, ids)


class PageLinkHandler(WagtailPageLinkHandler):
    """Links to pages in rich text; a link to a page that is not public becomes plain words."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        ids = [int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdigit()]
        found = addresses(ids)
        return [
            f'<a href="{escape(found.get(int(attrs["id"])))}">'
            if str(attrs.get("id", "")).isdigit() and found.get(int(attrs["id"]))
            else "<a>"
            for attrs in attrs_list
        ]
