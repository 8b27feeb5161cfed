"""The list of events: narrowed by month, place, kind and series; one address for each choice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import EventPage, EventSeries
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db


def titles(response) -> set[str]:
    return {event.slug for name in ("upcoming", "past") for event in response.context[name]}


def test_by_kind_place_month_and_series(client):
    series = EventSeries.objects.create(slug="tea", name="午后茶会", about="每月一次")
    page = make_event("products-shenzhen", series=series)
    month = f"{timezone.localtime(page.starts_at):%Y-%m}"
    assert titles(client.get("/events/?kind=matchmaking")) >= {"solar-chain-meeting"}
    assert "products-shenzhen" in titles(client.get("/events/?place=shenzhen"))
    assert "products-shenzhen" not in titles(client.get("/events/?place=_other"))
    assert titles(client.get("/events/?place=_online")) == set(
        EventPage.objects.live().filter(is_online=True).values_list("slug", flat=True)
    )
    assert titles(client.get(f"/events/?month={month}&series=tea")) == {"products-shenzhen"}
    response = client.get("/events/?series=tea")
    text = response.content.decode()
    assert "午后茶会" in text
    assert "每月一次" in text
    assert "/event/calendar.ics?series=tea" in text


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("?kind=seminar&month=", "/events/?kind=seminar"),
        ("?kind=seminar&place=shenzhen", "/events/?place=shenzhen&kind=seminar"),
        ("?kind=gold", "/events/"),
        ("?month=2027-99&page=2", "/events/?page=2"),
        ("?kind=seminar&kind=open_day", "/events/?kind=open_day"),
        ("?page=1", "/events/"),
        ("?series=a%20b&from=12", "/events/?from=12"),
    ],
)
def test_each_choice_has_one_address(client, asked, address):
    response = client.get(f"/events/{asked}")
    assert response.status_code == 302
    assert response["Location"] == address
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("query", ["?place=nowhere", "?series=none", "?month=1999-01", "?page=x"])
def test_what_is_not_there_is_an_empty_list_with_a_way_out(client, query):
    response = client.get(f"/events/{query}")
    assert response.status_code == 200
    if "page" not in query:
        assert titles(response) == set()
        assert "显示全部活动" in response.content.decode()


def test_the_archive_tells_what_came_of_an_event(client):
    make_event(
        "recycling-seminar", starts_at=timezone.now() - timedelta(days=3), results="两家签了约"
    )
    text = client.get("/events/").content.decode()
    assert "两家签了约" in text
    make_event(
        "recycling-seminar", starts_at=timezone.now() + timedelta(days=3), results="两家签了约"
    )
    assert "两家签了约" not in client.get("/events/").content.decode()


def test_a_month_counts_by_the_clock_of_the_place(client):
    zone = timezone.get_default_timezone()
    first = (timezone.localtime() + timedelta(days=40)).replace(
        day=1, hour=0, minute=30, second=0, microsecond=0, tzinfo=zone
    )
    make_event(starts_at=first)
    assert "solar-chain-meeting" in titles(client.get(f"/events/?month={first:%Y-%m}"))


def test_few_queries_for_many_events(client, django_assert_max_num_queries):
    client.get("/events/")
    with django_assert_max_num_queries(15):
        client.get("/events/?place=shenzhen")
