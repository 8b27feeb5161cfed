"""The items of an event's programme as sessions whose seats can be counted."""

from uuid import UUID

from events.models import EventPage
from events.programme import Entry, read_programme
from events.services.pools import Session

NAME_LENGTH = 120


def sessions_of(page: EventPage) -> list[Session]:
    """What of the programme one may register for, with its titles in English where there are any.

    Sessions; where a programme has none but short items, those that say when they begin.
    """
    entries = [entry for entry in read_programme(page) if entry.key]
    sessions = [entry for entry in entries if entry.is_session]
    english = _english_titles(page)
    return [
        _session(entry, english)
        for entry in sessions or [entry for entry in entries if entry.starts_at]
    ]


def _session(entry: Entry, english: dict[UUID, str]) -> Session:
    return Session(
        key=entry.key,
        name=entry.title[:NAME_LENGTH],
        name_en=english.get(entry.key, "")[:NAME_LENGTH],
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
    )


def _english_titles(page: EventPage) -> dict[UUID, str]:
    other = page.get_translations().filter(locale__language_code="en").first()
    if other is None:
        return {}
    return {entry.key: entry.title for entry in read_programme(other) if entry.key}
