"""Policies from a file: the dry run, the import, and what it must never do."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from openpyxl import load_workbook
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_published

from policies.importing import files, services, tending
from policies.importing.errors import AnotherImportError, LibraryChangedError, NotReadyError
from policies.models import ImportJob, ImportRow, PolicyOrigin, PolicyPage
from search import api
from search.results import Question

pytestmark = pytest.mark.django_db
HEADS = ["source_id", "title", "level", "issuing_body", "adopted_on", "document_number", "body"]
TEXT = "第一章 总则\n第一条 为了让泽鹿木樨生长，根据有关规定，制定本办法。\n第二条 本办法自公布之日起施行。"
GOOD = ["s-1", "泽鹿木樨办法", "市", "长治市人民政府", "2024-01-02", "长政发〔2024〕1号", TEXT]


@pytest.fixture
def check(make_user):
    """Check rows as a CSV file: `check(rows, heads, publish=True)` gives the import."""

    def make(rows, heads=HEADS, *, user=None, **options) -> ImportJob:
        text = io.StringIO()
        csv.writer(text).writerows([heads, *rows])
        file = io.BytesIO(text.getvalue().encode())
        with translation.override("en"):
            job = services.receive_file(file=file, name="a.csv", user=user, **options)
        return services.check_file(job=job)

    return make


def run(job: ImportJob, **options) -> ImportJob:
    services.queue_import(job=job, **options)
    return services.run_import(job=job)


def errors(job: ImportJob) -> dict[int, list[str]]:
    """{row: the columns that are wrong}."""
    return {row.number: [column for column, _text in row.errors] for row in job.rows.all()}


def outcomes(job: ImportJob) -> list[str]:
    return list(job.rows.values_list("outcome", flat=True))


# --- The dry run ------------------------------------------------------------------------------


def test_every_kind_of_wrong_row_is_said_at_its_column(check):
    heads = [
        *HEADS,
        "index_number",
        "in_force_from",
        "in_force_until",
        "validity",
        "source_url",
        "id",
    ]

    def row(**changes):
        values = dict.fromkeys(heads, "") | dict(zip(HEADS, GOOD, strict=True)) | changes
        return [values[name] for name in heads]

    job = check(
        [
            row(),
            row(source_id="s-2", document_number="", title="", level="月球"),
            row(source_id="s-3", document_number="", adopted_on="2024年2月30日"),
            row(
                source_id="s-4",
                document_number="",
                in_force_from="2024-02-01",
                in_force_until="2024-01-01",
            ),
            row(source_id="s-5", document_number="", validity="maybe", source_url="ftp:/x y"),
            row(),
            row(source_id="s-6"),
            row(source_id="", document_number="", title="泽" * 256),
            row(source_id="", document_number="", title="中华人民共和国煤炭法"),
        ],
        heads,
    )
    assert outcomes(job) == ["new", *["wrong"] * 4, "duplicate", "duplicate", "wrong", "wrong"]
    assert list(errors(job).values()) == [
        [],
        ["level", "title"],
        ["adopted_on"],
        ["in_force_until"],
        ["validity", "source_url"],
        ["source_id"],
        ["document_number"],
        ["title"],
        ["title"],
    ]
    assert job.counts == {"new": 1, "wrong": 6, "duplicate": 2}
    with pytest.raises(NotReadyError):
        services.queue_import(job=job)
    assert not PolicyPage.objects.filter(title="泽鹿木樨办法").exists()


def test_a_number_of_two_policies_is_wrong(check, page_at):
    for slug in ("coal-law", "company-law"):
        PolicyPage.objects.filter(pk=page_at(f"policies/{slug}").pk).update(
            document_number="令（2024）3号", index_number=slug
        )
    job = check([["", "某法", "国家", "", "", "令〔2024〕第3号", ""]])
    assert errors(job) == {2: ["document_number"]}
    # The title tells which.
    job = check([["", page_at("policies/coal-law").title, "国家", "", "", "令[2024]3号", ""]])
    assert outcomes(job) == ["changed"]
    heads = ["title", "document_number", "index_number"]
    PolicyPage.objects.filter(slug="company-law").update(document_number="令〔2024〕4号")
    job = check([["某法", "令〔2024〕4号", "coal-law"]], heads)
    assert errors(job) == {2: ["index_number"]}


def test_a_number_of_the_source_with_another_title_is_wrong(check):
    run(check([GOOD]))
    job = check([[GOOD[0], "另一办法", *GOOD[2:]]])
    assert list(errors(job).values()) == [["source_id"]]


def test_a_title_alone_is_never_taken_for_the_same_policy(check):
    run(check([GOOD]))
    other = ["s-9", GOOD[1], "市", "晋城市人民政府", "2025-01-02", "", ""]
    job = check([other])
    assert outcomes(job) == ["new"]
    assert job.rows.get().notes
    run(job)
    assert PolicyPage.objects.filter(title=GOOD[1]).count() == 2


def test_unknown_columns_are_named(check):
    assert check([["甲", "市", "x"]], ["title", "level", "colour"]).unknown_headings == ["colour"]


def test_no_file_says_that_a_policy_was_checked(check, make_user):
    run(check([GOOD], user=make_user("Publishers")))
    job = check([[*GOOD, "2026-11-01", "2027-05-01"]], [*HEADS, "checked_on", "next_due"])
    assert outcomes(job) == ["unchanged"]
    assert job.unknown_headings == ["checked_on", "next_due"]


def test_a_file_that_can_not_be_read_is_said_to_be_so(check):
    job = check([], ["nothing"])
    assert (job.state, bool(job.message)) == ("failed", True)
    assert check([], HEADS).state == "failed"


# --- The import ---------------------------------------------------------------------------------


def test_new_policies_are_drafts_with_their_place_and_text(check, make_user, page_at):
    editor = make_user("Editors")
    index = page_at("policies")
    run(check([GOOD], user=editor))
    page = PolicyPage.objects.get(title="泽鹿木樨办法")
    assert not page.live
    assert page.get_parent().pk == index.pk
    assert Page.objects.get(pk=index.pk).numchild == Page.objects.child_of(index).count()
    assert page.url_path == f"{index.url_path}ze-lu-mu-xi-ban-fa/"
    assert [kind for kind, _heading in page.contents] != []
    assert (page.level, page.adopted_on) == ("city", date(2024, 1, 2))
    # What the row leaves out and the text can say.
    assert page.summary == "为了让泽鹿木樨生长，根据有关规定，制定本办法。"
    assert page.source_name == "长治市人民政府"
    assert list(PageLogEntry.objects.filter(page_id=page.pk).values_list("action", "user")) == [
        ("wagtail.create", editor.pk)
    ]
    assert Page.find_problems() == ([], [], [], [], [])
    assert ImportRow.objects.get().page_id == page.pk


def test_what_is_complete_is_published_and_found(check, client):
    job = run(check([GOOD, ["s-2", "泽鹿木樨细则", "市", "", "", "", ""]], publish=True))
    assert list(job.rows.values_list("publishes", flat=True)) == [True, False]
    assert api.search(Question("泽鹿木樨", kinds=("policy",))).total == 1
    page = PolicyPage.objects.get(title="泽鹿木樨办法")
    assert client.get(page.url).status_code == 200
    assert "泽鹿木樨办法" in client.get("/policies/", {"level": "city"}).content.decode()
    # The work is done: nothing of the file is kept.
    assert (job.state, job.stored_as, job.unindexed) == ("done", "", [])
    assert list(files.folder().glob("*.csv")) == []


def test_a_page_can_be_added_by_hand_after_an_import(check, page_at):
    run(check([GOOD]))
    page_at("policies").add_child(instance=PolicyPage(title="手工", level="city", live=False))
    assert Page.find_problems() == ([], [], [], [], [])


def test_the_same_titles_get_addresses_of_their_own(check):
    run(check([GOOD, ["s-2", GOOD[1], "区", "上党区人民政府", "2024-05-01", "", "无"]]))
    slugs = set(PolicyPage.objects.filter(title=GOOD[1]).values_list("slug", flat=True))
    assert len(slugs) == 2


def test_the_same_file_twice_changes_nothing(check):
    run(check([GOOD], publish=True))
    job = check([GOOD], publish=True)
    assert job.counts == {"unchanged": 1}
    with pytest.raises(NotReadyError):
        services.queue_import(job=job)


def test_changes_show_old_and_new_and_are_published(check):
    run(check([GOOD], publish=True))
    row = [*GOOD[:3], "长治市人民政府办公室", "", *GOOD[5:]]
    job = check([row], publish=True)
    assert job.rows.get().changes == [["issuing_body", "长治市人民政府", "长治市人民政府办公室"]]
    run(job)
    page = PolicyPage.objects.get(title=GOOD[1])
    assert page.issuing_body == "长治市人民政府办公室"
    assert page.adopted_on == date(2024, 1, 2)  # an empty cell leaves it
    assert page.live_revision_id == page.latest_revision_id is not None
    old = page.revisions.order_by("pk").first().as_object()
    assert old.issuing_body == "长治市人民政府"


def test_without_publishing_a_public_page_gets_a_draft(check):
    run(check([GOOD], publish=True))
    run(check([[*GOOD[:3], "别处", *GOOD[4:]]]))
    page = PolicyPage.objects.get(title=GOOD[1])
    assert (page.issuing_body, page.has_unpublished_changes) == (GOOD[3], True)
    assert page.latest_revision.as_object().issuing_body == "别处"
    # Seen by the next check, and not published along with other changes.
    assert check([[*GOOD[:3], "别处", *GOOD[4:]]]).counts == {"unchanged": 1}
    job = check([[*GOOD[:3], "又一处", *GOOD[4:]]], publish=True)
    assert (job.rows.get().publishes, bool(job.rows.get().notes)) == (False, True)


def test_drafts_of_an_import_can_be_published_by_the_next(check):
    run(check([GOOD]))
    job = run(check([GOOD], publish=True))
    assert job.counts == {"changed": 1}
    assert PolicyPage.objects.get(title=GOOD[1]).live


def test_a_field_is_emptied_only_where_the_cell_says_so(check):
    run(check([GOOD]))
    run(check([[*GOOD[:4], "[清空]", *GOOD[5:]]]))
    page = PolicyPage.objects.get(title=GOOD[1])
    assert page.latest_revision.as_object().adopted_on is None
    assert page.adopted_on is None


def test_a_text_with_more_than_a_cell_holds_is_left_alone(check, page_at):
    page = page_at("policies/shangdang-enclave-plan-draft")
    job = check([[str(page.translation_key), "新正文"]], ["id", "body"])
    assert errors(job) == {2: ["body"]}


def test_wrong_rows_are_left_out_only_when_that_is_said(check):
    job = check([GOOD, ["s-2", "", "市", "", "", "", ""]])
    with pytest.raises(NotReadyError):
        services.queue_import(job=job)
    job = run(job, skip_wrong=True)
    assert PolicyOrigin.objects.count() == 1
    assert job.stored_as  # the wrong rows can still be fetched


def test_what_changed_since_the_check_stops_the_import(check):
    run(check([GOOD]))
    job = check([[*GOOD[:3], "别处", *GOOD[4:]]])
    PolicyPage.objects.filter(title=GOOD[1]).update(issuing_body="第三处")
    services.queue_import(job=job)
    with pytest.raises(LibraryChangedError):
        services.run_import(job=job)
    job.refresh_from_db()
    assert job.state == "waiting"
    assert PolicyPage.objects.get(title=GOOD[1]).issuing_body == "第三处"
    assert services.check_file(job=job).rows.get().changes[0][1] == "第三处"


def test_an_interruption_leaves_nothing(check, monkeypatch):
    rows = [[f"s-{n}", f"泽鹿木樨办法{n}", *GOOD[2:5], "", TEXT] for n in range(6)]
    monkeypatch.setattr(services, "BATCH", 2)
    job = check(rows, publish=True)
    before = Page.objects.count()

    def stop(instance, **kwargs):
        if instance.title.endswith("4"):
            raise KeyboardInterrupt

    page_published.connect(stop)
    try:
        services.queue_import(job=job)
        with pytest.raises(KeyboardInterrupt):
            services.run_import(job=job)
    finally:
        page_published.disconnect(stop)
    job.refresh_from_db()
    assert (job.state, bool(job.message)) == ("checked", True)
    assert (Page.objects.count(), PolicyOrigin.objects.count()) == (before, 0)
    run(job)
    assert Page.objects.count() == before + 6


def test_two_imports_do_not_run_at_once(check):
    job = check([GOOD])
    with files.lock(files.WRITING):
        with pytest.raises(AnotherImportError):
            services.queue_import(job=job)
        ImportJob.objects.filter(pk=job.pk).update(state="queued")
        with pytest.raises(AnotherImportError):
            services.run_import(job=job)
    job.refresh_from_db()
    assert job.state == "checked"


def test_a_dead_worker_is_noticed(check):
    job = check([GOOD])
    for state, then in (("checking", "failed"), ("running", "checked")):
        ImportJob.objects.filter(pk=job.pk).update(state=state)
        job.refresh_from_db()
        assert tending.revive(job=job).state == then
        assert job.message


def test_a_search_that_was_not_told_is_told_later(check):
    job = run(check([GOOD], publish=True))
    page = PolicyPage.objects.get(title=GOOD[1])
    page.search_entry.delete()
    ImportJob.objects.filter(pk=job.pk).update(state="indexing", unindexed=[page.pk])
    tending.tend_imports()
    job.refresh_from_db()
    assert job.state == "done"
    assert api.search(Question("泽鹿木樨")).total == 1


def test_files_go_after_a_week(check):
    old, fresh = check([GOOD]), check([GOOD])
    ImportJob.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert tending.tend_imports() == 1
    old.refresh_from_db()
    assert (old.stored_as, old.rows.count()) == ("", 0)
    assert files.path_of(fresh).exists()
    tending.discard(job=fresh)
    assert not ImportJob.objects.filter(pk=fresh.pk).exists()


# --- The command --------------------------------------------------------------------------------


@pytest.fixture
def statutes(tmp_path):
    lines = [
        {"id": "a", "title": "泽鹿木樨条例", "level": "provincial", "issuer": "甲", "body": TEXT,
         "promulgated_on": "2020-05-14", "expired": False},
        {"id": "b", "title": "泽鹿木樨规定", "level": "national", "issuer": None, "body": TEXT},
    ]  # fmt: skip
    path = tmp_path / "statutes.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def test_the_command_imports_and_says_so(statutes):
    out = io.StringIO()
    call_command("import_policies", statutes, "--dry-run", stdout=out)
    assert PolicyOrigin.objects.count() == 0
    call_command("import_policies", statutes, "--publish", stdout=out)
    assert out.getvalue().splitlines() == [
        "2 rows: 2 new",
        "2 rows: 2 new",
        "Imported 2 policies, 1 of them as drafts.",
    ]
    assert [p.state for p in ImportJob.objects.all()] == ["done"]
    assert list(files.folder().glob("*.jsonl")) == []
    call_command("import_policies", statutes, stdout=out)
    assert out.getvalue().endswith("2 rows: 2 unchanged\n")


def test_the_command_refuses_what_it_can_not_do(tmp_path):
    wrong = tmp_path / "a.csv"
    wrong.write_text("title,level\nA,moon\n")
    for arguments, said in (
        ([wrong], "nothing was imported"),
        ([tmp_path / "gone.csv"], "No such file"),
        ([wrong, "--user", "nobody"], "no user"),
        ([__file__], "are not read|不"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("import_policies", *arguments, stdout=io.StringIO())
    assert not ImportJob.objects.exists()


# --- The screens --------------------------------------------------------------------------------

BASE = "/admin/policy-exchange/"


def upload(rows, name="a.csv") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *rows])
    return SimpleUploadedFile(name, text.getvalue().encode())


def test_from_upload_to_public_page(client, make_user, django_capture_on_commit_callbacks):
    client.force_login(make_user("Publishers"))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(BASE, {"files": upload([GOOD]), "publish": "on", "source": "甲"})
    job = ImportJob.objects.get()
    assert response["Location"] == f"{BASE}{job.pk}/"
    text = client.get(f"{BASE}{job.pk}/").content.decode()
    assert GOOD[1] in text
    assert "http-equiv" not in text
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{BASE}{job.pk}/run/")
    page = PolicyPage.objects.get(title=GOOD[1])
    assert (page.live, page.source_name) == (True, "甲")
    text = client.get(f"{BASE}{job.pk}/").content.decode()
    assert f"/admin/pages/{page.pk}/edit/" in text
    client.post(f"{BASE}{job.pk}/discard/")
    assert not ImportJob.objects.exists()


def test_progress_is_shown_while_it_works(client, make_user):
    client.force_login(make_user("Editors"))
    client.post(BASE, {"files": upload([GOOD])})
    job = ImportJob.objects.get()  # no worker took it yet
    files.set_progress(job, 250, 1000)
    text = client.get(f"{BASE}{job.pk}/").content.decode()
    assert '<progress max="1000" value="250"' in text
    assert 'http-equiv="refresh"' in text


def test_wrong_rows_can_be_fetched_mended_and_sent_again(
    client, make_user, django_capture_on_commit_callbacks
):
    client.force_login(make_user("Editors"))
    rows = [GOOD, ["s-2", "=HYPERLINK(1)", "月球", "", "", "", ""]]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(BASE, {"files": upload(rows)})
    job = ImportJob.objects.get()
    content = b"".join(client.get(f"{BASE}{job.pk}/errors.xlsx"))
    sheet = load_workbook(io.BytesIO(content)).active
    (heads, row) = sheet.iter_rows(values_only=True)
    assert list(heads[2:]) == HEADS
    assert row[3] == "'=HYPERLINK(1)"
    assert "月球" in row[1]
    sheet.cell(2, 5).value = "市"
    mended = io.BytesIO()
    sheet.parent.save(mended)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(BASE, {"files": SimpleUploadedFile("b.xlsx", mended.getvalue())})
    row = ImportJob.objects.first().rows.get()
    assert (row.outcome, row.title) == ("new", "=HYPERLINK(1)")


def test_what_the_form_can_not_take_is_said_at_its_field(client, make_user):
    client.force_login(make_user("Editors"))
    for given in ({}, {"files": upload([], "a.pdf")}, {"files": [upload([]), upload([])]}):
        response = client.post(BASE, given)
        assert response.status_code == 200
        assert response.context["form"].errors["files"]
    assert not ImportJob.objects.exists()


def test_the_template_is_taken_in_again(client, make_user):
    client.force_login(make_user("Editors"))
    content = b"".join(client.get(f"{BASE}template.xlsx"))
    book = load_workbook(io.BytesIO(content))
    assert len(book.worksheets) == 2
    assert len(book.worksheets[0].data_validations.dataValidation) == 5
    book.worksheets[0].append([None, "s-1", "甲办法", "市"])
    target = io.BytesIO()
    book.save(target)
    job = services.receive_file(file=io.BytesIO(target.getvalue()), name="t.xlsx")
    assert services.check_file(job=job).counts == {"new": 1}


def test_only_those_who_may_get_in(client, make_user, django_capture_on_commit_callbacks):
    client.force_login(make_user("CRM officers"))
    for path in ("", "template.xlsx", "all.xlsx", "all.json", "1/"):
        assert client.get(f"{BASE}{path}").status_code in (302, 403), path
    client.force_login(make_user("Editors"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(BASE, {"files": upload([GOOD]), "publish": "on"})
    job = ImportJob.objects.get()
    assert not job.publish  # editors don't publish, whatever the form is made to say
    ImportJob.objects.update(publish=True)
    assert client.post(f"{BASE}{job.pk}/run/").status_code in (302, 403)
    job.refresh_from_db()
    assert job.state == "checked"
    client.logout()
    assert client.get(BASE).status_code == 302


# --- What others hold ---------------------------------------------------------------------------


def test_a_locked_page_is_left_alone(check, page_at, make_user):
    page = page_at("policies/coal-law")
    PolicyPage.objects.filter(pk=page.pk).update(locked=True, locked_by=make_user("Publishers"))
    heads, key = ["id", "issuing_body"], str(page.translation_key)
    assert outcomes(check([[key, page.issuing_body]], heads)) == ["unchanged"]
    for publish in (False, True):
        job = check([[key, "别处"]], heads, publish=publish)
        assert errors(job) == {2: [""]}


def test_what_is_handed_in_for_approval_is_left_alone(check, page_at, make_user):
    """Who approves publishes what they have looked at, not what an import laid over it."""
    page = page_at("policies/coal-law")
    page.title = "修改后送审"
    page.save_revision()
    editor = make_user("Editors")
    page.get_workflow().start(page, editor)
    job = check([[str(page.translation_key), "别处"]], ["id", "issuing_body"])
    assert errors(job) == {2: [""]}
    page.current_workflow_state.cancel(user=editor)
    assert outcomes(check([[str(page.translation_key), "别处"]], ["id", "issuing_body"])) == [
        "changed"
    ]


def test_the_number_of_another_page_is_wrong(check, home):
    job = check([[str(home.translation_key), *GOOD[1:]]], ["id", *HEADS[1:]], publish=True)
    assert list(errors(job).values()) == [["id"]]


def test_an_import_confirms_no_document(check, page_at):
    page = page_at("policies/coal-law")
    heads = ["id", "issuing_body", "checked_on", "next_due"]
    row = [str(page.translation_key), "别处", "2099-01-01", "2099-06-30"]
    job = run(check([row], heads, publish=True))
    assert job.unknown_headings == ["checked_on", "next_due"]
    page.refresh_from_db()
    assert (page.issuing_body, page.checked_on, page.next_due) == ("别处", None, None)
