"""Sample desks: made once for sample events, whole, marked, mailing nobody, and gone again whole."""

from datetime import timedelta

import pytest
from django.db.models import F, Sum
from django.utils import timezone

from content.sample_desks import load_sample_desks, remove_sample_desks
from events.choices import HOLDING
from events.models import (
    Door,
    EventMail,
    EventPage,
    MeetingRequest,
    MeetingTable,
    Participant,
    Registration,
    RegistrationDesk,
    SeatPool,
    TimeSlot,
)
from events.services.desks import delete_desk
from tests.factories.events import at_its_own_time

pytestmark = pytest.mark.django_db
EVENTS = ("equipment-needs-shenzhen", "bayi-open-day", "solar-chain-meeting")


@pytest.fixture
def desks():
    """The samples as they are loaded, their events still to come whatever the day of the test."""
    for place, slug in enumerate(EVENTS):
        page = EventPage.objects.get(slug=slug, locale__language_code="zh-hans")
        at_its_own_time(page)
        length = page.ends_at - page.starts_at
        day = timezone.localdate() + timedelta(days=60 + place)
        page.starts_at = timezone.localtime(page.starts_at).replace(
            year=day.year, month=day.month, day=day.day
        )
        page.ends_at = page.starts_at + length
        page.save()
    assert load_sample_desks() == 3
    return {desk.page.slug: desk for desk in RegistrationDesk.objects.all()}


def states(desk) -> dict[str, int]:
    found = {}
    for status in desk.registrations.values_list("status", flat=True):
        found[status] = found.get(status, 0) + 1
    return found


def test_all_is_there_marked_and_in_both_languages(desks):
    assert states(desks["equipment-needs-shenzhen"]) == {
        "confirmed": 5, "pending": 2, "offered": 1, "waiting": 2, "cancelled": 1, "rejected": 1,
    }  # fmt: skip
    assert states(desks["bayi-open-day"]) == {"confirmed": 8, "waiting": 2, "cancelled": 2}
    assert states(desks["solar-chain-meeting"]) == {"confirmed": 11, "cancelled": 1}
    for pool in SeatPool.objects.all():
        held = pool.registrations.filter(status__in=HOLDING).aggregate(n=Sum("party"))["n"]
        assert pool.taken == (held or 0), pool
    assert not SeatPool.objects.filter(taken__gt=F("capacity")).exists()
    # Marked, and mailed to nobody.
    assert Registration.objects.count() == 36
    assert not Registration.objects.filter(is_sample=False).exists()
    assert not EventMail.objects.exists()
    assert Door.objects.count() == 6
    assert all(name.startswith("示例") for name in Door.objects.values_list("name", flat=True))
    # Somebody to plan meetings for.
    assert Participant.objects.count() == 8
    assert MeetingTable.objects.count() == 3
    assert TimeSlot.objects.count() == 4
    assert MeetingRequest.objects.filter(status="accepted").count() == 5
    page = desks["solar-chain-meeting"].page
    assert TimeSlot.objects.last().ends_at == page.ends_at
    for desk in desks.values():
        for question in desk.fields.all():
            assert question.label_en
            assert len(question.choices.splitlines()) == len(question.choices_en.splitlines())
            assert bool(question.purpose) == bool(question.purpose_en) == question.is_personal


@pytest.mark.engine_free
def test_a_second_run_makes_none_and_what_was_deleted_stays_so(desks):
    assert load_sample_desks() == 0
    desk = desks["bayi-open-day"]
    desk.registrations.all().delete()
    delete_desk(desk=desk, actor=None)
    assert load_sample_desks() == 0


@pytest.mark.engine_free
def test_real_events_are_left_alone():
    EventPage.objects.filter(slug="bayi-open-day").update(is_sample=False)
    load_sample_desks()
    assert not RegistrationDesk.objects.filter(page__slug="bayi-open-day").exists()


@pytest.mark.engine_free
def test_they_go_away_whole_with_what_visitors_tried(desks):
    Registration.objects.filter(desk=desks["bayi-open-day"]).update(is_sample=False)
    assert remove_sample_desks() == 3
    for model in (RegistrationDesk, Registration, Participant, Door, SeatPool):
        assert not model.objects.exists()
