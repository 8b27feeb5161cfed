"""What is noted with a change itself: who may read a page, and what Elasticsearch must hear of.

modelsearch indexes a saved object by a task. A page that is taken back or closed must be gone from
counts and suggestions at once, so that is written in the same transaction.
"""

from django.db.models.signals import post_delete, post_save
from modelsearch.index import get_indexed_models
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from search import changes, entries, health, promotions
from search.attachment_pages import reindex_pages_soon
from search.models import Entry

# Fields of a page that are indexed with its translations, too.
SHARED = {"title", "live"}


def connect() -> None:
    """Called once, when the application is ready."""
    for model in get_indexed_models():
        if not getattr(model, "search_auto_update", True):
            continue
        uid = f"search-{model._meta.label_lower}"
        post_save.connect(object_saved, sender=model, dispatch_uid=uid)
        post_delete.connect(object_gone, sender=model, dispatch_uid=uid)
    for signal in (post_save, post_delete):
        signal.connect(restriction_changed, PageViewRestriction, dispatch_uid="search-restriction")
        for model in (Query, SearchPromotion):
            uid = f"search-{model._meta.model_name}"
            signal.connect(promotions.changed, sender=model, dispatch_uid=uid)
    post_delete.connect(entry_gone, Entry, dispatch_uid="search-entry")
    post_page_move.connect(page_moved, dispatch_uid="search-move")


def object_saved(instance, raw=False, update_fields=None, **kwargs) -> None:
    if raw:
        return
    if isinstance(instance, Page):
        entries.refresh_public([instance.pk])
        if update_fields is None or SHARED & set(update_fields):
            _index_translations(instance)
    if health.configured():
        changes.note(type(instance), [instance.pk])


def object_gone(instance, **kwargs) -> None:
    if isinstance(instance, Page):
        _index_translations(instance)
    if health.configured():
        changes.note(type(instance), [instance.pk])


def _index_translations(page: Page) -> None:
    """A page is found by the titles of its translations, too."""
    # Those that are not indexed yet will be with its title.
    pages = Page.objects.filter(translation_key=page.translation_key, search_entry__isnull=False)
    pages = pages.exclude(pk=page.pk)
    if ids := list(pages.values_list("pk", flat=True)):
        # At once, not by the queue: a title that was taken back must not be found by another page.
        reindex_pages_soon(ids, now=True)


def entry_gone(instance, **kwargs) -> None:
    entries.forget_removed()


def restriction_changed(instance, **kwargs) -> None:
    """A page is closed or opened: with it all below, in every language."""
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        _refresh_below([*page.get_translations(inclusive=True), *page.aliases.all()])


def page_moved(instance, **kwargs) -> None:
    ids = _refresh_below([instance])
    if health.configured():
        changes.note(Page, ids)  # lists of the admin are narrowed by the path


def _refresh_below(pages) -> list[int]:
    """Note who may read the pages and those below them. Returns their keys."""
    ids: list[int] = []
    for page in pages:
        ids += page.get_descendants(inclusive=True).values_list("pk", flat=True)
    changed = entries.refresh_public(ids)
    if changed and health.configured():
        changes.note(Page, changed)
    # The pages themselves, and those that are found by their titles.
    keys = Page.objects.filter(pk__in=changed).values("translation_key")
    told = list(Page.objects.filter(translation_key__in=keys).values_list("pk", flat=True))
    reindex_pages_soon(told, now=True)
    return ids
