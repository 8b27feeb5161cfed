"""What an event's page shows beside its own fields."""

from dataclasses import dataclass

from django.http import HttpRequest

from events.choices import Source
from events.models import EventPage
from events.programme import Day, Entry, days, read_programme
from events.public.poster import SIZES
from events.public.seats import Line, Registering, registering
from events.public.structured import json_ld

# Ways that a reader comes by and that the form is told of.
WAYS = (Source.POSTER, Source.MAIL, Source.WECHAT)


@dataclass(frozen=True)
class ShownDay:
    """`rows` are the entries of the day with the seats of each, where they are counted."""

    day: Day
    rows: list[tuple[Entry, Line | None]]


def page_context(page: EventPage, request: HttpRequest) -> dict:
    entries = read_programme(page)
    found = registering(page)
    return {
        "registering": found,
        "programme": [_shown(day, found) for day in days(entries)],
        "json_ld": json_ld(page, found, entries),
        "way": request.GET.get("from") if request.GET.get("from") in WAYS else "",
        # A preview of what was never saved has no address yet.
        "has_files": bool(page.pk and page.live and page.status != "past"),
        "poster_sizes": SIZES,
    }


def _shown(day: Day, found: Registering) -> ShownDay:
    return ShownDay(day, [(entry, found.sessions.get(entry.key)) for entry in day.entries])
