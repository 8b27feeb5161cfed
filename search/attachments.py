"""The text of attachments, taken out of each file once. `search.attachment_pages` joins it to pages."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model

from search import attachment_reader
from search.attachment_pages import pages_showing, reindex_pages
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


@dataclass(frozen=True)
class ReadText:
    """What reading a file gave: see the fields of `AttachmentText`."""

    state: str
    text: str = ""
    pages: int = 0
    cut: bool = False
    error: str = ""


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
