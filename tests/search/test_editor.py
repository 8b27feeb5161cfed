"""What editors get: synonyms, promoted results, the report of searches, the notice of an outage."""

import io
import re
import shutil
import time
from datetime import date, timedelta

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Locale, Page, PageViewRestriction

from search import query_log
from search.management.commands.load_terms import load
from search.models import EngineState, IndexState, PendingChange, QueryDay, TermGroup
from search.notices import outage
from search.promotions import promoted_for
from search.results import Results
from tests.crm.test_races import one, run, seeded_file  # noqa: F401 a fixture is found by its name

pytestmark = pytest.mark.django_db

SYNONYMS, REPORT, PROMOTIONS = "/admin/synonyms/", "/admin/reports/searches/", "/admin/searchpicks/"


@pytest.fixture
def as_member(client, make_user):
    def log_in(role: str):
        client.force_login(make_user(role))
        return client

    return log_in


def refused(response) -> bool:
    return response.status_code in (302, 403) and "/admin/synonyms" not in response.get(
        "Location", ""
    )


def version() -> int:
    return IndexState.load().terms_version


# --- Who may do what --------------------------------------------------------------------


def test_editors_look_at_synonyms_and_change_none(as_member):
    group = TermGroup.objects.create(terms="甲词\n乙词")
    client = as_member("Editors")
    shown = client.get(SYNONYMS).content.decode()
    assert "甲词" in shown and f"/admin/synonyms/edit/{group.pk}/" not in shown
    assert client.get(f"/admin/synonyms/inspect/{group.pk}/").status_code == 200
    fields = {"kind": "synonyms", "terms": "丙\n丁", "active": "on"}
    assert refused(client.post("/admin/synonyms/new/", fields))
    assert refused(client.post(f"/admin/synonyms/edit/{group.pk}/", fields))
    assert refused(client.post(f"/admin/synonyms/delete/{group.pk}/"))
    group.refresh_from_db()
    assert (
        group.terms == "甲词\n乙词" and not TermGroup.objects.filter(terms__contains="丙").exists()
    )


def test_editors_read_the_report_and_promote_nothing(as_member):
    QueryDay.objects.create(day=timezone.localdate(), locale="zh-hans", query="补贴", times=1)
    client = as_member("Editors")
    shown = client.get(REPORT).content.decode()
    assert "补贴" in shown
    assert "searchpicks" not in shown and "/admin/synonyms/new/" not in shown
    for address in ("", "add/"):
        assert refused(client.get(PROMOTIONS + address))
    assert refused(client.post(PROMOTIONS + "add/", {"query_string": "补贴"}))


@pytest.mark.parametrize("address", [SYNONYMS, REPORT, PROMOTIONS, PROMOTIONS + "add/"])
def test_others_see_nothing_of_it(as_member, address):
    client = as_member("CRM officers")
    assert refused(client.get(address))
    home = client.get("/admin/").content.decode()
    assert address not in home


def test_publishers_find_everything_in_the_menu(as_member):
    home = as_member("Publishers").get("/admin/").content.decode()
    for address in (SYNONYMS, REPORT, PROMOTIONS):
        assert address in home
    assert "search-terms" not in home  # Wagtail's own report counts nothing here


def test_the_groups_are_those_of_the_house():
    assert not Group.objects.filter(name="Moderators").exists()
    codenames = Group.objects.get(name="Publishers").permissions.values_list("codename", flat=True)
    assert {"delete_termgroup", "view_queryday", "add_searchpromotion"} <= set(codenames)


# --- Synonyms ---------------------------------------------------------------------------


def test_every_change_of_a_group_raises_the_version(as_member):
    client = as_member("Publishers")
    before = version()
    fields = {"kind": "synonyms", "terms": "甲词，乙词\r\n丙词", "active": "on", "note": ""}
    client.post("/admin/synonyms/new/", fields)
    group = TermGroup.objects.get(seed="", terms__startswith="甲词")
    assert group.words == ["甲词", "乙词", "丙词"]
    first = version()
    assert first != before
    client.post(f"/admin/synonyms/edit/{group.pk}/", {**fields, "terms": "甲词\n丁词"})
    second = version()
    assert second not in (before, first)
    client.post(f"/admin/synonyms/delete/{group.pk}/")
    assert not TermGroup.objects.filter(pk=group.pk).exists()
    third = version()
    assert third not in (before, first, second)
    client.post("/admin/synonyms/new/", {**fields, "terms": "一个词"})
    assert version() == third


def test_the_list_is_searched_and_filtered_and_stays_quick(
    as_member, django_assert_max_num_queries
):
    TermGroup.objects.bulk_create(
        TermGroup(kind="bilingual", terms=f"word {n}\n词{n}", seed=f"k{n}") for n in range(2000)
    )
    TermGroup.objects.create(terms="要找的\n另一个", active=False, note="")
    client = as_member("Publishers")
    with django_assert_max_num_queries(20):
        shown = client.get(SYNONYMS).content.decode()
    assert shown.count('class="title-wrapper"') == 50
    assert "要找的" in client.get(SYNONYMS, {"q": "要找的"}).content.decode()
    for filters in ({"active": "false"}, {"kind": "synonyms"}, {"origin": "own"}):
        shown = client.get(SYNONYMS, filters).content.decode()
        assert "要找的" in shown and "word 7" not in shown


def test_the_report_fills_the_new_group(as_member):
    shown = as_member("Publishers").get("/admin/synonyms/new/", {"words": "稳岗<b>"})
    assert "稳岗&lt;b&gt;" in shown.content.decode()


@pytest.fixture
def delivered(tmp_path):
    def write(groups, one_way=(), terms=()):
        def lines(name, entries):
            return f"{name}:\n" + "".join(f"  - {list(entry)}\n" for entry in entries)

        (tmp_path / "synonyms.yaml").write_text(
            "edition: 1\n" + lines("groups", groups) + lines("one_way", one_way)
        )
        (tmp_path / "bilingual.yaml").write_text("edition: 1\n" + lines("terms", terms))
        return tmp_path

    TermGroup.objects.all().delete()
    return write


def words_of(**filters) -> list[list[str]]:
    return [group.words for group in TermGroup.objects.filter(**filters).order_by("pk")]


def test_delivered_groups_are_loaded_once(delivered, django_assert_max_num_queries):
    folder = delivered([["招投标", "招标投标"]], [["补贴", "稳岗补贴"]], [["SME", "中小企业"]])
    before = version()
    assert load(folder) == {"new": 3, "renewed": 0, "gone": 0, "kept": 0}
    assert words_of(kind="synonyms") == [["招投标", "招标投标"]]
    assert words_of(kind="one_way") == [["补贴", "稳岗补贴"]]
    assert words_of(kind="bilingual") == [["SME", "中小企业"]]
    assert version() != before
    with django_assert_max_num_queries(1):
        assert load(folder) is None


def test_what_editors_changed_or_deleted_stays(delivered, as_member):
    load(delivered([["甲", "甲二"], ["乙", "乙二"], ["丙", "丙二"], ["丁", "丁二"]]))
    client = as_member("Publishers")
    changed, deleted = (
        TermGroup.objects.get(terms="甲\n甲二"),
        TermGroup.objects.get(terms="乙\n乙二"),
    )
    fields = {"kind": "synonyms", "terms": "甲\r\n甲二\r\n甲三", "active": "on", "note": ""}
    client.post(f"/admin/synonyms/edit/{changed.pk}/", fields)
    client.post(f"/admin/synonyms/delete/{deleted.pk}/")
    saved_as_it_was = TermGroup.objects.get(terms="丙\n丙二")
    client.post(f"/admin/synonyms/edit/{saved_as_it_was.pk}/", {**fields, "terms": "丙\r\n丙二"})

    folder = delivered(
        [["甲", "甲二", "甲四"], ["乙", "乙二"], ["丙", "丙二", "丙三"], ["戊", "戊二"]]
    )
    assert load(folder) == {"new": 1, "renewed": 1, "gone": 1, "kept": 1}
    assert words_of(active=True) == [
        ["甲", "甲二", "甲三"],
        ["丙", "丙二", "丙三"],
        ["戊", "戊二"],
    ]
    assert words_of(active=False) == [["乙", "乙二"]]
    # An editor's own group is none of the loader's business.
    TermGroup.objects.create(terms="己\n己二")
    load(delivered([]))
    assert words_of(seed="") == [["己", "己二"]]
    assert words_of(active=False) == [["乙", "乙二"]]


def test_groups_with_the_same_first_words_become_one(delivered):
    load(delivered([["甲", "乙", "丙"], ["甲", "乙", "丁"]]))
    assert words_of() == [["甲", "乙", "丙", "丁"]]


@pytest.mark.engine_free
@pytest.mark.parametrize("entry", [["只有一个"], ["甲", 12], ["甲", "长" * 101]])
def test_wrong_entries_are_named(delivered, entry):
    with pytest.raises(CommandError, match=re.escape(str(entry[0]))):
        load(delivered([entry]))
    assert not TermGroup.objects.exists()


def test_missing_files_take_nothing_away(delivered, tmp_path):
    load(delivered([["甲", "乙"]]))
    (tmp_path / "bilingual.yaml").unlink()
    with pytest.raises(CommandError):
        load(tmp_path)
    assert TermGroup.objects.count() == 1


def test_two_thousand_groups_are_loaded_by_few_statements(delivered):
    folder = delivered([[f"词语{n}", f"说法{n}", f"叫法{n}"] for n in range(2000)])
    with CaptureQueriesContext(connection) as first:
        assert load(folder)["new"] == 2000
    assert len(first) < 40
    with CaptureQueriesContext(connection) as again:
        call_command("load_terms", folder=folder, verbosity=0)
    assert len(again) < 5


def test_the_longest_words_fit_into_the_key(delivered):
    long = [["长" * 100, "词" * 99 + end] for end in "甲乙"]
    assert load(delivered(long))["new"] == 2
    assert all(group.seed and len(group.seed) <= 200 for group in TermGroup.objects.all())


def test_the_files_of_the_site_are_loaded():
    load()
    assert TermGroup.objects.filter(kind="bilingual").exclude(seed="").exists()


# --- Promoted results -------------------------------------------------------------------


@pytest.fixture
def promote():
    def make(query: str, *pages: Page, description: str = "") -> None:
        for number, page in enumerate(pages):
            SearchPromotion.objects.create(
                query=Query.get(query), page=page, description=description, sort_order=number
            )

    return make


def test_promoted_pages_come_in_order_in_the_asked_language(
    promote, page_at, django_assert_num_queries
):
    hills, about = page_at("culture/hills"), page_at("about")
    promote("科创飞地", hills, about, description="先看这里")
    with django_assert_num_queries(2):
        found = promoted_for(" 科创飞地 ", "zh-hans")
    assert [(page.pk, text) for page, text in found] == [
        (hills.pk, "先看这里"),
        (about.pk, "先看这里"),
    ]
    english = hills.get_translation(Locale.objects.get(language_code="en"))
    page, text = promoted_for("科创飞地", "en")[0]
    assert (page.pk, text) == (english.pk, "")
    with django_assert_num_queries(1):
        assert promoted_for("科创", "zh-hans") == []
    with django_assert_num_queries(0):
        assert promoted_for(" ", "zh-hans") == []


def test_width_case_and_blanks_make_no_difference(promote, page_at):
    promote("sme  loan", page_at("culture/hills"))
    assert promoted_for("ＳＭＥ　Loan", "zh-hans")


def test_only_what_anybody_may_read_is_promoted(promote, page_at):
    page = page_at("culture/hills")
    promote("入门", page)
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert promoted_for("入门", "zh-hans") == []
    assert promoted_for("入门", "en") == []
    restriction.delete()
    assert promoted_for("入门", "zh-hans")
    page.unpublish()
    assert promoted_for("入门", "zh-hans") == []


def test_publishers_promote_a_page(as_member, page_at):
    client = as_member("Publishers")
    form = client.get(PROMOTIONS + "add/", {"query": "ＳＭＥ 贷款"}).content.decode()
    assert 'value="sme 贷款"' in form and "external_link" not in form
    fields = {
        "query_string": "ＳＭＥ  贷款",
        "editors_picks-TOTAL_FORMS": 1,
        "editors_picks-INITIAL_FORMS": 0,
        "editors_picks-MIN_NUM_FORMS": 0,
        "editors_picks-MAX_NUM_FORMS": 1000,
        "editors_picks-0-page": page_at("culture/hills").pk,
        "editors_picks-0-description": "看",
        "editors_picks-0-ORDER": 1,
    }
    without_page = client.post(PROMOTIONS + "add/", {**fields, "editors_picks-0-page": ""})
    assert without_page.status_code == 200 and not SearchPromotion.objects.exists()
    assert client.post(PROMOTIONS + "add/", fields).status_code == 302
    assert [text for _page, text in promoted_for("sme 贷款", "zh-hans")] == ["看"]
    query = Query.objects.get(query_string="sme 贷款")
    assert "sme 贷款" in client.get(PROMOTIONS).content.decode()
    assert client.get(f"{PROMOTIONS}{query.pk}/").status_code == 200
    client.post(f"{PROMOTIONS}{query.pk}/delete/")
    assert promoted_for("sme 贷款", "zh-hans") == []


# --- The log ----------------------------------------------------------------------------


def asked(query="招商", *, found=3, headers=None, user=None, page=1, method="get", **data):
    """Record a search as the search view does."""
    request = getattr(RequestFactory(headers=headers or {}), method)(
        "/search/", {"q": query, **data}
    )
    request.user = user or AnonymousUser()
    if user:
        request.COOKIES["sessionid"] = "x"
    query_log.record(request, Results(asked=query, shown=query, total=found, page=page))


def rows() -> list[tuple]:
    return list(QueryDay.objects.order_by("pk").values_list("query", "times", "nothing", "found"))


def test_searches_are_added_up_in_one_form():
    asked("招商", found=3)
    asked("  招商 ", found=0)
    asked("ＰＰＰ　项目", found=7)
    asked("ppp  项目", found=8)
    asked("长" * 150, found=0)
    assert rows() == [("招商", 2, 1, 0), ("ppp 项目", 2, 0, 8), ("长" * 100, 1, 1, 0)]
    assert set(QueryDay.objects.values_list("day", "locale")) == {(timezone.localdate(), "zh-hans")}
    with translation.override("en"):
        asked("招商")
    assert QueryDay.objects.filter(query="招商").count() == 2


def test_the_day_is_that_of_the_place(monkeypatch):
    late = timezone.datetime(2026, 3, 1, 17, 0, tzinfo=timezone.get_fixed_timezone(0))
    monkeypatch.setattr(timezone, "now", lambda: late)
    asked("招商")
    assert QueryDay.objects.get().day == date(2026, 3, 2)


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "case",
    [
        {"query": ""},
        {"query": "？！ ……"},
        {"page": 2},
        {"level": "city"},
        {"method": "head"},
        {"headers": {"User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://x)"}},
        {"headers": {"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}},
        {"headers": {"Sec-Purpose": "prefetch;prerender"}},
    ],
    ids=str,
)
def test_what_no_reader_asked_is_not_counted(case):
    asked(**case)
    assert rows() == []


def test_members_and_corrections_are_not_counted(make_user):
    asked(user=make_user("Editors"))
    request = RequestFactory().get("/search/", {"q": "中小启业"})
    query_log.record(request, Results(asked="中小启业", shown="中小企业", total=9))
    request = RequestFactory().get("/search/", {"q": "招商", "sort": "date"})
    query_log.record(request, Results(asked="招商", shown="招商", total=9, sort="date"))
    assert rows() == []


def test_a_telephone_that_is_called_cubot_is_a_reader():
    asked(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) Mobile"})
    assert len(rows()) == 1


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "query",
    [
        "13812345678",
        "１３８ 1234 5678",
        "王女士 138-1234-5678",
        "+86 13812345678",
        "8613812345678的公司",
        "0355-8082345",
        "（0355） 8082345",
        "138.1234.5678",
        "138—1234—5678",
        "+852 2345 6789",
        "张三 140421199001011234",
        "14042119900101123X",
        "14042119900101123x 补贴",
        "140421900101123",
        "1404 2119 9001 0112 34",
        "6222 0212 3456 7890 123",
        "someone@example.org",
        "Someone＠example.org",
        "91140421MA0ABCDE1F",
        "企业９１１４０４２１ｍａ０ａｂｃｄｅ１ｆ",
    ],
)
def test_personal_data_is_not_kept(query):
    asked(query, found=0)
    assert rows() == []


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "query",
    [
        "国办发〔2017〕47号",
        "晋政发[2023]12号",
        "2021-2025 规划",
        "2023 2024 补贴",
        "12345",
        "12345678901",
        "1000000000",
        "gb 32100-2015",
        "20230115",
    ],
)
def test_numbers_that_are_none_are_kept(query):
    asked(query)
    assert len(rows()) == 1


def test_a_flood_of_new_words_ends_at_the_limit(monkeypatch):
    monkeypatch.setattr(query_log, "MAX_ROWS_A_DAY", 3)
    for number in range(5):
        asked(f"词{number}")
    asked("词0")
    assert [row[:2] for row in rows()] == [("词0", 2), ("词1", 1), ("词2", 1)]


def test_old_counts_are_forgotten():
    assert query_log.first_day_kept(date(2026, 3, 31)) == date(2025, 2, 28)
    oldest = query_log.first_day_kept()
    for day in (oldest, oldest - timedelta(days=1)):
        QueryDay.objects.create(day=day, locale="en", query="x", times=1)
    call_command("forget_searches", stdout=(out := io.StringIO()))
    assert list(QueryDay.objects.values_list("day", flat=True)) == [oldest]
    assert out.getvalue().startswith("1 ")


@pytest.fixture
def open_database(seeded_file, db, tmp_path, monkeypatch):  # noqa: F811
    """A database that several connections can use; see tests.crm.test_races."""
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    yield
    if connection.vendor != "sqlite":
        one(QueryDay.objects.all().delete)


def test_no_search_of_many_at_once_is_lost(open_database, monkeypatch):
    monkeypatch.setattr(query_log, "PATIENCE_MS", 20_000)  # a slow disk is not what is tested
    assert run(*[lambda: query_log.count("招商", "zh-hans", 0)] * 8) == [True] * 8
    assert one(rows) == [("招商", 8, 8, 0)]


def test_a_search_does_not_wait_for_another_writer(open_database, caplog):
    one(lambda: query_log.count("招商", "zh-hans", 1))

    def hold():
        with transaction.atomic():
            QueryDay.objects.update(times=5)
            time.sleep(1.2)

    def search():
        time.sleep(0.4)
        started = time.monotonic()
        counted = query_log.count("招商", "zh-hans", 1)
        return counted, time.monotonic() - started

    _, (counted, seconds) = run(hold, search)
    assert not counted and seconds < 0.6
    assert "not counted" in caplog.text
    assert one(lambda: query_log.count("招商", "zh-hans", 1))
    assert one(rows) == [("招商", 6, 0, 1)]


# --- The report -------------------------------------------------------------------------


@pytest.fixture
def searched():
    today = timezone.localdate()

    def make(query, days_ago, times, nothing, found, locale="zh-hans"):
        QueryDay.objects.create(
            day=today - timedelta(days=days_ago),
            locale=locale,
            query=query,
            times=times,
            nothing=nothing,
            found=found,
        )

    make("补贴", 1, 4, 2, 12)
    make("补贴", 3, 5, 5, 0)
    make("补贴", 20, 1, 0, 900)
    make("补贴", 60, 100, 0, 1)
    make("飞地经济", 2, 2, 2, 0)
    make("loan", 2, 3, 0, 9, locale="en")
    make("=cmd|' /c calc'!a1", 0, 1, 1, 0)


def exported(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [line.split(",") for line in text.splitlines()[1:]]


def test_the_report_adds_up_the_days_of_a_period(as_member, searched):
    client = as_member("Publishers")
    csv = {"export": "csv"}
    month = exported(client.get(REPORT, csv))
    yesterday = str(timezone.localdate() - timedelta(days=1))
    assert month[0] == ["补贴", "简体中文", "10", "7", "12", yesterday]
    assert [row[0] for row in month][:3] == ["补贴", "loan", "飞地经济"]
    assert exported(client.get(REPORT, {**csv, "period": "7"}))[0][2:5] == ["9", "7", "12"]
    assert exported(client.get(REPORT, {**csv, "period": "90"}))[0][2:5] == ["110", "7", "12"]
    assert [r[0] for r in exported(client.get(REPORT, {**csv, "locale": "en"}))] == ["loan"]
    nothing = exported(client.get(REPORT, {**csv, "results": "none"}))
    assert {row[0] for row in nothing} == {"飞地经济", "'=cmd|' /c calc'!a1"}
    once = exported(client.get(REPORT, {**csv, "results": "some", "ordering": "-empty"}))
    assert [row[0] for row in once][:2] == ["补贴", "飞地经济"]
    assert [r[0] for r in exported(client.get(REPORT, {**csv, "q": "飞地"}))] == ["飞地经济"]


def test_exported_cells_are_harmless(as_member, searched):
    response = as_member("Publishers").get(REPORT, {"export": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    cells = [row[0] for row in book.active.iter_rows(min_row=2)]
    assert "'=cmd|' /c calc'!a1" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_report_leads_on(as_member, searched, django_assert_max_num_queries):
    client = as_member("Publishers")
    with django_assert_max_num_queries(20):
        shown = client.get(REPORT).content.decode()
    for address in (
        reverse("wagtailsearchpromotions:add") + "?query=loan",
        reverse("synonyms:add") + "?words=loan",
        "/en/search/?q=loan",
    ):
        assert address in shown
    assert client.get(REPORT + "results/").status_code == 200
    for odd in (
        {"period": "x"},
        {"locale": "xx"},
        {"p": "999"},
        {"q": "'\"<%"},
        {"ordering": "pk"},
    ):
        assert client.get(REPORT, odd).status_code == 200


# --- The notice -------------------------------------------------------------------------


@pytest.fixture
def engine_down(settings):
    settings.WAGTAILSEARCH_BACKENDS = {
        **settings.WAGTAILSEARCH_BACKENDS,
        "default": {"BACKEND": "search.backends.elasticsearch"},
    }
    EngineState.load()
    EngineState.objects.update(up=False, since=timezone.now())
    PendingChange.objects.create(model="home.homepage", object_id="1")


def test_an_outage_is_told_to_those_who_publish(engine_down, make_user, client):
    for role, told in (("Publishers", True), ("Editors", False)):
        client.force_login(make_user(role))
        for address in ("/admin/", REPORT):
            assert ("Elasticsearch" in client.get(address).content.decode()) is told, address


def test_no_outage_without_elasticsearch(engine_down, settings):
    assert outage().waiting == 1
    EngineState.objects.update(up=True)
    assert outage() is None
    EngineState.objects.update(up=False)
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
    assert outage() is None
