"""The page of an event: programme, seats, papers, results, and what it says to machines."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.utils import timezone

from base.models import CustomDocument
from events.choices import Attendance, PoolKind
from events.models import EventPage, EventSeries, SeatPool
from tests.factories.events import book, make_desk, make_event

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
KEY = "7b1c9a34-58d5-4f2a-9a3e-0d7f4c1e2b10"
SESSION = {
    "type": "session",
    "id": KEY,
    "value": {
        "begins": "10:00",
        "ends": "10:40",
        "title": "产业链一张图",
        "room": "一号厅",
        "speakers": [{"type": "item", "id": KEY, "value": {"name": "甲", "position": "研究员"}}],
    },
}


def shown(client, page, query=""):
    return BeautifulSoup(client.get(page.url + query).content, "html.parser")


def linked_data(soup) -> dict:
    return json.loads(soup.select_one('script[type="application/ld+json"]').string)


def test_sessions_speakers_and_the_seats_of_a_session(client):
    page = make_event(programme=json.dumps([SESSION]))
    desk = make_desk(page, capacity=10)
    SeatPool.objects.create(
        desk=desk, kind=PoolKind.SESSION, programme_key=KEY, capacity=3, taken=1
    )
    text = shown(client, page).select_one(".programme").get_text(" ", strip=True)
    for words in ("产业链一张图", "10:00–10:40", "一号厅", "甲", "研究员", "余 2 席"):
        assert words in text


def test_kinds_of_attendance_with_the_seats_that_are_left(client):
    page = make_event()
    desk = make_desk(page, capacity=10)
    for attendance, capacity, taken in ((Attendance.ONSITE, 5, 5), (Attendance.ONLINE, None, 3)):
        SeatPool.objects.create(
            desk=desk, kind=PoolKind.ATTENDANCE, attendance=attendance, name=attendance.label,
            capacity=capacity, taken=taken,
        )  # fmt: skip
    text = shown(client, page).select_one(".enrol").get_text(" ", strip=True)
    assert "已满" in text
    assert "有席位" in text
    assert "报名中" in text
    desk.shows_seats = False
    desk.save()
    SeatPool.objects.filter(desk=desk, kind=PoolKind.EVENT).update(capacity=77)
    assert "77" not in shown(client, page).select_one(".enrol").get_text()


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "capacity", "words"),
    [
        ({}, 3, "报名中"),
        ({"is_open": False}, 3, "未开放报名"),
        ({"opens_at": HOUR}, 3, "报名尚未开始"),
        ({"closes_at": -HOUR}, 3, "报名已截止"),
        ({}, 0, "候补"),
        ({"has_waiting_list": False}, 0, "席位已满"),
        ({"waiting_max": 0}, 0, "席位已满"),
        ({"needs_invitation": True}, 3, "邀请码"),
        ({"needs_approval": True}, 3, "主办方确认"),
    ],
)
def test_what_a_reader_can_do_now(client, fields, capacity, words):
    page = make_event()
    desk = make_desk(page, capacity=capacity)
    for name, value in fields.items():
        moment = timezone.now() + value if isinstance(value, timedelta) else value
        setattr(desk, name, moment)
    desk.save()
    assert words in shown(client, page).select_one(".enrol").get_text()


def test_one_desk_for_the_page_in_every_language(client, page_at):
    make_desk(make_event(), capacity=4)
    english = page_at("events/solar-chain-meeting", "en")
    assert "4 seats left" in shown(client, english).select_one(".enrol").get_text()


def test_without_a_desk_one_writes(client, page_at):
    page = make_event("recycling-seminar")
    box = shown(client, page).select_one(".enrol")
    assert box.select_one("a")["href"] == "/inquiry/"


def test_what_is_called_off_or_over_takes_nobody(client):
    page = make_event(is_called_off=True)
    make_desk(page)
    soup = shown(client, page)
    assert soup.select_one(".enrol") is None
    assert "活动已取消" in soup.get_text()
    assert linked_data(soup)["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in linked_data(soup)
    page = make_event(
        is_called_off=False, starts_at=timezone.now() - timedelta(days=2), results="签约"
    )
    soup = shown(client, page)
    assert soup.select_one(".enrol") is None
    assert "签约" in soup.select_one(".outcome").get_text()


def test_data_for_machines_and_never_the_online_link(client):
    page = make_event(is_online=True, programme=json.dumps([SESSION]), summary="a</script><b>&")
    page.search_description = ""
    page.save()
    desk = make_desk(page, capacity=3, online_link="https://meet.example.org/secret")
    book(desk)
    response = client.get(page.url)
    assert b"meet.example.org" not in response.content
    data = linked_data(BeautifulSoup(response.content, "html.parser"))
    assert data["@type"] == "Event"
    assert data["description"].startswith("a")
    assert data["startDate"] == timezone.localtime(page.starts_at).isoformat()
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in data["location"]] == ["Place", "VirtualLocation"]
    assert data["offers"]["availability"] == "https://schema.org/InStock"
    assert (data["maximumAttendeeCapacity"], data["remainingAttendeeCapacity"]) == (3, 2)
    assert data["performer"] == [{"@type": "Person", "name": "甲", "jobTitle": "研究员"}]
    assert data["subEvent"][0]["location"] == "一号厅"
    assert data["name"].startswith("【示例】")


def test_papers_are_public_as_long_as_the_page_shows_them(client):
    paper = CustomDocument.objects.create(title="议程", file=ContentFile(b"%PDF-1.4", "a.pdf"))
    page = make_event()
    assert client.get(paper.url).status_code == 404
    block = {"type": "file", "id": KEY, "value": {"document": paper.pk, "title": "会议材料"}}
    page.materials = json.dumps([block])
    page.recordings = json.dumps(
        [
            {
                "type": "link",
                "id": KEY,
                "value": {"url": "https://video.example.org/1", "title": "回放"},
            }
        ]
    )
    page.save_revision().publish()
    soup = shown(client, page)
    assert soup.select_one("section[aria-labelledby=materials] a")["href"] == paper.url
    assert "/leaving/" in soup.select_one("section[aria-labelledby=recordings] a")["href"]
    assert client.get(paper.url).status_code == 200
    EventPage.objects.get(pk=page.pk).unpublish()
    assert client.get(paper.url).status_code == 404


def test_files_to_take_away_and_the_series(client):
    series = EventSeries.objects.create(slug="tea", name="午后茶会")
    page = make_event(series=series, directions="从南门进\n二楼")
    links = {a.get("href") for a in shown(client, page).select(".page__boxes a")}
    assert links >= {
        f"/event/{page.pk}.ics",
        f"/event/{page.pk}/poster-a4.pdf",
        f"/event/{page.pk}/poster-a3.pdf",
        "/events/?series=tea",
    }
    assert "从南门进" in shown(client, page).select_one(".page__boxes").get_text()


def test_an_odd_way_of_coming_is_nothing(client):
    page = make_event()
    for way in ("poster", "x", "%ED%A0%80", "9" * 40):
        assert client.get(f"{page.url}?from={way}").status_code == 200


def test_few_queries(client, django_assert_max_num_queries):
    page = make_event(programme=json.dumps([SESSION]))
    make_desk(page, capacity=0, waiting_max=3)
    client.get(page.url)
    with django_assert_max_num_queries(15):
        client.get(page.url)


def test_the_series_screen_is_for_editors(client, make_user):
    client.force_login(make_user("Editors"))
    assert client.get("/admin/event-series/").status_code == 200
    data = {"name": "午后茶会", "name_en": "Tea", "slug": "tea", "about": "", "about_en": ""}
    assert client.post("/admin/event-series/new/", data).status_code == 302
    assert EventSeries.objects.get(slug="tea").name == "午后茶会"
    client.force_login(make_user("CRM officers"))
    assert client.get("/admin/event-series/new/").status_code == 302
