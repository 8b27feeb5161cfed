"""Taking, assigning, moving, noting, revealing: each exit, and each refusal by role."""

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from crm.errors import (
    AlreadyOwnedError,
    AnonymisedError,
    NotAllowedError,
    NoteEmptyError,
    OwnerMissingError,
    ReasonMissingError,
    StageError,
)
from crm.models import Activity, Lead
from crm.services import (
    add_note,
    anonymise_lead,
    assign_lead,
    change_stage,
    log_export,
    reveal_contact,
    take_lead,
)
from tests.factories.crm import LeadFactory, UserFactory

pytestmark = pytest.mark.django_db


def fresh(user):
    """The user without the permissions that Django remembers on the object."""
    return get_user_model().objects.get(pk=user.pk)


def test_officer_takes_a_free_lead(lead, officer):
    take_lead(lead=lead, actor=officer)
    lead.refresh_from_db()
    assert lead.owner == officer
    activity = lead.activities.get()
    assert (activity.kind, activity.actor) == (Activity.Kind.ASSIGNED, officer)
    assert activity.data == {"from": "", "to": "officer"}


def test_the_second_officer_is_told_that_it_is_gone(lead, officer, colleague):
    take_lead(lead=lead, actor=officer)
    with pytest.raises(AlreadyOwnedError):
        take_lead(lead=lead, actor=colleague)


def test_manager_assigns_and_the_new_owner_is_written_to(
    lead, officer, manager, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assign_lead(lead=lead, owner=officer, actor=manager)
    lead.refresh_from_db()
    assert lead.owner == officer
    assert [m.to for m in mail.outbox] == [["officer@example.org"]]
    assert lead.reference in mail.outbox[0].subject
    assert lead.email not in mail.outbox[0].message().as_string()


def test_assigning_the_same_owner_again_changes_nothing(officer, manager):
    lead = LeadFactory(owner=officer)
    assign_lead(lead=lead, owner=officer, actor=manager)
    assert not lead.activities.exists()


def test_manager_can_take_an_owner_away(officer, manager):
    lead = LeadFactory(owner=officer)
    assign_lead(lead=lead, owner=None, actor=manager)
    lead.refresh_from_db()
    assert lead.owner is None


def test_officer_may_not_assign(lead, officer, colleague):
    with pytest.raises(NotAllowedError):
        assign_lead(lead=lead, owner=colleague, actor=officer)


@pytest.mark.parametrize("role", ["Editors", "Publishers", None])
def test_nobody_without_the_desk_becomes_owner(lead, manager, role):
    with pytest.raises(NotAllowedError):
        assign_lead(lead=lead, owner=UserFactory(role=role), actor=manager)


def test_inactive_colleague_becomes_no_owner(lead, manager, officer):
    officer.is_active = False
    officer.save()
    with pytest.raises(NotAllowedError):
        assign_lead(lead=lead, owner=officer, actor=manager)


def test_stage_moves_with_a_reason(officer):
    lead = LeadFactory(owner=officer)
    change_stage(lead=lead, to="screening", reason=" 看过了 ", actor=officer)
    lead.refresh_from_db()
    activity = lead.activities.get()
    assert lead.stage == Lead.Stage.SCREENING
    assert activity.data == {"from": "new", "to": "screening"}
    assert activity.text == "看过了"
    assert activity.detail == "新线索 → 研判"


@pytest.mark.parametrize(
    ("to", "reason", "owned", "error"),
    [
        ("qualified", "太快", True, StageError),
        ("nonsense", "不明", True, StageError),
        ("screening", "  ", True, ReasonMissingError),
        ("screening", "没人", False, OwnerMissingError),
    ],
)
def test_stage_that_is_not_open_is_refused(officer, to, reason, owned, error):
    lead = LeadFactory(owner=officer if owned else None)
    with pytest.raises(error):
        change_stage(lead=lead, to=to, reason=reason, actor=officer)


def test_note_is_on_the_timeline(lead, officer):
    add_note(lead=lead, text="打过电话", actor=officer)
    assert [(a.kind, a.text) for a in lead.activities.all()] == [("note", "打过电话")]
    with pytest.raises(NoteEmptyError):
        add_note(lead=lead, text=" ", actor=officer)


def test_reveal_is_noted(lead, officer):
    assert reveal_contact(lead=lead, actor=officer).phone == lead.phone
    assert [(a.kind, a.actor) for a in lead.activities.all()] == [("revealed", officer)]


WORK = {
    "take": lambda lead, actor: take_lead(lead=lead, actor=actor),
    "assign": lambda lead, actor: assign_lead(lead=lead, owner=None, actor=actor),
    "stage": lambda lead, actor: change_stage(lead=lead, to="shelved", reason="x", actor=actor),
    "note": lambda lead, actor: add_note(lead=lead, text="x", actor=actor),
    "reveal": lambda lead, actor: reveal_contact(lead=lead, actor=actor),
}


@pytest.mark.engine_free
@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("role", ["Editors", "Publishers", None])
def test_other_roles_may_do_nothing(lead, work, role):
    with pytest.raises(NotAllowedError):
        WORK[work](lead, UserFactory(role=role))
    assert not lead.activities.exists()


@pytest.mark.parametrize("work", ["assign", "stage", "note", "reveal"])
def test_officer_may_do_nothing_to_a_colleagues_lead(officer, colleague, work):
    lead = LeadFactory(owner=colleague)
    with pytest.raises(NotAllowedError):
        WORK[work](lead, officer)
    assert not lead.activities.exists()


@pytest.mark.parametrize("work", ["stage", "note", "reveal"])
def test_manager_works_on_any_lead(manager, colleague, work):
    WORK[work](LeadFactory(owner=colleague), manager)


@pytest.mark.parametrize("work", WORK)
def test_erased_lead_can_not_be_worked_on(lead, manager, work):
    anonymise_lead(lead=lead)
    with pytest.raises(AnonymisedError):
        WORK[work](lead, manager)


def test_nobody_is_allowed_on_samples_only(lead):
    sample = LeadFactory(is_sample=True)
    change_stage(lead=sample, to="talking", reason="示例", actor=None)
    with pytest.raises(NotAllowedError):
        change_stage(lead=lead, to="shelved", reason="x", actor=None)


def test_export_is_noted_and_only_for_managers(officer, manager):
    activity = log_export(actor=manager, count=3, file_format="csv", query="q=x")
    assert activity.data == {"count": 3, "format": "csv", "query": "q=x"}
    with pytest.raises(NotAllowedError):
        log_export(actor=officer, count=3, file_format="csv", query="")


def test_lists_show_each_role_its_leads(officer, colleague, manager, editor):
    free, own, other = LeadFactory(), LeadFactory(owner=officer), LeadFactory(owner=colleague)
    leads = Lead.objects.filter(is_sample=False)
    assert set(leads.visible_to(fresh(officer))) == {free, own}
    assert set(leads.visible_to(fresh(manager))) == {free, own, other}
    assert set(leads.visible_to(fresh(editor))) == set()
