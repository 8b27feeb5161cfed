"""The programme of an event as plain rows, read from its StreamField. No database."""

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.utils import timezone

# 9:30, 09:30–10:00, 09：30 至 10：00: what editors write where a time is wanted.
TIMES = re.compile(
    r"\s*(\d{1,2})[:：](\d{2})(?:\s*(?:[-–—~～至到]|to)\s*(\d{1,2})[:：](\d{2}))?\s*"
)


@dataclass(frozen=True)
class Speaker:
    name: str
    position: str = ""
    about: str = ""


@dataclass(frozen=True)
class Entry:
    """One row of a programme.

    `key` names it in every language of the page (`SeatPool.programme_key`), None in content that is
    older than ids. `time` is how it is shown; a time in words has no `starts_at`.
    """

    key: uuid.UUID | None
    day: date
    title: str
    time: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str = ""
    about: str = ""
    speakers: tuple[Speaker, ...] = ()
    is_session: bool = False


@dataclass(frozen=True)
class Day:
    day: date
    entries: list[Entry]


def read_programme(page) -> list[Entry]:
    """The rows of an event's page in the editor's order; rows without a title are left out."""
    day = timezone.localtime(page.starts_at).date()
    entries = []
    for block in page.programme:
        value = block.value
        day = value.get("day") or day
        if not (value.get("title") or "").strip():
            continue
        read = _session if block.block_type == "session" else _row
        entries.append(read(_key(block.id), day, value))
    return entries


def days(entries: list[Entry]) -> list[Day]:
    """The same by days, in the order in which the programme comes to them."""
    return [Day(day, list(rows)) for day, rows in groupby(entries, lambda entry: entry.day)]


def _session(key: uuid.UUID | None, day: date, value) -> Entry:
    begins, ends = value.get("begins"), value.get("ends")
    speakers = tuple(
        Speaker(one["name"], one.get("position") or "", one.get("about") or "")
        for one in value.get("speakers") or ()
        if one.get("name")
    )
    return Entry(
        key=key,
        day=day,
        title=value["title"],
        time=_span(begins, ends),
        starts_at=_moment(day, begins),
        ends_at=_moment(day, ends),
        room=value.get("room") or "",
        about=value.get("about") or "",
        speakers=speakers,
        is_session=True,
    )


def _row(key: uuid.UUID | None, day: date, value) -> Entry:
    text = value.get("time") or ""
    begins, ends = _times(text)
    speaker = value.get("speaker") or ""
    return Entry(
        key=key,
        day=day,
        title=value["title"],
        time=_span(begins, ends) if begins else text,
        starts_at=_moment(day, begins),
        ends_at=_moment(day, ends),
        speakers=(Speaker(speaker),) if speaker else (),
    )


def _times(text: str) -> tuple[time | None, time | None]:
    """Begin and end of a time that was typed; None for what is none."""
    found = TIMES.fullmatch(text)
    if not found:
        return None, None
    hour, minute, last_hour, last_minute = found.groups()
    begins = _clock(hour, minute)
    ends = _clock(last_hour, last_minute) if begins and last_hour else None
    return begins, ends if ends and ends > begins else None


def _clock(hour: str, minute: str) -> time | None:
    try:
        return time(int(hour), int(minute))
    except ValueError:
        return None


def _span(begins: time | None, ends: time | None) -> str:
    return "–".join(f"{at:%H:%M}" for at in (begins, ends) if at)


def _moment(day: date, at: time | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, at)) if at else None


def _key(block_id: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(block_id or "")
    except ValueError:
        return None
