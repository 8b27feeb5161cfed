"""Withdrawing and erasing: each exit, and that nothing personal is left behind."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.forms import model_to_dict
from django.utils import timezone

from crm.errors import ConsentAlreadyWithdrawnError
from crm.models import Activity, Contact, Delivery, Lead, Organisation, RateCounter
from crm.services import (
    add_note,
    anonymise_lead,
    capture_lead,
    purge_expired,
    withdraw_consent,
)
from tests.factories.crm import DeliveryFactory, LeadFactory

pytestmark = pytest.mark.django_db

TYPED = ("王小明", "示例机械", "13800138000", "wang@example.org", "要厂房", "想看看", "打过电话")


@pytest.fixture
def stored(consents, officer):
    lead = capture_lead(
        name="王小明",
        organisation_name="示例机械",
        phone="13800138000",
        email="wang@example.org",
        chain="solar",
        region="CN-GD",
        site_need="要厂房",
        message="想看看",
        consents=consents("processing", "sharing"),
    ).lead
    add_note(lead=lead, text="打过电话", actor=officer)
    return lead


def everything_about(lead) -> str:
    rows = [model_to_dict(lead), *(model_to_dict(a) for a in lead.activities.all())]
    rows += [model_to_dict(x) for x in (*Contact.objects.all(), *Organisation.objects.all())]
    return str(rows)


def test_withdrawing_the_processing_erases_and_closes_at_once(stored):
    withdraw_consent(lead=stored, kind="processing")
    stored.refresh_from_db()
    assert stored.is_anonymised
    assert stored.stage == Lead.Stage.CLOSED
    assert not any(typed in everything_about(stored) for typed in TYPED)
    # What can be counted stays, and so does the proof of consent and withdrawal.
    assert (stored.chain, stored.region) == ("solar", "CN-GD")
    assert all(c.withdrawn_at and c.shown_text for c in stored.consents.all())
    assert not stored.allows_sharing
    kinds = set(stored.activities.values_list("kind", flat=True))
    assert {Activity.Kind.CONSENT_WITHDRAWN, Activity.Kind.ANONYMISED} <= kinds


def test_withdrawing_the_sharing_stops_only_the_sharing(stored):
    withdraw_consent(lead=stored, kind="sharing")
    stored.refresh_from_db()
    assert stored.name == "王小明"
    assert stored.stage == Lead.Stage.NEW
    assert not stored.allows_sharing
    assert [c.kind for c in stored.consents.active()] == ["processing"]


@pytest.mark.parametrize("kind", ["sharing", "processing"])
def test_a_consent_is_withdrawn_only_once(stored, kind):
    withdraw_consent(lead=stored, kind=kind)
    with pytest.raises(ConsentAlreadyWithdrawnError):
        withdraw_consent(lead=stored, kind=kind)


def test_a_consent_that_was_never_given_can_not_be_withdrawn(lead):
    with pytest.raises(ConsentAlreadyWithdrawnError):
        withdraw_consent(lead=lead, kind="sharing")


def test_the_staff_is_told_without_a_name(stored, settings, django_capture_on_commit_callbacks):
    settings.LEAD_NOTIFY_EMAILS = ["desk@example.org"]
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_consent(lead=stored, kind="processing")
    (message,) = mail.outbox
    assert stored.reference in message.subject
    assert not any(typed in message.subject + message.body for typed in TYPED)


def test_what_waited_in_the_outbox_is_cancelled(stored):
    waiting = DeliveryFactory(lead=stored, purpose=Delivery.Purpose.RECEIPT)
    anonymise_lead(lead=stored)
    waiting.refresh_from_db()
    assert waiting.status == Delivery.Status.CANCELLED


def test_erasing_twice_is_erasing_once(stored, manager):
    first = anonymise_lead(lead=stored, actor=manager)
    second = anonymise_lead(lead=stored, actor=manager)
    assert first.anonymised_at == second.anonymised_at
    assert stored.activities.filter(kind=Activity.Kind.ANONYMISED).count() == 1


def test_a_contact_with_another_inquiry_stays(stored, consents):
    other = capture_lead(name="王小明", phone="13800138000", consents=consents("processing")).lead
    assert other.contact == stored.contact
    anonymise_lead(lead=stored)
    other.refresh_from_db()
    assert other.contact is not None
    anonymise_lead(lead=other)
    assert not Contact.objects.filter(phone="+8613800138000").exists()


def test_only_what_is_past_its_day_is_purged():
    today = timezone.localdate()
    over = LeadFactory(keep_until=today - timedelta(days=1))
    last_day = LeadFactory(keep_until=today)
    assert purge_expired() == 1
    assert purge_expired() == 0
    over.refresh_from_db()
    last_day.refresh_from_db()
    assert over.is_anonymised
    assert not last_day.is_anonymised


def test_command_purges_leads_and_old_counts(capsys):
    LeadFactory(keep_until=timezone.localdate() - timedelta(days=1))
    RateCounter.objects.create(client="x", hour=timezone.now() - timedelta(days=3), count=1)
    recent = RateCounter.objects.create(client="y", hour=timezone.now(), count=1)
    call_command("purge_expired_leads")
    assert "1" in capsys.readouterr().out
    assert list(RateCounter.objects.all()) == [recent]
