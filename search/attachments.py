"""Attachments are found by their text: taken out of the file once, joined to every page that shows it."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex
from wagtail.search import index

from base.visibility import visible
from search import attachment_reader
from search.attachment_reader import Limits
from search.models import AttachmentText

logger = logging.getLogger(__name__)

State = AttachmentText.State
# Why a file gives no text, as `AttachmentText.error` stores it.
REASONS = {
    "encrypted": _("It is protected by a password."),
    "damaged": _("It is damaged, or not of the kind that its name says."),
    "too_large": _("It is too large, packed or unpacked."),
    "too_slow": _("Reading it took too long."),
    "too_much_memory": _("Reading it took too much memory."),
    "missing": _("The file is not there."),
}
# So many pages are indexed again while the editor waits; the queue takes the others.
AT_ONCE = 50
# Numbers in one SQL list: well below what SQLite allows.
CHUNK = 500


@dataclass(frozen=True)
class ReadText:
    """What reading a file gave: see the fields of `AttachmentText`."""

    state: str
    text: str = ""
    pages: int = 0
    cut: bool = False
    error: str = ""


class Attachment(NamedTuple):
    """One document of a page. The text is empty when the file gave none."""

    title: str
    filename: str
    text: str


# --- Reading a file -------------------------------------------------------------------------


def read_text(
    path_or_file: str | Path | BinaryIO, name: str, limits: Limits | None = None
) -> ReadText:
    """Take the text out of a file, in a process of its own that a bad file can't leave.

    Args:
        path_or_file: where the file is, or the file itself, open for reading bytes.
        name: its name; the ending says what it is.
        limits: how much is read, and what it may cost.

    Returns:
        The text and its state. What is wrong with the file is an answer and no exception.
    """
    limits = limits or Limits()
    kind = Path(name).suffix.lower().removeprefix(".")
    if kind not in attachment_reader.READERS:
        return ReadText(State.UNSUPPORTED)
    if isinstance(path_or_file, str | os.PathLike):
        try:
            size = Path(path_or_file).stat().st_size
        except OSError:
            return ReadText(State.FAILED, error="missing")
        if size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
            return ReadText(State.FAILED, error="too_large")
        return _read_apart(Path(path_or_file), kind, limits)
    # The other process needs a file with a path; storage elsewhere has none.
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as copy:
        shutil.copyfileobj(path_or_file, copy)
        copy.flush()
        return read_text(copy.name, name, limits)


def _read_apart(path: Path, kind: str, limits: Limits) -> ReadText:
    # -I: neither the environment nor the working folder can put a module in front of another.
    command = [sys.executable, "-I", "-B", attachment_reader.__file__]
    command += [str(path.resolve()), kind, json.dumps(asdict(limits))]
    try:
        done = subprocess.run(command, capture_output=True, timeout=limits.seconds, check=False)
    except subprocess.TimeoutExpired:
        return ReadText(State.FAILED, error="too_slow")
    try:
        return ReadText(**json.loads(done.stdout))
    except (ValueError, TypeError):
        if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return ReadText(State.FAILED, error="too_slow")
        logger.warning(
            "The reader of %s ended with %s: %s",
            path.name,
            done.returncode,
            done.stderr.decode(errors="replace")[-500:],
        )
        return ReadText(State.FAILED, error="damaged")


def read_document(document) -> ReadText:
    """Read the file of a document, wherever it is stored."""
    try:
        if document.is_stored_locally():
            return read_text(document.file.path, document.filename)
        with document.open_file() as file:
            return read_text(file, document.filename)
    except OSError:
        return ReadText(State.FAILED, error="missing")


# --- Storing texts --------------------------------------------------------------------------


def refresh_attachment(document, *, again: bool = False, reindex: bool = True) -> bool:
    """Read a document whose file changed since it was read, and index the pages that show it.

    Args:
        document: the document, as the database has it.
        again: read it even though the file is the same.
        reindex: False when the caller indexes the pages anyway.

    Returns:
        Whether the file was read.
    """
    try:
        file_hash = document.get_file_hash()
    except OSError:
        file_hash = ""
    known = AttachmentText.objects.filter(document=document, file_hash=file_hash).exclude(
        file_hash=""
    )
    if not again and known.exists():
        return False
    read = read_document(document)
    if not type(document).objects.filter(pk=document.pk).exists():
        return False  # deleted meanwhile
    AttachmentText.objects.update_or_create(
        document=document, defaults={"file_hash": file_hash, **asdict(read)}
    )
    if reindex:
        reindex_pages(pages_showing([document.pk]))
    return True


def unread_documents() -> QuerySet:
    """Documents that were never read, or whose file changed since."""
    documents = get_document_model().objects.order_by("pk")
    current = AttachmentText.objects.exclude(file_hash="").filter(
        file_hash=F("document__file_hash")
    )
    return documents.exclude(pk__in=current.values("pk"))


def explain(text: AttachmentText | None) -> str:
    """Say to an editor what came of reading a document."""
    if text is None:
        return gettext("Not read yet")
    if text.state == State.READ:
        said = gettext("Text read")
        if text.pages:
            said = ngettext("Text read, %(count)d page", "Text read, %(count)d pages", text.pages)
            said %= {"count": text.pages}
        if text.cut:
            return gettext("%(read)s (cut: only the beginning is found)") % {"read": said}
        return said
    if text.state == State.EMPTY:
        return gettext("No text in it: a scan?")
    if text.state == State.UNSUPPORTED:
        return gettext("Files of this kind are not read")
    reason = REASONS.get(text.error, "")
    return (gettext("Could not be read. %(reason)s") % {"reason": reason}).strip()


# --- Pages and their documents --------------------------------------------------------------


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
