"""The frame's navigation, read with few queries and remembered for the length of one request."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import Locale, Page, Site

from base.models import BasePage
from base.visibility import visible


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class LanguageItem:
    """`available` is False when the page has no translation: `url` then leads to the nearest one above."""

    code: str
    label: str
    url: str
    current: bool
    available: bool


def _remembered(request: HttpRequest, key: str, make):
    store = request.__dict__.setdefault("_navigation", {})
    if key not in store:
        store[key] = make()
    return store[key]


def home_page(request: HttpRequest, page: Page | None = None) -> Page | None:
    """The home page in the active language, or the default language's when there is none.

    A `page` that is being shown knows its own home page without asking.
    """
    if isinstance(page, BasePage) and page.path:
        return page.line_above[0] if page.line_above else page

    def find():
        site = Site.find_for_request(request)
        if site is None:
            return None
        root = site.root_page
        locale = Locale.get_active()
        if root.locale_id == locale.pk:
            return root
        translated = Page.objects.filter(
            translation_key=root.translation_key, locale_id=locale.pk, live=True
        ).first()
        return translated or root

    return _remembered(request, f"home-{translation.get_language()}", find)


def _frame(request: HttpRequest, page: Page | None) -> list[Page]:
    """The public pages that the frame names, by one query, in the order of the tree.

    Those right below the home page, and the translations of `page` and of those above it.
    """

    def find():
        home = home_page(request, page)
        wanted = Q()
        if home is not None:
            wanted |= Q(path__startswith=home.path, depth=home.depth + 1)
        if page is not None and page.pk and page.path:
            wanted |= Q(translation_key__in=[one.translation_key for one in [*_above(page), page]])
        pages = public_pages().filter(wanted).select_related("locale").order_by("path")
        return list(pages) if wanted else []

    return _remembered(request, f"frame-{translation.get_language()}-{page and page.pk}", find)


def _above(page: Page) -> list[Page]:
    return page.line_above if isinstance(page, BasePage) else list(page.get_ancestors())


def public_pages():
    """Live pages that no view restriction covers, themselves or above them."""
    return visible(Page.objects.all())


def top_pages(request: HttpRequest, page: Page | None = None) -> list[Page]:
    """The public pages right below the home page, in their order."""

    home = home_page(request, page)
    if home is None:
        return []
    return [
        one
        for one in _frame(request, page)
        if one.depth == home.depth + 1 and one.path.startswith(home.path)
    ]


def menu(request: HttpRequest, page: Page | None) -> list[Item]:
    """The main menu: the public children of the home page that are marked for menus."""
    path = page.path if page is not None and page.path else ""
    return [
        Item(
            title=child.title,
            url=child.get_url(request),
            current=bool(path) and path.startswith(child.path),
        )
        for child in top_pages(request, page)
        if child.show_in_menus
    ]


def page_at(request: HttpRequest, slug: str, page: Page | None = None) -> Page | None:
    """The public page with this slug right below the home page, or None."""
    slug = slug.strip("/")
    return next((p for p in top_pages(request, page) if p.slug == slug), None)


def breadcrumbs(request: HttpRequest, page: Page | None) -> list[Item]:
    """The way from the home page to `page`; the last item is `page` itself and has no link."""
    if not isinstance(page, BasePage) or not page.path:
        return []
    above = [
        Item(title=p.title if p.depth > 2 else gettext("Home"), url=p.get_url(request) or "")
        for p in page.line_above
    ]
    return [*above, Item(title=page.title, url="")]


def translations(request: HttpRequest, page: Page) -> dict[str, Page]:
    """The live public translations of `page`, itself among them, by language code."""

    return {
        one.locale.language_code: one
        for one in _frame(request, page)
        if one.translation_key == page.translation_key
    }


def _nearest_translation(request: HttpRequest, page: Page, code: str) -> Page | None:
    keys = {one.translation_key for one in _above(page)}
    found = [
        one
        for one in _frame(request, page)
        if one.translation_key in keys and one.locale.language_code == code and one.depth > 1
    ]
    return max(found, key=lambda one: one.depth, default=None)


def languages(request: HttpRequest, page: Page | None) -> list[LanguageItem]:
    """One item for each language, leading to the same page where it exists in that language."""
    active = translation.get_language()
    items = []
    for code, label in settings.LANGUAGES:
        available = True
        if page is None or not page.pk or not page.path:
            url = translate_url(request.get_full_path(), code)
        elif code == active:
            url = page.get_url(request) or request.path
        else:
            target = translations(request, page).get(code)
            if target is not None:
                url = target.get_url(request)
            else:
                available = False
                nearest = _nearest_translation(request, page, code)
                url = f"{nearest.get_url(request)}?from={page.pk}" if nearest else "/"
        items.append(LanguageItem(code, label, url, code == active, available))
    return items


def untranslated_origin(request: HttpRequest) -> Page | None:
    """The public page that a reader came from when it has no translation into this language."""
    raw = request.GET.get("from", "")
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        return None
    page = public_pages().filter(pk=int(raw)).select_related("locale").first()
    if page is None or page.locale.language_code == translation.get_language():
        return None
    return page
