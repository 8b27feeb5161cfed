"""The items of an event's programme as sessions whose seats can be counted."""

import re
from datetime import datetime, time
from uuid import UUID

from django.utils import timezone

from events.models import EventPage
from events.services.pools import Session

CLOCK = re.compile(r"(\d{1,2})[:：.](\d{2})")


def sessions_of(page: EventPage) -> list[Session]:
    """The sessions of the programme, in its order, with their titles in English where there are any."""
    english = _titles(page.get_translations().filter(locale__language_code="en").first())
    found = []
    for block in page.programme:
        key, title = _key(block), _title(block)
        if key is None or not title:
            continue
        begins, ends = _times(page, block.value)
        found.append(Session(key, title, english.get(key, ""), begins, ends))
    return found


def _titles(page: EventPage | None) -> dict[UUID, str]:
    return {_key(block): _title(block) for block in page.programme} if page else {}


def _key(block) -> UUID | None:
    try:
        return UUID(block.id)
    except (TypeError, ValueError):
        return None


def _title(block) -> str:
    return str(block.value.get("title") or "")[:120]


def _times(page: EventPage, row) -> tuple[datetime | None, datetime | None]:
    """Begin and end of a row that says so; an old row has a text such as 09:30 or 09:30–10:15."""
    day = row.get("day") or timezone.localdate(page.starts_at)
    begin, end = row.get("begin"), row.get("end")
    if not begin:
        clocks = CLOCK.findall(str(row.get("time") or ""))[:2]
        begin, end, *_ = [*(_clock(*clock) for clock in clocks), None, None]
    moments = [
        timezone.make_aware(datetime.combine(day, clock)) if clock else None
        for clock in (begin, end)
    ]
    if None not in moments and moments[1] <= moments[0]:
        moments[1] = None
    return moments[0], moments[1] if moments[0] else None


def _clock(hour: str, minute: str) -> time | None:
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None
