"""Confirming documents, the editors' board, and what readers see of it."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import PageLogEntry

from policies.freshness.checking import confirm_checked, confirm_several
from policies.freshness.columns import Column, ColumnReport, column_report
from policies.freshness.errors import (
    CheckBeforePublishingError,
    CheckInFutureError,
    CheckNotAllowedError,
    CheckOutdatedError,
)
from policies.models import FreshnessSettings, Holiday, LinkCheck, LinkUse, PolicyCheck, PolicyPage

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
BOARD = "/admin/policies/freshness/"


@pytest.fixture
def law(page_at):
    return page_at("policies/coal-law")


@pytest.fixture
def editor(make_user):
    return make_user("Editors")


def test_a_check_is_noted_for_the_document_in_all_languages(law, editor):
    settings = FreshnessSettings.load()
    settings.interval_days = 90
    settings.save()
    on = TODAY() - timedelta(days=1)
    check = confirm_checked(policy=law, by=editor, on=on, note=" 与国家法律法规数据库一致 ")
    assert (check.on, check.next_due) == (on, on + timedelta(days=90))
    assert check.note == "与国家法律法规数据库一致"
    pages = PolicyPage.objects.filter(translation_key=law.translation_key)
    assert pages.count() == 2
    assert {(p.checked_on, p.checked_by, p.next_due) for p in pages} == {
        (on, editor, on + timedelta(days=90))
    }
    entry = PageLogEntry.objects.get(action="policies.check")
    assert (entry.page_id, entry.user, entry.data["on"]) == (law.pk, editor, on.isoformat())


def test_what_is_refused(law, editor, make_user):
    with pytest.raises(CheckNotAllowedError):
        confirm_checked(policy=law, by=make_user("CRM managers"))
    with pytest.raises(CheckInFutureError):
        confirm_checked(policy=law, by=editor, on=TODAY() + timedelta(days=1))
    confirm_checked(policy=law, by=editor)
    with pytest.raises(CheckOutdatedError):
        confirm_checked(policy=law, by=editor, on=TODAY() - timedelta(days=1))
    PolicyPage.objects.filter(pk=law.pk).update(live=False)
    with pytest.raises(CheckBeforePublishingError):
        confirm_checked(policy=law, by=editor)
    assert PolicyCheck.objects.count() == 1


def test_several_are_confirmed_all_or_none(law, page_at, editor):
    other = page_at("policies/shangdang-enclave-plan-draft")
    PolicyPage.objects.filter(pk=other.pk).update(live=False)
    with pytest.raises(CheckBeforePublishingError):
        confirm_several(policies=[law, other], by=editor)
    law.refresh_from_db()
    assert law.checked_on is None
    assert not PolicyCheck.objects.exists()


def test_a_draft_begun_before_a_check_does_not_take_it_back(law, editor):
    draft = law.save_revision()
    confirm_checked(policy=law, by=editor)
    draft.publish()
    law.refresh_from_db()
    assert (law.checked_on, law.checked_by) == (TODAY(), editor)
    copy = law.copy(update_attrs={"title": "副本", "slug": "copy-of-a-law"})
    assert (copy.checked_on, copy.next_due) == (None, None)


def test_readers_are_told_when_it_was_checked_and_that_it_is_overdue(client, law, editor):
    assert "与来源核对" not in client.get(law.url).content.decode()
    confirm_checked(policy=law, by=editor)
    text = client.get(law.url).content.decode()
    assert "与来源核对" in text
    assert "已逾期" not in text
    PolicyPage.objects.filter(translation_key=law.translation_key).update(
        next_due=TODAY() - timedelta(days=1)
    )
    assert "已逾期" in client.get(law.url).content.decode()
    assert "overdue" in client.get(f"/en{law.url}").content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [("Editors", 200), ("Publishers", 200), ("CRM managers", 302), ("CRM officers", 302)],
)
def test_the_board_is_for_those_who_edit(client, make_user, role, status):
    client.force_login(make_user(role))
    assert client.get(BOARD).status_code == status


def test_the_board_confirms_several_at_once(client, law, page_at, editor):
    client.force_login(editor)
    plan = page_at("policies/shangdang-enclave-plan-draft")
    day = TODAY().isoformat()
    answer = client.post(
        f"{BOARD}?section=never", {"policy": [law.pk, plan.pk], "on": day, "note": "一并核对"}
    )
    assert answer.status_code == 302
    assert PolicyCheck.objects.filter(by=editor, note="一并核对").count() == 2
    # A wrong day: told at the field, and the choice is still there.
    late = (TODAY() + timedelta(days=2)).isoformat()
    other = client.get(f"{BOARD}?section=never").context["page_obj"].object_list[0]
    answer = client.post(f"{BOARD}?section=never", {"policy": [other.pk], "on": late})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "核对日期在今天之后" in text
    assert f'value="{other.pk}" aria-label="选择“{other.title}”" checked' in text
    for odd in ({}, {"policy": ["x"], "on": day}, {"policy": [10**30], "on": "\x00"}):
        assert client.post(BOARD, odd).status_code in (400, 422)


def test_only_who_may_confirm_is_offered_it_and_can(client, law, make_user):
    group = Group.objects.create(name="Readers")
    reader = make_user("Editors", username="reader")
    permissions = Group.objects.get(name="Editors").permissions.exclude(codename="add_policycheck")
    group.permissions.set(permissions)
    reader.groups.set([group])
    client.force_login(reader)
    assert 'name="policy"' not in client.get(f"{BOARD}?section=never").content.decode()
    client.post(BOARD, {"policy": [law.pk], "on": TODAY().isoformat()})
    assert not PolicyCheck.objects.exists()


def test_sections_show_what_is_due_expiring_missing_and_dead(client, law, page_at, editor):
    client.force_login(editor)
    plan = page_at("policies/shangdang-enclave-plan-draft")
    pages = PolicyPage.objects.filter(pk=law.pk)
    pages.update(next_due=TODAY() - timedelta(days=3), checked_on=TODAY(), document_number="")
    PolicyPage.objects.filter(pk=plan.pk).update(in_force_until=TODAY() + timedelta(days=45))
    link = LinkCheck.objects.create(
        url="https://gone.example/a", host="gone.example", failures=3, outcome="gone", status=404
    )
    LinkUse.objects.create(link=link, policy=law, field="source_url")
    due = client.get(f"{BOARD}?section=overdue").context["page_obj"].object_list
    assert [page.pk for page in due] == [law.pk]
    near = client.get(f"{BOARD}?section=expiring&days=30").context["page_obj"].object_list
    far = client.get(f"{BOARD}?section=expiring&days=60").context["page_obj"].object_list
    assert (list(near), [page.pk for page in far]) == ([], [plan.pk])
    incomplete = client.get(f"{BOARD}?section=incomplete").content.decode()
    assert f"/admin/pages/{law.pk}/edit/#id_document_number" in incomplete
    dead = client.get(f"{BOARD}?section=links").content.decode()
    assert "https://gone.example/a" in dead
    assert f"/admin/pages/{law.pk}/edit/#id_source_url" in dead
    # Nobody relies on a void document any more.
    pages.update(validity="abolished")
    assert not client.get(f"{BOARD}?section=overdue").context["page_obj"].object_list
    assert client.get(f"{BOARD}?section=nonsense&days=x&p=zzz").status_code == 200


def test_working_days_left_follow_the_editable_list(client, page_at, editor):
    client.force_login(editor)
    plan = page_at("policies/shangdang-enclave-plan-draft")
    end = TODAY() + timedelta(days=14)
    PolicyPage.objects.filter(pk=plan.pk).update(in_force_until=end)
    Holiday.objects.all().delete()

    def left() -> str:
        rows = client.get(f"{BOARD}?section=expiring&export=csv").getvalue().decode("utf-8-sig")
        return rows.splitlines()[1].rpartition(",")[2]

    assert left() == "10"
    weekday = next(day for n in range(1, 9) if (day := TODAY() + timedelta(days=n)).weekday() < 5)
    Holiday.objects.create(day=weekday, name="试放")
    assert left() == "9"


def test_years_without_holidays_are_warned_of(client, editor):
    client.force_login(editor)
    assert Holiday.objects.filter(day__year=2026).count() == 33 + 6
    Holiday.objects.all().delete()
    year = TODAY().year
    text = client.get(BOARD).content.decode()
    assert f"尚未录入{year}年的节假日" in text
    assert f"尚未录入{year + 1}年的节假日" in text
    for day in (date(year, 1, 1), date(year + 1, 1, 1)):
        Holiday.objects.create(day=day, name="元旦")
    assert "尚未录入" not in client.get(BOARD).content.decode()


def test_the_board_as_a_file_has_safe_cells(client, law, editor):
    client.force_login(editor)
    PolicyPage.objects.filter(pk=law.pk).update(
        title="=1+1", next_due=TODAY() - timedelta(days=1), checked_on=TODAY()
    )
    file = client.get(f"{BOARD}?section=overdue&export=xlsx").getvalue()
    rows = list(load_workbook(BytesIO(file)).active.values)
    assert rows[1][0] == "'=1+1"
    assert [row[0] for row in rows] == ["文件", "'=1+1"]


def test_columns_are_measured_against_the_limits_of_the_inspection(home):
    now = timezone.now()
    report = column_report(now)
    assert report.home.page.pk == home.pk
    policies = next(c for c in report.columns if c.kind == "政策文件")
    assert policies.items == PolicyPage.objects.live().filter(locale=home.locale).count()
    assert policies.limit == 183
    later = column_report(now + timedelta(days=200))
    assert later.home.light.key == "over"
    assert "政策文件" in {column.kind for column in later.stale}
    assert later.worst.key == "over"


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("days", "items", "limit", "light"),
    [
        (0, 3, 14, "good"),
        (11, 3, 14, "near"),
        (14, 3, 14, "near"),
        (15, 3, 14, "over"),
        (None, 0, 14, "over"),
        (400, 3, None, "none"),
        (None, 0, None, "over"),
    ],
)
def test_lights(days, items, limit, light):
    column = Column(None, "工作动态", items, None, days, limit, takes_items=True)
    assert column.light.key == light
    five = ColumnReport([column] * 5)
    assert five.vetoes[1][2].key == ("over" if column.is_stale else "good")


def test_the_first_screen_counts_in_three_queries(
    client, law, editor, django_assert_max_num_queries, rf
):
    from policies.freshness.admin import FreshnessPanel

    PolicyPage.objects.filter(pk=law.pk).update(next_due=TODAY() - timedelta(days=1))
    LinkCheck.objects.create(url="https://gone.example/", host="gone.example", failures=3)
    request = rf.get("/admin/")
    request.user = editor
    editor.has_perm("policies.view_policycheck")
    column_report()  # content types are known from the first request on
    with django_assert_max_num_queries(3):
        numbers = FreshnessPanel().get_context_data({"request": request})["numbers"]
    assert [number for _label, number, _url in numbers][::2] == [1, 1]
    client.force_login(editor)
    assert "政策时效" in client.get("/admin/").content.decode()


def test_holidays_are_edited_in_the_admin(client, make_user):
    client.force_login(make_user("Editors"))
    data = {"day": "2027-01-01", "name": "元旦", "source": "国务院办公厅通知"}
    assert client.post("/admin/policies/holidays/new/", data).status_code == 302
    assert Holiday.objects.get(day=date(2027, 1, 1)).name == "元旦"
    again = client.post("/admin/policies/holidays/new/", data)
    assert again.status_code == 200  # said at the field: the day is there already
    client.logout()
    client.force_login(make_user("CRM officers"))
    assert client.get("/admin/policies/holidays/").status_code == 302


def test_several_are_confirmed_in_one_order(editor, page_at):
    laws = [page_at("policies/coal-law"), page_at("policies/energy-law")]
    orders = [
        [check.policy_id for check in confirm_several(policies=chosen, by=editor)]
        for chosen in (laws, laws[::-1])
    ]
    assert orders[0] == orders[1]


def test_the_list_of_holidays_says_what_is_off_and_what_is_worked(client, editor):
    Holiday.objects.create(day="2027-10-01", name="国庆节")
    Holiday.objects.create(day="2027-10-09", name="国庆节调休", is_workday=True)
    client.force_login(editor)
    text = client.get("/admin/policies/holidays/").content.decode()
    assert "放假" in text
    assert "停用" not in text
    assert "姓名" not in text
