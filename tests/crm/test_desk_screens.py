"""The desk in the admin: what each role sees, masks, filters, exports, and what it is refused."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from base.cells import safe_cell
from crm.models import Activity, Lead
from crm.services import anonymise_lead
from tests.factories.crm import ActivityFactory, ConsentFactory, DeliveryFactory, LeadFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/leads/"


def text_of(response) -> str:
    return BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" ")


def url(lead, action="") -> str:
    return reverse("leads:action", args=[lead.pk, action]) if action else f"{LIST}{lead.pk}/"


@pytest.fixture(autouse=True)
def _only_own_leads(db):
    Lead.objects.all().delete()


def test_list_is_masked(desk, officer):
    lead = LeadFactory(organisation_name="示例机械", source_title="光伏产业")
    response = desk(officer).get(LIST)
    page = text_of(response)
    for shown in (lead.reference, "示例机械", "王**", "光伏产业", "新线索"):
        assert shown in page
    for secret in (lead.name, lead.phone, lead.email):
        assert secret not in response.content.decode()


def test_officer_sees_own_and_free_leads_only(desk, officer, colleague, manager):
    free, own, other = LeadFactory(), LeadFactory(owner=officer), LeadFactory(owner=colleague)
    page = text_of(desk(officer).get(LIST))
    assert free.reference in page
    assert own.reference in page
    assert other.reference not in page
    assert other.reference in text_of(desk(manager).get(LIST))
    assert desk(officer).get(url(other)).status_code == 404
    assert desk(manager).get(url(other)).status_code == 200


@pytest.mark.engine_free
@pytest.mark.parametrize("role", ["editor", "publisher"])
def test_editors_and_publishers_have_no_desk(desk, request, role):
    lead = LeadFactory()
    client = desk(request.getfixturevalue(role))
    assert LIST not in client.get("/admin/").content.decode()
    for path in (LIST, f"{LIST}results/", f"{LIST}?export=csv", url(lead)):
        assert client.get(path).status_code in (302, 403)
    for action in ("take", "assign", "stage", "note", "reveal"):
        assert client.post(url(lead, action)).status_code in (302, 403)
    assert not lead.activities.exists()


@pytest.mark.engine_free
def test_visitor_is_sent_to_the_login(client):
    for path in (LIST, url(LeadFactory())):
        assert client.get(path)["Location"].startswith("/admin/login/")


@pytest.mark.engine_free
def test_officers_menu_has_the_desk(desk, officer):
    assert LIST in desk(officer).get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=示例甲", "a"),
        ("?q=李", "b"),
        ("?q=急", "b"),
        ("?q=SD-A", "a"),
        ("?stage=shelved", "b"),
        ("?chain=solar", "a"),
        ("?region=DE", "b"),
        ("?is_sample=true", "b"),
        ("?owner=null", "b"),
        ("?created_at_from=2026-01-01&created_at_to=2026-01-31", "a"),
    ],
)
def test_list_is_searched_and_filtered(desk, manager, officer, query, found):
    from datetime import UTC, datetime

    a = LeadFactory(
        reference="SD-A", organisation_name="示例甲", chain="solar", owner=officer,
        created_at=datetime(2026, 1, 15, tzinfo=UTC),
    )  # fmt: skip
    b = LeadFactory(
        reference="SD-B", name="李四", message="很急", stage="shelved", region="DE", is_sample=True
    )
    page = text_of(desk(manager).get(LIST + query))
    assert (a.reference in page, b.reference in page) == (found == "a", found == "b")


@pytest.mark.parametrize(
    "query",
    [
        "?q=%27%22",
        "?stage=x",
        "?owner=x",
        "?p=x",
        "?ordering=x",
        "?created_at_from=x",
        "?export=pdf",
    ],
)
def test_list_takes_odd_questions(desk, manager, query):
    assert desk(manager).get(LIST + query).status_code == 200


def test_list_asks_as_often_for_thirty_leads_as_for_one(desk, manager, officer):
    client = desk(manager)
    LeadFactory(owner=officer)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    LeadFactory.create_batch(29, owner=officer)
    with CaptureQueriesContext(connection) as thirty:
        client.get(LIST)
    assert len(thirty) == len(one)


@pytest.mark.engine_free
def test_lead_page_tells_the_whole_story(desk, officer):
    lead = LeadFactory(organisation_name="示例机械", message="想看看", scale_min=3000)
    twin = LeadFactory(organisation_name="示例机械")
    ConsentFactory(lead=lead)
    ActivityFactory(lead=lead, actor=officer)
    DeliveryFactory(lead=lead, last_error="ConnectionRefusedError")
    response = desk(officer).get(url(lead))
    page = text_of(response)
    for shown in ("示例机械", "想看看", "3,000 万 CNY", "打过电话", "示例单位", twin.reference):
        assert shown in page
    assert "ConnectionRefusedError" in page
    for secret in (lead.name, lead.phone, lead.email):
        assert secret not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_lead_page_asks_as_often_for_a_long_story(desk, officer):
    client = desk(officer)
    lead = LeadFactory(organisation_name="示例机械")
    LeadFactory(organisation_name="示例机械", owner=officer)
    ActivityFactory(lead=lead, actor=officer)
    client.get(url(lead))
    with CaptureQueriesContext(connection) as short:
        client.get(url(lead))
    ActivityFactory.create_batch(20, lead=lead, actor=officer)
    LeadFactory.create_batch(5, organisation_name="示例机械", owner=officer)
    with CaptureQueriesContext(connection) as long:
        client.get(url(lead))
    assert len(long) == len(short)


def test_a_colleagues_twin_is_named_but_not_linked(desk, officer, colleague):
    lead = LeadFactory(organisation_name="示例机械")
    twin = LeadFactory(organisation_name="示例机械", owner=colleague)
    response = desk(officer).get(url(lead))
    assert twin.reference in text_of(response)
    assert f'href="{url(twin)}"' not in response.content.decode()


@pytest.mark.engine_free
def test_reveal_shows_and_notes_it(desk, officer):
    lead = LeadFactory()
    page = text_of(desk(officer).post(url(lead, "reveal")))
    assert all(shown in page for shown in (lead.name, lead.phone, lead.email))
    assert lead.activities.get().kind == Activity.Kind.REVEALED


def test_take_and_note_and_move(desk, officer):
    lead, client = LeadFactory(), desk(officer)
    assert client.post(url(lead, "take"))["Location"] == url(lead)
    client.post(url(lead, "note"), {"note-text": "打过电话"})
    client.post(url(lead, "stage"), {"stage-to": "screening", "stage-reason": "看过了"})
    lead.refresh_from_db()
    assert (lead.owner, lead.stage) == (officer, "screening")
    assert [a.kind for a in lead.activities.all()] == ["stage", "note", "assigned"]


def test_manager_assigns_and_officer_loses_sight(desk, officer, colleague, manager):
    lead = LeadFactory(owner=officer)
    desk(manager).post(url(lead, "assign"), {"assign-owner": colleague.pk})
    lead.refresh_from_db()
    assert lead.owner == colleague
    assert desk(officer).get(url(lead)).status_code == 404


@pytest.mark.engine_free
def test_officer_is_offered_and_allowed_no_assigning(desk, officer, colleague):
    lead = LeadFactory()
    assert "assign-owner" not in desk(officer).get(url(lead)).content.decode()
    response = desk(officer).post(url(lead, "assign"), {"assign-owner": colleague.pk})
    assert "您的角色不能这样做" in text_of(response)
    lead.refresh_from_db()
    assert lead.owner is None


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("stage", {"stage-to": "screening", "stage-reason": ""}, ""),
        ("stage", {"stage-to": "screening", "stage-reason": "想了很久"}, "要先有办理人"),
        ("stage", {"stage-to": "won", "stage-reason": "想了很久"}, ""),
        ("note", {"note-text": ""}, ""),
        ("note", {"note-text": "x" * 4001}, ""),
        ("note", {"note-text": "nul\x00"}, ""),
        ("assign", {"assign-owner": "x"}, ""),
    ],
)
def test_fault_is_said_and_what_was_typed_is_kept(desk, manager, action, fields, words):
    lead = LeadFactory()
    response = desk(manager).post(url(lead, action), fields)
    assert response.status_code == 200
    assert words in text_of(response)
    for typed in fields.values():
        if typed.isprintable() and len(typed) > 3 and action != "assign":
            assert typed[:50] in response.content.decode()
    assert not lead.activities.exists()


@pytest.mark.engine_free
def test_unknown_action_is_not_found_and_get_changes_nothing(desk, manager):
    lead = LeadFactory()
    assert desk(manager).post(url(lead, "explode")).status_code == 404
    assert desk(manager).post(url(lead)).status_code == 404
    assert desk(manager).get(url(lead, "take"))["Location"] == url(lead)
    assert desk(manager).get(f"{LIST}999999999/").status_code == 404
    assert not lead.activities.exists()


@pytest.mark.engine_free
def test_erased_lead_offers_nothing(desk, manager):
    lead = LeadFactory()
    anonymise_lead(lead=lead)
    page = desk(manager).get(url(lead)).content.decode()
    assert url(lead, "note") not in page
    assert url(lead, "reveal") not in page


def exported_rows(response) -> list[list[str]]:
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_manager_exports_safe_cells_without_persons_and_it_is_noted(desk, manager):
    lead = LeadFactory(organisation_name='=HYPERLINK("http://x")')
    head, row = exported_rows(desk(manager).get(f"{LIST}?export=csv"))
    assert len(head) == len(row)
    assert row[0] == lead.reference
    assert '\'=HYPERLINK("http://x")' in row
    for secret in (lead.name, lead.phone, lead.email):
        assert not any(secret in cell for cell in row)
    activity = Activity.objects.get(kind=Activity.Kind.EXPORTED)
    assert (activity.actor, activity.data["count"]) == (manager, 1)


@pytest.mark.engine_free
def test_spreadsheet_opens(desk, manager):
    LeadFactory(organisation_name="+1")
    response = desk(manager).get(f"{LIST}?export=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet.max_row == 2
    assert "'+1" in [cell.value for cell in sheet[2]]


@pytest.mark.engine_free
def test_officer_exports_nothing(desk, officer):
    LeadFactory()
    client = desk(officer)
    assert "export=csv" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}?export=csv")["Content-Type"].startswith("text/html")
    assert not Activity.objects.filter(kind=Activity.Kind.EXPORTED).exists()


@pytest.mark.engine_free
def test_cells_that_a_spreadsheet_would_run_are_text():
    assert [safe_cell(v) for v in ("=1", " -1", "@x", "\t=1", "x=1", "", 3, None)] == [
        "'=1", "' -1", "'@x", "'\t=1", "x=1", "", 3, None,
    ]  # fmt: skip
