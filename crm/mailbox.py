"""The mails that development writes into files instead of sending them."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.utils import timezone

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
SEPARATOR = b"-" * 79
SHOWN_FILES = 200


@dataclass(frozen=True)
class StoredMail:
    """One message of a file; `file` and `position` name it."""

    file: str
    position: int
    at: datetime
    subject: str
    sender: str
    recipients: str
    body: str


def is_available() -> bool:
    return settings.EMAIL_BACKEND == FILE_BACKEND and bool(
        getattr(settings, "EMAIL_FILE_PATH", None)
    )


def _files() -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    files = folder.glob("*.log") if folder.is_dir() else []
    return sorted(files, key=lambda f: f.stat().st_mtime, reverse=True)[:SHOWN_FILES]


def _read(file: Path) -> list[StoredMail]:
    at = datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_current_timezone())
    parts = [part for part in file.read_bytes().split(SEPARATOR) if part.strip()]
    mails = []
    for position, part in enumerate(parts):
        message = message_from_bytes(part.lstrip(b"\n"), policy=policy.default)
        text = message.get_body(preferencelist=("plain", "html"))
        mails.append(
            StoredMail(
                file=file.name,
                position=position,
                at=at,
                subject=str(message["Subject"] or ""),
                sender=str(message["From"] or ""),
                recipients=str(message["To"] or ""),
                body=text.get_content() if text else "",
            )
        )
    return mails


def list_mails() -> list[StoredMail]:
    """All messages, the newest first."""
    return [mail for file in _files() for mail in reversed(_read(file))]


def find_mail(file_name: str, position: int) -> StoredMail | None:
    """The message of that name, which is looked up in the list and never opened as a path."""
    for file in _files():
        if file.name == file_name:
            mails = _read(file)
            return mails[position] if position < len(mails) else None
    return None
