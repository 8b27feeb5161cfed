"""What changes the text that is found with a page, beside the page itself."""

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.documents import get_document_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
)
from wagtail.signals import post_page_move

from search.attachment_pages import pages_showing, reindex_pages_soon
from search.tasks import read_attachment

# What Wagtail writes when it first looks at a file; nothing of it is in the index.
ABOUT_THE_FILE = {"file_hash", "file_size"}


def connect() -> None:
    """Called once, when the application is ready."""
    document = get_document_model()
    for signal, handler, sender in [
        (post_save, document_saved, document),
        (pre_delete, document_goes, document),
        (post_delete, document_gone, document),
        (post_save, collection_saved, Collection),
        (post_save, collection_closed, CollectionViewRestriction),
        (post_delete, collection_opened, CollectionViewRestriction),
        (post_delete, page_opened, PageViewRestriction),
        (post_page_move, page_moved, None),
    ]:
        uid = f"search.{handler.__name__}"
        signal.connect(handler, sender=sender, weak=False, dispatch_uid=uid)


def document_saved(instance, created: bool, update_fields=None, raw=False, **kwargs) -> None:
    if raw or (update_fields and set(update_fields) <= ABOUT_THE_FILE):
        return
    if not created and instance.collection.get_view_restrictions():
        _on_commit(lambda: reindex_pages_soon(pages_showing([instance.pk]), now=True))
    _on_commit(lambda: read_attachment.enqueue(instance.pk))


def document_goes(instance, **kwargs) -> None:
    # Afterwards nothing refers to it any more.
    instance.shown_on = pages_showing([instance.pk])


def document_gone(instance, **kwargs) -> None:
    pages = instance.shown_on
    _on_commit(lambda: reindex_pages_soon(pages, now=True))


def collection_saved(instance, created: bool, raw=False, **kwargs) -> None:
    # Perhaps it was moved into or out of a private one; that says no signal of its own.
    if not created and not raw:
        _on_commit(lambda: reindex_pages_soon(_pages_showing_collection(instance.pk), now=True))


def collection_closed(instance, raw=False, **kwargs) -> None:
    if not raw:
        collection = instance.collection_id
        _on_commit(lambda: reindex_pages_soon(_pages_showing_collection(collection), now=True))


def collection_opened(instance, **kwargs) -> None:
    collection = instance.collection_id
    _on_commit(lambda: reindex_pages_soon(_pages_showing_collection(collection)))


def page_opened(instance, **kwargs) -> None:
    page = instance.page_id
    _on_commit(lambda: reindex_pages_soon(_pages_with_documents(page)))


def page_moved(instance, **kwargs) -> None:
    page = instance.pk
    _on_commit(lambda: reindex_pages_soon(_pages_with_documents(page)))


def _on_commit(function) -> None:
    # robust: the editor's change stands even when the index can't follow; the check of the index
    # finds the difference.
    transaction.on_commit(function, robust=True)


def _pages_showing_collection(collection_id: int) -> set[int]:
    """Pages that show a document of this collection or of one below it."""
    collection = Collection.objects.filter(pk=collection_id).first()
    if collection is None:
        return set()
    documents = get_document_model().objects.filter(collection__path__startswith=collection.path)
    return pages_showing(documents.values_list("pk", flat=True))


def _pages_with_documents(page_id: int) -> set[int]:
    """Of a page, its translations and the pages below them, those that refer to a document."""
    page = Page.objects.filter(pk=page_id).first()
    if page is None:
        return set()
    below = Q(pk__in=[])
    for path in page.get_translations(inclusive=True).values_list("path", flat=True):
        below |= Q(path__startswith=path)
    # All pages with documents are few beside all pages, and their ids stand in the index as text.
    showing = pages_showing(get_document_model().objects.values_list("pk", flat=True))
    return showing & set(Page.objects.filter(below).values_list("pk", flat=True))
