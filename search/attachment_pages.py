"""Which pages show an attachment, and the texts of a page's attachments: they are found with it."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex
from wagtail.search import index

from base.visibility import visible

# So many pages are indexed again while the editor waits; the queue takes the others.
AT_ONCE = 50
# Numbers in one SQL list: well below what SQLite allows.
CHUNK = 500


class Attachment(NamedTuple):
    """One document of a page. The text is empty when the file gave none."""

    title: str
    filename: str
    text: str


def pages_showing(document_ids: Iterable[int]) -> set[int]:
    """Ids of the pages that refer to any of these documents, by the index of references."""
    ids = [str(pk) for pk in document_ids]
    found: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        references = _references_of_pages().filter(to_object_id__in=ids[start : start + CHUNK])
        found.update(int(pk) for pk in references.values_list("object_id", flat=True))
    return found


def texts_for(page: Page) -> list[Attachment]:
    """Documents that a page shows and that everybody may open.

    What a page refers to is read from the page itself: Wagtail's index of references is brought up
    to date by a task of its own, which may run after the one that indexes the page for the search.

    Args:
        page: a page as the database has it, not a draft.

    Returns:
        Title, file name and text of each, the oldest document first. Nothing for a page that isn't
        public: its documents are closed, too (base/privacy.py).
    """
    wanted = ContentType.objects.get_for_model(get_document_model()).pk
    references = ReferenceIndex._extract_references_from_object(page.specific)
    ids = {to_id for content_type, to_id, *_paths in references if content_type == wanted}
    if not ids or not visible(Page.objects.filter(pk=page.pk)).exists():
        return []
    return list(_open_documents(ids).values())


def texts_for_many(pages: Iterable[Page | int]) -> dict[int, list[Attachment]]:
    """The same as `texts_for` for many pages, by the index of references.

    Four queries for each five hundred pages; the texts of all are held at once, so a caller with
    thousands of pages asks in portions.

    Args:
        pages: pages or their ids. A single page is read itself, as in `texts_for`: it may have
            changed a moment ago.

    Returns:
        A list, perhaps an empty one, for the id of each page.
    """
    pages = list(pages)
    if len(pages) == 1 and isinstance(pages[0], Page):
        return {pages[0].pk: texts_for(pages[0])}
    ids = [page.pk if isinstance(page, Page) else page for page in pages]
    texts: dict[int, list[Attachment]] = {pk: [] for pk in ids}
    for start in range(0, len(ids), CHUNK):
        chunk = [str(pk) for pk in ids[start : start + CHUNK]]
        references = _references_of_pages().filter(object_id__in=chunk)
        shown = {
            (int(page), int(document))
            for page, document in references.values_list("object_id", "to_object_id")
        }
        if not shown:
            continue
        with_documents = Page.objects.filter(pk__in={page for page, _document in shown})
        public = set(visible(with_documents).values_list("pk", flat=True))
        documents = _open_documents({document for page, document in shown if page in public})
        for page, document in sorted(shown):
            if page in public and document in documents:
                texts[page].append(documents[document])
    return texts


def reindex_pages(page_ids: Iterable[int]) -> None:
    """Index pages again, those that are still there."""
    for page in Page.objects.filter(pk__in=list(page_ids)).specific().iterator(chunk_size=50):
        index.insert_or_update_object(page)


def reindex_pages_soon(page_ids: Iterable[int], *, now: bool = False) -> None:
    """Have pages indexed again by the queue.

    Args:
        page_ids: the pages.
        now: True when a document was closed to readers: the first pages don't wait for the queue,
            for until then its text is still found.
    """
    from search.tasks import reindex_pages as task  # the task's module imports this one

    ids = sorted(page_ids)
    if now:
        reindex_pages(ids[:AT_ONCE])
        ids = ids[AT_ONCE:]
    for start in range(0, len(ids), CHUNK):
        task.enqueue(ids[start : start + CHUNK])


def _references_of_pages() -> QuerySet:
    return ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(get_document_model()),
    )


def _open_documents(ids: Iterable[int | str]) -> dict[int, Attachment]:
    """Of these documents those in collections that everybody may open, in the order of their ids."""
    documents = get_document_model().objects.filter(pk__in=list(ids))
    restrictions = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    closed = Q(pk__in=[])
    for path in restrictions:
        closed |= Q(collection__path__startswith=path)
    rows = (
        documents.exclude(closed)
        .order_by("pk")
        .values_list("pk", "title", "file", "search_text__text")
    )
    return {
        pk: Attachment(title, PurePosixPath(file).name, text or "")
        for pk, title, file, text in rows
    }
