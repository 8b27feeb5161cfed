"""What is noted with a change itself: who may read a page, and what Elasticsearch must hear of.

modelsearch indexes a saved object by a task. A page that is taken back or closed must be gone from
counts and suggestions at once, so that is written in the same transaction.
"""

from django.db.models.signals import post_delete, post_save
from modelsearch.index import get_indexed_models
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from search import changes, entries, health
from search.models import Entry


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
    post_delete.connect(entry_gone, Entry, dispatch_uid="search-entry")
    post_page_move.connect(page_moved, dispatch_uid="search-move")


def object_saved(instance, raw=False, **kwargs) -> None:
    if raw:
        return
    if isinstance(instance, Page):
        entries.refresh_public([instance.pk])
    if health.configured():
        changes.note(type(instance), [instance.pk])


def object_gone(instance, **kwargs) -> None:
    if health.configured():
        changes.note(type(instance), [instance.pk])


def entry_gone(instance, **kwargs) -> None:
    entries.forget_removed()


def restriction_changed(instance, **kwargs) -> None:
    """A page is closed or opened: with it all below, in every language."""
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        _below(page.get_translations(inclusive=True))


def page_moved(instance, **kwargs) -> None:
    _below([instance])


def _below(pages) -> None:
    ids: list[int] = []
    for page in pages:
        ids += page.get_descendants(inclusive=True).values_list("pk", flat=True)
    changed = entries.refresh_public(ids)
    if changed and health.configured():
        changes.note(Page, changed)
