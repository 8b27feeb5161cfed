"""All languages of an event say the same facts, and who waits keeps the place when an event is put off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.choices import RegistrationStatus as Status
from events.errors import SoldOutError
from events.models import EventPage, Registration
from events.services import cancel, pass_all_seats_on
from events.services.facts import agree
from tests.factories.events import book, in_ten_days, make_desk, make_event

pytestmark = pytest.mark.django_db


def pages() -> tuple[EventPage, EventPage]:
    """The Chinese page of an event and the English one, as they are now."""
    found = EventPage.objects.filter(slug="solar-chain-meeting").order_by("-locale__language_code")
    zh, en = found
    return zh, en


def publish(page: EventPage, **fields) -> None:
    """Change and publish a page as the editor does."""
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision().publish()


def test_the_other_language_follows_with_its_revision():
    zh, en = pages()
    moved = in_ten_days() + timedelta(days=30)
    publish(zh, starts_at=moved, ends_at=moved + timedelta(hours=2), is_called_off=True)
    zh, en = pages()
    assert (en.starts_at, en.ends_at, en.is_called_off) == (moved, zh.ends_at, True)
    assert not en.has_unpublished_changes and en.live_revision_id == en.latest_revision_id
    # The editor opens what holds; publishing it anew changes nothing.
    assert en.get_latest_revision_as_object().starts_at == moved
    publish(en, title="Solar modules")
    zh, en = pages()
    assert (zh.starts_at, en.starts_at, en.title) == (moved, moved, "Solar modules")


def test_what_another_language_says_of_the_time_does_not_hold():
    zh, en = pages()
    said = zh.starts_at
    draft = en.get_latest_revision_as_object()
    draft.starts_at, draft.ends_at = said + timedelta(days=1), None
    assert [w.message for w in draft.publish_warnings() if w.field == "starts_at"]
    assert zh.publish_warnings() == []
    publish(en, starts_at=said + timedelta(days=1), ends_at=None, is_called_off=True)
    zh, en = pages()
    assert (zh.starts_at, en.starts_at, en.is_called_off) == (said, said, False)
    assert en.ends_at == zh.ends_at and agree(en) == 0


def test_a_draft_of_the_other_language_stays_a_draft():
    zh, en = pages()
    draft = en.get_latest_revision_as_object()
    draft.title = "Not yet"
    draft.save_revision()
    published = en.live_revision_id
    moved = in_ten_days() + timedelta(days=3)
    publish(zh, starts_at=moved, ends_at=None)
    zh, en = pages()
    assert (en.starts_at, en.live_revision_id) == (moved, published)
    assert en.has_unpublished_changes and en.title != "Not yet"
    draft = en.get_latest_revision_as_object()
    assert (draft.title, draft.starts_at) == ("Not yet", moved)


def test_without_a_public_page_in_the_first_language_each_says_its_own():
    zh, en = pages()
    zh.unpublish()
    moved = in_ten_days() + timedelta(days=3)
    publish(en, starts_at=moved, ends_at=None)
    zh, en = pages()
    assert en.starts_at == moved != zh.starts_at


def test_a_place_that_changes_is_to_be_said_in_the_other_language():
    zh, en = pages()
    zh.venue = "另一间屋子"
    assert [w.field for w in zh.publish_warnings()] == ["venue"]


def again(row: Registration) -> str:
    return Registration.objects.get(pk=row.pk).status


def test_an_event_that_is_put_off_after_it_began_has_its_waiting_list_again():
    page = make_event()
    desk = make_desk(page, capacity=1)
    first, waiting = book(desk), book(desk)
    make_event(starts_at=timezone.now() - timedelta(hours=1))
    pass_all_seats_on()  # nobody waits any more
    assert not desk.pools.get().is_short
    make_event()
    assert desk.pools.get().is_short
    with pytest.raises(SoldOutError):
        book(desk, may_wait=False)
    cancel(first)
    assert again(waiting) == Status.OFFERED


def test_an_event_that_takes_place_after_all_offers_at_once_what_came_free():
    page = make_event()
    desk = make_desk(page, capacity=1)
    first, waiting = book(desk), book(desk)
    make_event(is_called_off=True)
    cancel(first)
    assert again(waiting) == Status.WAITING
    make_event(is_called_off=False)
    assert again(waiting) == Status.OFFERED
    assert desk.pools.get().taken == 1
