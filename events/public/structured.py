"""An event as schema.org data (JSON-LD), for those who search and for assistants. Never its online link."""

import json

from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from base.templatetags.display_tags import bcp47
from events.calendars import shown_title
from events.choices import Attendance
from events.links import page_url
from events.models import EventPage
from events.programme import Entry
from events.public.seats import Registering

ORG = "https://schema.org/"
# What is said of seats; of a registration that is closed nothing is.
AVAILABILITY = {"open": "InStock", "waiting": "SoldOut", "full": "SoldOut", "early": "PreOrder"}
# An end of a script element, or a comment's begin, inside of a text would end the data.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def json_ld(page: EventPage, registering: Registering, entries: list[Entry]) -> SafeString:
    """The data as the content of a `<script type="application/ld+json">`."""
    data = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": shown_title(page),
        "description": strip_tags(page.search_description or page.summary),
        "url": page_url(page),
        "startDate": _iso(page.starts_at),
        "endDate": _iso(page.ends_at),
        "eventStatus": ORG + ("EventCancelled" if page.is_called_off else "EventScheduled"),
        "eventAttendanceMode": ORG + f"{_mode(page)}EventAttendanceMode",
        "location": _location(page),
        "organizer": {"@type": "Organization", "name": page.organisers}
        if page.organisers
        else None,
        "image": _image(page),
        "inLanguage": bcp47(get_language()),
        "superEvent": {"@type": "EventSeries", "name": page.series.label} if page.series else None,
        "performer": _persons(entries),
        "subEvent": [_part(entry) for entry in entries if entry.is_session and entry.starts_at],
        "offers": _offer(page, registering),
        **_capacity(registering),
    }
    text = json.dumps(_filled(data), ensure_ascii=False)
    return mark_safe(text.translate(ESCAPES))  # noqa: S308


def _mode(page: EventPage) -> str:
    if not page.is_online:
        return "Offline"
    return "Mixed" if page.venue else "Online"


def _location(page: EventPage) -> list[dict]:
    places = []
    if page.venue or page.address:
        places.append(
            {
                "@type": "Place",
                "name": page.venue or page.address,
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": page.address,
                    "addressCountry": "CN",
                },
            }
        )
    if page.is_online:
        places.append({"@type": "VirtualLocation", "url": page_url(page)})
    return places


def _image(page: EventPage) -> str:
    source = page.plate.src if page.plate else ""
    return f"{settings.BASE_URL}{source}" if source.startswith("/") else source


def _persons(entries: list[Entry]) -> list[dict]:
    """The speakers of sessions, each once; a short item's "Who" may be anything."""
    speakers = {one.name: one for entry in entries if entry.is_session for one in entry.speakers}
    return [
        {"@type": "Person", "name": one.name, "jobTitle": one.position} for one in speakers.values()
    ]


def _part(entry: Entry) -> dict:
    return {
        "@type": "Event",
        "name": entry.title,
        "startDate": _iso(entry.starts_at),
        "endDate": _iso(entry.ends_at),
        "location": entry.room,
    }


def _offer(page: EventPage, registering: Registering) -> dict | None:
    """How to get a seat. No price: what it costs, if anything, stands in the text."""
    if registering.state not in AVAILABILITY:
        return None
    desk = registering.desk
    return {
        "@type": "Offer",
        "url": f"{page_url(page)}#registration",
        "availability": ORG + AVAILABILITY[registering.state],
        "validFrom": _iso(desk.opens_at or desk.created_at),
        "availabilityEnds": _iso(desk.deadline),
    }


def _capacity(registering: Registering) -> dict:
    event = registering.event
    by_kind = {line.attendance: line for line in registering.attendances}
    onsite, online = by_kind.get(Attendance.ONSITE), by_kind.get(Attendance.ONLINE)
    return {
        "maximumAttendeeCapacity": event.capacity if event else None,
        "remainingAttendeeCapacity": event.free if event else None,
        "maximumPhysicalAttendeeCapacity": onsite.capacity if onsite else None,
        "maximumVirtualAttendeeCapacity": online.capacity if online else None,
    }


def _iso(moment) -> str:
    return timezone.localtime(moment).isoformat() if moment else ""


def _filled(value):
    """The same without what is empty; a nought is not."""
    if isinstance(value, dict):
        kept = {key: _filled(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part not in (None, "", [], {})}
    if isinstance(value, list):
        return [_filled(part) for part in value]
    return value
