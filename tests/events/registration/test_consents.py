"""Consents are withdrawn as easily as they were given, and what rests on them goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.afterwards.crm_link import link_registration
from events.choices import RegistrationStatus as Status
from events.models import MeetingRound, Participant
from events.registration.consenting import give, withdraw
from tests.events.registration.conftest import url_of
from tests.factories.events import book, event_consents, make_event, make_guest

pytestmark = pytest.mark.django_db


def test_without_the_consent_to_taking_part_nothing_is_kept(client, desk, registration):
    response = client.post(url_of(registration, "withdraw", "event"))
    assert response["Location"].endswith("?done=withdrawn#main")
    registration.refresh_from_db()
    assert registration.status == Status.CANCELLED
    assert registration.is_anonymised
    assert (registration.name, registration.email, registration.phone) == ("", "", "")
    assert not registration.consents.active().filter(kind="event").exists()
    assert desk.pools.get().taken == 0
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "王小明" not in page.content.decode()
    assert not withdraw(registration, "event")


def test_consent_can_be_withdrawn_after_the_event(client, registration):
    make_event(starts_at=timezone.now() - timedelta(days=2))
    client.post(url_of(registration, "withdraw", "event"))
    registration.refresh_from_db()
    assert registration.is_anonymised


def test_without_the_consent_to_contact_the_lead_goes_and_the_seat_stays(client, desk):
    registration = book(
        desk,
        make_guest(wants_contact=True, intent="建厂"),
        consents=event_consents("event_lead"),
    )
    give(registration, event_consents("event_lead"))  # given again: still one receipt
    assert registration.consents.filter(kind="event_lead").count() == 1
    lead = link_registration(registration).lead
    assert lead.message.endswith("建厂")
    client.post(url_of(registration, "withdraw", "event_lead"))
    registration.refresh_from_db()
    assert (registration.wants_contact, registration.intent) == (False, "")
    assert registration.status == Status.CONFIRMED
    assert registration.log.filter(action="consent_ended", note="event_lead").exists()
    lead.refresh_from_db()
    assert (lead.is_anonymised, lead.message) == (True, "")


def test_without_the_consent_to_meetings_one_is_shown_no_more(client, desk):
    meeting_round = MeetingRound.objects.create(desk=desk)
    registration = book(desk, consents=event_consents("meeting"))
    participant = Participant.objects.create(
        round=meeting_round, registration=registration, side="firm", offers="玻璃"
    )
    client.post(url_of(registration, "withdraw", "meeting"))
    participant.refresh_from_db()
    assert (participant.is_listed, participant.offers) == (False, "")
    assert not registration.consents.active().filter(kind="meeting").exists()
    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED


def test_consent_that_was_never_given_is_not_withdrawn(client, registration):
    response = client.post(url_of(registration, "withdraw", "event_lead"))
    assert response["Location"].endswith("/#main")
    assert client.post(url_of(registration, "withdraw", "sharing")).status_code == 404
