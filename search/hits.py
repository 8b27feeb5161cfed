"""What a search found as results to show: pages that anybody may read, with their passages."""

from datetime import date
from functools import cache, lru_cache

from django.utils import timezone
from wagtail.models import Page, get_page_models

from base.prepared import PreparedList
from base.visibility import visible
from search import snippets
from search.documents import kind_of
from search.plan import Plan
from search.ranking import Candidate
from search.results import Hit


def hits(plan: Plan, candidates: list[Candidate]) -> list[Hit]:
    """The results of the candidates that anybody may read now."""
    pages = _pages({one.page_id: one.entry.kind for one in candidates})
    return [
        _hit(plan, candidate, pages[candidate.page_id])
        for candidate in candidates
        if candidate.page_id in pages
    ]


def _pages(kinds: dict[int, str]) -> dict[int, Page]:
    """The pages of these keys that anybody may read, in their own types: one query for each type.

    Columns are of many types and few: they are asked for their type first.
    """
    types = _types()
    wanted: dict[type[Page], list[int]] = {}
    unknown: list[int] = []
    for pk, kind in kinds.items():
        if kind in types:
            wanted.setdefault(types[kind], []).append(pk)
        else:
            unknown.append(pk)
    found: dict[int, Page] = {}
    for model, keys in wanted.items():
        listed = _listed(model, timezone.localdate())
        found |= {page.pk: page for page in listed.objects(keys)}
    if unknown:
        pages = visible(Page.objects.filter(pk__in=unknown)).specific()
        found |= {page.pk: page for page in pages}
    return found


@lru_cache(maxsize=100)
def _listed(model: type[Page], today: date) -> PreparedList:
    """The pages of a type that anybody may read. What a list adds may depend on the day."""
    listed = getattr(model, "search_listed", model._default_manager.all)
    return PreparedList(lambda keys: visible(listed().filter(pk__in=keys)))


@cache
def _types() -> dict[str, type[Page]]:
    """Kinds of pages of one type, with the type."""
    by_kind: dict[str, list[type[Page]]] = {}
    for model in get_page_models():
        by_kind.setdefault(kind_of(model), []).append(model)
    return {kind: models[0] for kind, models in by_kind.items() if len(models) == 1}


def _hit(plan: Plan, candidate: Candidate, page: Page) -> Hit:
    status, label, valid = getattr(page, "search_status", ("", "", True))
    return Hit(
        page=page,
        title=snippets.title(plan, page.title),
        snippet=snippets.snippet(plan, candidate, getattr(page, "summary", "")),
        kind=candidate.entry.kind,
        kind_label=getattr(page, "kind_label", ""),
        dated_on=candidate.entry.dated_on,
        status=status,
        status_label=str(label),
        valid=valid,
        attachment=snippets.attachment_of(candidate),
    )
