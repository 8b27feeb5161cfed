"""Calendar files: the feed of what is to come, and the file of one event."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from events.calendars import event_file
from events.models import EventPage
from tests.factories.events import make_desk, make_event

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
FEED = "/event/calendar.ics"


def entries(response_or_bytes):
    content = getattr(response_or_bytes, "content", response_or_bytes)
    return Calendar.from_ical(content).walk("VEVENT")


def test_the_feed_has_what_is_to_come_in_the_language_of_its_address(client):
    page = make_event()
    over = make_event("recycling-seminar", starts_at=timezone.now() - timedelta(days=2))
    response = client.get(FEED)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    found = {str(entry["url"]): entry for entry in entries(response)}
    entry = next(e for url, e in found.items() if url.endswith("/events/solar-chain-meeting/"))
    assert "光伏" in entry["summary"]
    assert "示例" in entry["summary"]
    assert entry["dtstart"].dt == page.starts_at.replace(microsecond=0)
    assert not any(url.endswith(f"/{over.slug}/") for url in found)
    english = client.get("/en/event/calendar.ics")
    assert any("Solar" in e["summary"] and e["uid"] == entry["uid"] for e in entries(english))


def test_times_are_those_of_the_place_with_their_zone():
    text = event_file(make_event()).decode()
    assert "DTSTART;TZID=Asia/Shanghai:" in text
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_sequence_grows_and_the_uid_stays():
    page = make_event()
    page.save_revision().publish()
    page.refresh_from_db()
    (before,) = entries(event_file(page))
    page.last_published_at += timedelta(minutes=1)
    (after,) = entries(event_file(page))
    assert after["sequence"] > before["sequence"]
    assert after["uid"] == before["uid"]


def test_an_event_that_was_called_off_says_so(client):
    make_event(is_called_off=True)
    entry = next(e for e in entries(client.get(FEED)) if "光伏" in e["summary"])
    assert entry["status"] == "CANCELLED"
    assert "取消" in entry["summary"]


def test_one_event_as_a_file_never_has_the_online_link(client):
    page = make_event(is_online=True)
    make_desk(page, online_link="https://meet.example.org/secret")
    onsite = client.get(f"/event/{page.pk}.ics")
    assert onsite["Content-Disposition"].startswith("attachment;")
    assert b"meet.example.org" not in onsite.content
    (entry,) = entries(onsite)
    assert "上党" in entry["location"]
    (entry,) = entries(client.get(f"/event/{page.pk}.ics?attendance=online"))
    assert entry["location"] == "线上"


def test_whose_link_it_is_gets_it():
    (entry,) = entries(
        event_file(make_event(is_online=True), online_link="https://meet.example.org/x")
    )
    assert "https://meet.example.org/x" in entry["description"]


def test_the_feed_is_narrowed_as_the_list_is(client):
    make_event()
    kinds = {str(e["categories"].cats[0]) for e in entries(client.get(FEED + "?kind=matchmaking"))}
    assert kinds == {str(EventPage.Kind.MATCHMAKING.label)}
    assert entries(client.get(FEED + "?place=nowhere")) == []


def test_who_may_not_read_the_page_gets_no_calendar(client):
    page = make_event()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert client.get(f"/event/{page.pk}.ics").status_code == 302
    assert not any(entry["url"].endswith(page.url) for entry in entries(client.get(FEED)))
    page.unpublish()
    assert client.get(f"/event/{page.pk}.ics").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/event/99999999999999999999.ics",
        "/event/0.ics",
        "/event/calendar.ics?month=2027-13&place=%20&kind=%ED%A0%80&series=" + "x" * 999,
        "/event/calendar.ics?month=2099-12",
    ],
)
def test_odd_addresses_are_no_errors(client, address):
    assert client.get(address).status_code in (200, 404)
    assert client.post(address).status_code in (403, 405)


def test_another_language_leads_to_its_own_address(client):
    page = make_event()
    response = client.get(f"/en/event/{page.pk}.ics?attendance=online")
    assert response["Location"] == f"/event/{page.pk}.ics?attendance=online"
