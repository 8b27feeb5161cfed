"""capture_lead: one test for each way out."""

from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django_tasks import task_backends

from crm.duplicates import possible_duplicates
from crm.errors import ConsentMissingError, ContactMissingError, ScaleError
from crm.models import Activity, Contact, Delivery, Lead, Organisation, text_hash
from crm.services import capture_lead, deliver_pending, remove_sample_leads
from tests.factories.crm import LeadFactory

pytestmark = pytest.mark.django_db


def capture(boxes, **changes):
    values = {
        "name": "王小明",
        "organisation_name": "示例机械有限公司",
        "phone": "138 0013 8000",
        "email": "Wang@Example.org",
        "consents": boxes("processing"),
    }
    return capture_lead(**(values | changes))


def test_lead_consents_activity_and_outbox_are_stored_together(consents, settings, page_at):
    settings.LEAD_NOTIFY_EMAILS = ["desk@example.org"]
    settings.LEAD_WEBHOOK_URL = "http://127.0.0.1:1/hook"
    source = page_at("inquiry")
    done = capture(
        consents,
        consents=consents("processing", "sharing"),
        source_page=source,
        scale_min=Decimal(5),
        scale_max=Decimal(9),
    )
    lead = done.lead
    lead.refresh_from_db()
    assert done.is_new
    assert (lead.phone_typed, lead.phone) == ("138 0013 8000", "+8613800138000")
    assert (lead.email, lead.email_key) == ("Wang@Example.org", "wang@example.org")
    assert (lead.source_page_id, lead.source_title) == (source.pk, source.title)
    assert lead.stage == Lead.Stage.NEW
    assert lead.contact.name == "王小明"
    assert lead.organisation.name == "示例机械有限公司"
    assert [c.kind for c in lead.consents.all()] == ["processing", "sharing"]
    assert all(text_hash(c.shown_text) == c.shown_text_hash for c in lead.consents.all())
    assert "示例单位" in lead.consents.first().shown_text
    assert [a.kind for a in lead.activities.all()] == [Activity.Kind.RECEIVED]
    assert sorted(d.purpose for d in lead.deliveries.all()) == ["event", "notice", "receipt"]
    assert lead.allows_sharing


def test_nothing_is_stored_when_one_part_fails(consents):
    given = consents("processing", "processing")  # breaks the receipt's constraint
    before = Lead.objects.count(), Contact.objects.count(), Activity.objects.count()
    with pytest.raises(Exception, match="(?i)unique"), transaction.atomic():
        capture(consents, consents=given)
    assert (Lead.objects.count(), Contact.objects.count(), Activity.objects.count()) == before


def test_without_a_way_to_answer_it_is_refused(consents):
    with pytest.raises(ContactMissingError):
        capture(consents, phone="", email="")


def test_without_consent_to_processing_it_is_refused(consents):
    with pytest.raises(ConsentMissingError):
        capture(consents, consents=consents("sharing"))


def test_turned_scale_is_refused(consents):
    with pytest.raises(ScaleError):
        capture(consents, scale_min=Decimal(2), scale_max=Decimal(1))


def test_unreadable_phone_is_refused(consents):
    with pytest.raises(ValidationError):
        capture(consents, phone="ring me")


def test_same_key_returns_the_first_lead(consents):
    first = capture(consents, submission_key="k" * 64)
    second = capture(consents, submission_key="k" * 64, message="twice")
    assert second.lead == first.lead
    assert not second.is_new
    assert first.lead.activities.count() == 1


def test_the_same_person_again_gets_the_same_contact(consents):
    first = capture(consents).lead
    second = capture(consents, email="").lead
    assert second.contact == first.contact
    assert second.organisation == first.organisation
    assert possible_duplicates(second) == [first]


def test_a_shared_office_number_makes_no_one_the_same(consents):
    first = capture(consents).lead
    second = capture(consents, name="李四", email="li@example.org").lead
    assert second.contact != first.contact
    assert possible_duplicates(second) == [first]


def test_same_name_of_organisation_alone_is_only_flagged(consents):
    first = capture(consents).lead
    second = capture(
        consents,
        name="李四",
        phone="",
        email="li@example.org",
        organisation_name="示例机械 有限公司",
    ).lead
    assert second.organisation != first.organisation
    assert possible_duplicates(second) == [first]
    assert possible_duplicates(LeadFactory(phone="", email="")) == []


def test_sample_mails_nobody_and_needs_no_consent(settings):
    settings.LEAD_NOTIFY_EMAILS = ["desk@example.org"]
    lead = capture_lead(name="示例", email="x@example.com", is_sample=True, notify=False).lead
    assert lead.is_sample
    assert not lead.deliveries.exists()
    assert not lead.consents.exists()


def test_samples_are_taken_away_whole(consents):
    real = capture(consents).lead
    capture_lead(
        name="示例",
        organisation_name="示例厂",
        email="wang@example.org",
        is_sample=True,
        notify=False,
    )
    samples = Lead.objects.samples().count()
    assert remove_sample_leads() == samples
    assert list(Lead.objects.all()) == [real]
    assert list(Contact.objects.all()) == [real.contact]
    assert list(Organisation.objects.all()) == [real.organisation]


def test_a_queue_that_fails_loses_nothing(
    consents, settings, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    """The queue knows no such task queue, so handing over fails; the sweep sends the mail later."""
    settings.LEAD_NOTIFY_EMAILS = ["desk@example.org"]
    monkeypatch.setattr(task_backends["default"], "queues", {"another"})
    with django_capture_on_commit_callbacks(execute=True):
        lead = capture(consents, email="").lead
    assert "enqueue_rows" in caplog.text
    assert [d.status for d in lead.deliveries.all()] == [Delivery.Status.PENDING]
    assert deliver_pending() == 1
    assert [m.to for m in mail.outbox] == [["desk@example.org"]]
