"""What of an event becomes work in the CRM."""

import pytest
from django.utils import timezone

from crm.models import Activity, Lead, Organisation
from crm.models.organisation import name_key
from events.afterwards.crm_link import link_due, link_registration
from tests.factories.events import book, event_consents, make_desk, make_guest

pytestmark = pytest.mark.django_db


def make_organisation(name: str) -> Organisation:
    return Organisation.objects.create(name=name, name_key=name_key(name))


def test_who_wants_to_invest_and_agreed_becomes_one_lead():
    desk = make_desk()
    guest = make_guest(organisation_name="晋光组件", wants_contact=True, intent="两条产线")
    registration = book(desk, guest, consents=event_consents("event_lead"))
    first, again = link_registration(registration), link_registration(registration)
    assert first.lead == again.lead
    lead = Lead.objects.get(pk=first.lead_id)
    assert "两条产线" in lead.message and desk.page.title in lead.message
    assert lead.source_page_id == desk.page.pk
    assert [consent.kind for consent in lead.consents.all()] == ["event_lead"]
    lines = Activity.objects.filter(lead=lead, kind=Activity.Kind.REGISTERED)
    assert lines.count() == 1


def test_without_consent_there_is_no_lead():
    registration = book(make_desk(), make_guest(wants_contact=True))
    assert link_registration(registration).lead is None


def test_a_known_organisation_hears_of_registering_and_of_coming_once_each():
    organisation = make_organisation("潞安样例公司")
    registration = book(make_desk(), make_guest(organisation_name="潞安 样例公司"))
    assert link_due() == 1
    registration.attendees.update(entered_at=timezone.now())
    assert link_due() == 1
    assert link_due() == 0
    kinds = list(organisation.activities.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["registered", "attended"]


def test_an_organisation_of_two_like_names_is_left_to_a_person():
    for _ in range(2):
        make_organisation("同名公司")
    registration = link_registration(book(make_desk(), make_guest(organisation_name="同名公司")))
    assert registration.organisation is None
    assert not Activity.objects.filter(kind=Activity.Kind.REGISTERED).exists()


def test_who_waits_is_not_written_down():
    desk = make_desk(capacity=1)
    book(desk)
    waiting = book(desk, make_guest(wants_contact=True), consents=event_consents("event_lead"))
    assert link_registration(waiting).lead is None
