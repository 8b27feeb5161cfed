"""What is personal goes, at its day or at the visitor's wish; what can be counted stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.afterwards.erasing import erase, purge_answers, purge_expired
from events.choices import RegistrationStatus as Status
from events.models import FormField, MeetingRound, Participant
from tests.factories.events import book, event_consents, make_desk, make_event, make_guest

pytestmark = pytest.mark.django_db


def make_full(desk=None, **guest):
    """A registration with everything that may be personal."""
    desk = desk or make_desk(companions_max=1)
    FormField.objects.create(desk=desk, key="diet", kind="line", label="忌口", keep_days=10)
    FormField.objects.create(desk=desk, key="topic", kind="line", label="议题", is_personal=False)
    registration = book(
        desk,
        make_guest(
            phone="13812345678",
            organisation_name="某某公司",
            answers={"diet": "素食", "topic": "回收"},
            companions=[make_guest()],
            **guest,
        ),
        consents=event_consents("meeting", "event_lead"),
    )
    Participant.objects.create(
        round=MeetingRound.objects.create(desk=desk),
        registration=registration,
        side="firm",
        offers="组件",
        seeks="资金",
    )
    return registration


def test_erasing_takes_all_that_tells_who_it_was_and_keeps_the_count():
    registration = erase(make_full())
    assert registration.is_anonymised
    kept = {name: getattr(registration, name) for name in ("name", "phone", "email", "identity")}
    assert set(kept.values()) == {""}
    assert registration.answers == {"topic": "回收"}
    assert set(registration.attendees.values_list("name", flat=True)) == {""}
    assert registration.participant.offers == registration.participant.seeks == ""
    assert (registration.status, registration.party) == (Status.CONFIRMED, 2)
    assert registration.consents.count() == 3
    before = registration.anonymised_at
    assert erase(registration).anonymised_at == before


def test_what_has_outlived_its_day_is_erased_and_nothing_else():
    old, new = make_full(), book(make_desk(make_event("bayi-open-day")))
    type(old).objects.filter(pk=old.pk).update(keep_until=timezone.localdate() - timedelta(1))
    assert purge_expired() == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.is_anonymised, new.is_anonymised) == (True, False)


def test_an_answer_goes_when_its_own_time_is_over():
    registration = make_full()
    page = registration.desk.page
    page.starts_at = timezone.now() - timedelta(days=12)
    page.ends_at = None
    page.save()
    assert purge_answers() == 1
    registration.refresh_from_db()
    assert registration.answers == {"topic": "回收"}
    assert registration.name
    assert purge_answers() == 0
