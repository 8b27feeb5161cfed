"""The four roles as the migration makes them, asked through the admin they were made for."""

import pytest
from django.contrib.auth.models import Group
from wagtail.documents.permissions import permission_policy as documents
from wagtail.images.permissions import permission_policy as images
from wagtail.models import Page, Workflow

from tests.factories.crm import UserFactory

pytestmark = pytest.mark.django_db


def codenames(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_groups_are_the_four_roles():
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Editors", "Publishers", "CRM officers", "CRM managers",
    }  # fmt: skip


def test_the_desk_is_for_the_crm_roles_only():
    desk = {"view_lead", "work_lead", "view_all_leads", "assign_lead", "export_lead"}
    assert codenames("CRM managers") & desk == desk
    assert codenames("CRM officers") & desk == {"view_lead", "work_lead"}
    assert not codenames("Editors") & desk
    assert not codenames("Publishers") & desk


def test_events_are_run_by_officers_and_built_by_editors():
    data = {"view_registration", "work_registration", "check_in", "plan_meetings", "report_event"}
    assert codenames("CRM officers") & (data | {"export_registration"}) == data
    assert codenames("CRM managers") >= data | {"export_registration"}
    for role in ("Editors", "Publishers"):
        assert "change_registrationdesk" in codenames(role)
        assert not codenames(role) & (data | {"export_registration"})


def rights(role: str, page: Page) -> dict[str, bool]:
    tester = page.permissions_for_user(UserFactory(role=role))
    return {
        "edit": tester.can_edit(),
        "add": tester.can_add_subpage(),
        "publish": tester.can_publish(),
        "submit": tester.can_submit_for_moderation(),
        "lock": tester.can_lock(),
    }


def test_page_rights_of_each_role(home):
    assert rights("Editors", home) == {
        "edit": True, "add": True, "publish": False, "submit": True, "lock": False,
    }  # fmt: skip
    publisher = rights("Publishers", home)
    assert all(publisher[right] for right in ("edit", "add", "publish", "lock"))
    for role in ("CRM officers", "CRM managers"):
        found = rights(role, home)
        assert not any(found[right] for right in ("edit", "add", "publish", "lock"))


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("Editors", True), ("Publishers", True), ("CRM officers", False), ("CRM managers", False)],
)
def test_files_are_for_those_who_edit(role, allowed):
    user = UserFactory(role=role)
    for policy in (images, documents):
        assert policy.user_has_permission(user, "add") == allowed
        assert policy.user_has_any_permission(user, ["change", "choose"]) == allowed


@pytest.mark.parametrize("role", ["CRM officers", "CRM managers"])
def test_crm_roles_are_refused_pages_and_files(desk, home, role):
    client = desk(UserFactory(role=role))
    assert client.get("/admin/").status_code == 200
    for path in (f"/admin/pages/{home.pk}/edit/", "/admin/images/add/", "/admin/users/"):
        assert client.get(path).status_code in (302, 403)


def test_editor_is_refused_publishing_and_hands_in_instead(desk, home):
    assert desk(UserFactory(role="Editors")).get(f"/admin/pages/{home.pk}/edit/").status_code == 200
    workflow = home.get_workflow()
    assert workflow == Workflow.objects.get()
    groups = [g.name for task in workflow.tasks for g in task.specific.groups.all()]
    assert groups == ["Publishers"]


def test_nobody_of_them_manages_users():
    for role in Group.objects.all():
        assert not UserFactory(role=role.name).has_module_perms("users")
