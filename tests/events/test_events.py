"""Events by the clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import EventPage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("begins", "ends", "status"),
    [
        (1, 2, "upcoming"),
        (-1, 1, "running"),
        (-2, -1, "past"),
        (-1, None, "past"),
        (1, None, "upcoming"),
    ],
)
def test_status_follows_the_clock(page_at, begins, ends, status):
    now = timezone.now()
    page = page_at("events/bayi-open-day")
    page.starts_at = now + timedelta(hours=begins)
    page.ends_at = now + timedelta(hours=ends) if ends is not None else None
    page.save()
    assert page.status == status
    upcoming = EventPage.objects.upcoming().filter(pk=page.pk).exists()
    past = EventPage.objects.past().filter(pk=page.pk).exists()
    assert (upcoming, past) == (status != "past", status == "past")


def test_index_parts_what_comes_from_what_was(client):
    context = client.get("/events/").context
    assert all(event.status != "past" for event in context["upcoming"])
    assert all(event.status == "past" for event in context["past"])
    assert len(context["upcoming"]) >= 6
    assert len(context["past"]) >= 2


def test_an_event_that_ends_before_it_begins_is_not_published(page_at):
    page = page_at("events/bayi-open-day")
    page.ends_at = page.starts_at - timedelta(hours=1)
    page.venue, page.is_online = "", False
    assert [p.field for p in page.publish_problems()] == ["ends_at", "venue"]
