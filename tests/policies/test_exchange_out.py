"""What goes out: spreadsheets, JSON, and the way back in."""

import io
import json

import pytest
from openpyxl import load_workbook

from policies.exporting import views
from policies.importing import services
from policies.importing.template_file import write_template
from policies.models import Clause, PolicyPage
from tests.factories.clauses import public_clause

pytestmark = pytest.mark.django_db
ADMIN = "/admin/policy-exchange/"


def content(response) -> bytes:
    assert response.status_code == 200, response
    return b"".join(response)


def sheets(response) -> dict[str, list[tuple]]:
    book = load_workbook(io.BytesIO(content(response)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def check(name: str, data: bytes):
    job = services.receive_file(file=io.BytesIO(data), name=name)
    return services.check_file(job=job)


@pytest.fixture
def clause(page_at):
    Clause.objects.all().delete()  # the samples: this one alone
    return public_clause(
        page_at("policies/coal-law"), title="示例条款", cap=50, cap_unit="wan_yuan", is_sample=True
    )


def test_a_public_spreadsheet_is_what_the_page_shows(client, clause):
    asked = {"level": "nation", "year": "2021"}
    found = client.get("/policies/", asked).context["results"]
    book = load_workbook(io.BytesIO(content(client.get("/exports/policies.xlsx", asked))))
    sheet = book["政策"]
    assert sheet.max_row - 1 == found.total > 0
    assert sheet.freeze_panes == "A2"
    titles = [cell.value for cell in sheet["B"]]
    assert titles[0] == "标题"
    assert titles[1:] == [hit.page.title for hit in found.hits]
    days = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.is_date]
    assert days
    address = sheet.cell(2, sheet.max_column)
    assert address.hyperlink.target == address.value
    assert address.value.startswith("http")


def test_public_files_show_nothing_that_is_not_public(client, page_at, clause):
    page = page_at("policies/coal-law")
    assert page.title in json.dumps(
        json.loads(content(client.get("/exports/policies.json"))), ensure_ascii=False
    )
    page.unpublish()
    text = content(client.get("/exports/policies.json")).decode()
    assert page.title not in [policy["title"] for policy in json.loads(text)["policies"]]
    assert json.loads(text)["clauses"] == []
    rows = sheets(client.get("/exports/policies.xlsx"))
    assert page.title not in [row[1] for row in rows["政策"]]
    assert len(rows["条款"]) == 1


def test_an_amount_never_stands_alone(client, clause):
    (found,) = json.loads(content(client.get("/exports/policies.json")))["clauses"]
    assert (found["cap"], found["cap_note"]) == (50, "以主管部门审定为准")
    heads, row = sheets(client.get("/exports/policies.xlsx"))["条款"]
    assert "以主管部门审定为准" in row
    draft = Clause.objects.get()
    draft.state = "draft"
    draft.save()
    assert json.loads(content(client.get("/exports/policies.json")))["clauses"] == []


def test_no_cell_runs(client, page_at):
    page = page_at("policies/coal-law")
    page.title = '=HYPERLINK("http://x")'
    page.contact = "+86 355\x08 1234567"
    page.save()
    book = load_workbook(io.BytesIO(content(client.get("/exports/policies.xlsx"))))
    cells = [cell for row in book["政策"].iter_rows(min_row=2) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    values = {cell.value for cell in cells}
    assert {'\'=HYPERLINK("http://x")', "'+86 355 1234567"} <= values


def test_the_english_files_are_english(client):
    rows = sheets(client.get("/en/exports/policies.xlsx", {"q": "Coal Law"}))
    assert rows["Policies"][0][1] == "Title"
    assert any("Coal" in row[1] for row in rows["Policies"][1:])


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_what_was_exported_changes_nothing_when_imported(client, make_user, page_at, kind):
    page = page_at("policies/coal-law")
    PolicyPage.objects.filter(pk=page.pk).update(contact="-355 123", subject="'=甲")
    page.refresh_from_db()
    page.summary = "还没有发布的摘要"
    page.save_revision()
    client.force_login(make_user("Editors"))
    data = content(client.get(f"{ADMIN}all.{kind}"))
    job = check(f"a.{kind}", data)
    total = PolicyPage.objects.filter(locale__language_code="zh-hans").count()
    odd = job.rows.exclude(outcome="unchanged").values_list("title", "errors", "changes")
    assert (job.counts, job.message) == ({"unchanged": total}, ""), list(odd)


def test_officers_of_leads_get_no_drafts(client, make_user):
    for groups in ((), ("CRM officers",)):
        client.force_login(make_user(*groups))
        assert client.get(f"{ADMIN}all.xlsx").status_code in (302, 403)


def test_the_template_speaks_both_languages():
    target = io.BytesIO()
    write_template(target)
    first, second = load_workbook(target).worksheets
    assert first["C1"].value == "标题*"
    assert any("长政发" in str(c.value) or "晋政发" in str(c.value) for r in second for c in r)


def test_downloads_are_counted(client, settings):
    answers = [client.get("/exports/policies.json", {"q": "qzxjvw"}).status_code for _ in range(11)]
    assert answers.count(429) >= 1
    assert answers[0] == 200


@pytest.fixture(autouse=True)
def _fresh_counts():
    from django.core.cache import cache

    cache.clear()


def test_only_some_spreadsheets_are_made_at_a_time(client, monkeypatch):
    monkeypatch.setattr(views, "PATIENCE", 0.01)
    for _turn in range(2):
        views._turns.acquire()
    try:
        response = client.get("/exports/policies.xlsx", {"level": "nation"})
    finally:
        for _turn in range(2):
            views._turns.release()
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert client.get("/exports/policies.xlsx", {"level": "nation"}).status_code == 200
