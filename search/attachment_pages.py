"""Which pages show an attachment, and the texts of a page's attachments: they are found with it."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from modelsearch.backends import get_search_backends_with_name
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex

from base.visibility import visible

# So many pages are indexed together, and so many while the editor waits; the queue takes the others.
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
    """The attachments of one page, as `texts_for_many` has them."""
    return texts_for_many([page], fresh=True)[page.pk]


def texts_for_many(
    pages: Iterable[Page | int], *, fresh: bool = False
) -> dict[int, list[Attachment]]:
    """Documents that pages show and that everybody may open.

    What they refer to is asked of Wagtail's index of references: four queries for each five hundred pages.
    The texts of all are held at once, so a caller with thousands of pages asks in portions.

    Args:
        pages: pages as the database has them, no drafts, or their ids.
        fresh: read the pages themselves, for they may have changed a moment ago. The index of references is
            brought up to date by a task of its own, which may run after the one that indexes a page for
            the search. A single page is always read itself.

    Returns:
        Title, file name and text of each document, the oldest first, for the id of each page. Nothing
        for a page that isn't public: its documents are closed, too (base/privacy.py).
    """
    pages = list(pages)
    ids = [page.pk if isinstance(page, Page) else page for page in pages]
    texts: dict[int, list[Attachment]] = {pk: [] for pk in ids}
    themselves = (fresh or len(pages) == 1) and all(isinstance(page, Page) for page in pages)
    for start in range(0, len(ids), CHUNK):
        part = slice(start, start + CHUNK)
        shown = _read_from(pages[part]) if themselves else _referred_to_by(ids[part])
        if not shown:
            continue
        with_documents = Page.objects.filter(pk__in={page for page, _document in shown})
        public = set(visible(with_documents).values_list("pk", flat=True))
        documents = _open_documents({document for page, document in shown if page in public})
        for page, document in sorted(shown):
            if page in public and document in documents:
                texts[page].append(documents[document])
    return texts


def _read_from(pages: list[Page]) -> set[tuple[int, int]]:
    """Pairs of a page and a document that it refers to, as its own fields say."""
    wanted = ContentType.objects.get_for_model(get_document_model()).pk
    return {
        (page.pk, int(to_id))
        for page in pages
        for content_type, to_id, *_paths in ReferenceIndex._extract_references_from_object(
            page.specific
        )
        if content_type == wanted
    }


def _referred_to_by(page_ids: list[int]) -> set[tuple[int, int]]:
    """The same pairs, as the index of references says."""
    references = _references_of_pages().filter(object_id__in=[str(pk) for pk in page_ids])
    return {
        (int(page), int(document))
        for page, document in references.values_list("object_id", "to_object_id")
    }


def reindex_pages(page_ids: Iterable[int]) -> None:
    """Index pages again, those that are still there: of each type many at a time."""
    by_type: dict[int, list[int]] = {}
    found = Page.objects.filter(pk__in=list(page_ids)).order_by("pk")
    for content_type, pk in found.values_list("content_type", "pk"):
        by_type.setdefault(content_type, []).append(pk)
    backends = [backend for _name, backend in get_search_backends_with_name(with_auto_update=True)]
    for content_type, keys in by_type.items():
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model is None:  # of a release that had such a type
            continue
        for start in range(0, len(keys), AT_ONCE):
            pages = list(model.get_indexed_objects().filter(pk__in=keys[start : start + AT_ONCE]))
            for backend in backends:
                backend.get_index_for_model(model).add_items(model, pages, fresh=True)


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
