"""Calendar files (RFC 5545), made by icalendar: times in the time of the place, with its VTIMEZONE.

An event has one UID in all languages, in the feed, in its own file and in the mail with a ticket, so
that a calendar shows it once. Its SEQUENCE grows with every publishing: the later file wins.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext
from icalendar import Calendar, Event

from events.choices import Attendance
from events.links import page_url

PRODUCT = "-//Shangdang//Events//ZH"
CONTENT_TYPE = "text/calendar; charset=utf-8"
# Seconds are counted from here: whichever language was published last has the greater number.
COUNT_FROM = datetime(2020, 1, 1, tzinfo=UTC)
REFRESH = timedelta(hours=6)


def event_file(page, **options) -> bytes:
    """One event as an .ics file; the options are those of `event_entry`."""
    return write([event_entry(page, **options)], name=page.title)


def event_entry(
    page, *, url: str | None = None, attendance: str = "", online_link: str = "", note: str = ""
) -> Event:
    """An event as a VEVENT.

    url: what the entry leads to (the page). attendance: one of `Attendance`, to say where one person
    takes part. online_link: for those who are registered and nobody else. note: words of one's own.
    """
    entry = Event()
    entry.add("uid", f"event-{page.translation_key}@{host()}")
    entry.add("sequence", sequence(page.last_published_at))
    entry.add("dtstamp", page.last_published_at or timezone.now())
    if page.first_published_at:
        entry.add("created", page.first_published_at)
        entry.add("last-modified", page.last_published_at or page.first_published_at)
    entry.add("dtstart", timezone.localtime(page.starts_at))
    if page.ends_at and page.ends_at > page.starts_at:
        entry.add("dtend", timezone.localtime(page.ends_at))
    entry.add("summary", summary(page))
    address = url or page_url(page)
    lines = [note, page.summary, online_link and f"{gettext('Online')}: {online_link}", address]
    entry.add("description", "\n\n".join(line for line in lines if line))
    place = location(page, attendance)
    if place:
        entry.add("location", place)
    if address:
        entry.add("url", address)
    entry.add("categories", [str(page.get_kind_display())])
    entry.add("status", "CANCELLED" if page.is_called_off else "CONFIRMED")
    if page.is_called_off:
        entry.add("transp", "TRANSPARENT")
    return entry


def write(entries: Iterable[Event], *, name: str = "", source: str = "") -> bytes:
    """A calendar with these entries; with a `source`, the address it is fetched from again."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    if source:
        calendar.add("source", source, parameters={"VALUE": "URI"})
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    entries = list(entries)
    for entry in entries:
        calendar.add_component(entry)
    if entries:
        # From the year of the first entry on: what clocks did before matters to none of them.
        first = min(entry["dtstart"].dt for entry in entries)
        calendar.add_missing_timezones(first_date=date(first.year, 1, 1))
    return calendar.to_ical()


def sequence(changed_at: datetime | None) -> int:
    """A number that grows with every change: seconds, fit for 32 bits."""
    return max(0, int((changed_at - COUNT_FROM).total_seconds())) if changed_at else 0


def summary(page) -> str:
    """The title, and what somebody must know who sees nothing else of the event."""
    title = shown_title(page)
    return gettext("Called off: %(title)s") % {"title": title} if page.is_called_off else title


def shown_title(page) -> str:
    """The title; what is made up says so wherever it is carried to."""
    return gettext("[Sample] %(title)s") % {"title": page.title} if page.is_sample else page.title


def location(page, attendance: str = "") -> str:
    """Where to go: venue and address; "Online" for who takes part online, or where there is no venue."""
    if attendance == Attendance.ONLINE:
        return gettext("Online")
    place = [part for part in (page.venue, page.address) if part]
    if not place:
        return gettext("Online") if page.is_online else ""
    return "，".join(place) if (get_language() or "").startswith("zh") else ", ".join(place)


def host() -> str:
    """The site's own name, which makes UIDs unique in the world."""
    return urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
