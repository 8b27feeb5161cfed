"""The desk in the admin: what each role sees and is refused, masks, filters, faults, and odd requests."""

import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from events.models import EventMail, EventPage, FormField, Registration, RegistrationDesk, SeatPool
from events.services import cancel
from events.services.pools import add_pool
from tests.events.desk_cast import signed_in
from tests.factories.events import book, make_desk, make_event, make_guest

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
HUGE = 10**30


def url(name: str, *args) -> str:
    return reverse(f"desks:{name}", args=args)


def text_of(response) -> str:
    return BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" ")


def of(desk, registration=None, name="registration", *more) -> str:
    return url(name, desk.pk, registration.pk, *more)


@pytest.fixture
def desk():
    return make_desk(capacity=3, needs_approval=True)


@pytest.fixture
def officer():
    return signed_in("CRM officers")


@pytest.fixture
def editor():
    return signed_in("Editors")


# Who may


def build_urls(desk) -> list[str]:
    return [
        url("rules", desk.pk), url("seats", desk.pk), url("new_pool", desk.pk),
        url("questions", desk.pk), url("new_question", desk.pk), url("codes", desk.pk),
        url("codes_file", desk.pk), url("pool", desk.pk, desk.pools.first().pk),
    ]  # fmt: skip


def work_urls(desk, registration) -> list[str]:
    return [
        url("enter", desk.pk), url("tell", desk.pk), of(desk, registration, "approve"),
        of(desk, registration, "decline"), of(desk, registration, "cancel"),
        of(desk, registration, "change"),
        url("resend", desk.pk, registration.pk, registration.mails.first().pk),
    ]  # fmt: skip


def test_outsiders_are_refused_everything(desk):
    registration, outsider = book(desk), signed_in("")
    paths = [url("index"), url("new"), url("overview", desk.pk), of(desk, registration)]
    for path in [*paths, *build_urls(desk), *work_urls(desk, registration)]:
        assert outsider.get(path).status_code in (302, 403), path
    assert url("index") not in outsider.get("/admin/").content.decode()


def test_visitors_are_sent_to_the_login(client, desk):
    assert client.get(url("overview", desk.pk))["Location"].startswith("/admin/login/")


def test_editors_build_the_desk_and_see_nobody(desk, editor):
    registration = book(desk, make_guest(organisation_name="示例机械"))
    response = editor.get(url("overview", desk.pk))
    assert "1" in text_of(response)
    for secret in (registration.reference, "示例机械", registration.masked_name):
        assert secret not in response.content.decode()
    for path in [url("index"), url("new"), *build_urls(desk)]:
        assert editor.get(path).status_code == 200, path
    for path in [of(desk, registration), *work_urls(desk, registration)]:
        assert editor.get(path).status_code in (302, 403), path
    for path in (of(desk, registration, "reveal"), of(desk, registration, "note"),
                 url("approve_several", desk.pk), url("delete", desk.pk)):  # fmt: skip
        assert editor.post(path, {"text": "x"}).status_code in (302, 403)
    assert not registration.log.exclude(action="registered").exists()
    found = editor.post(url("overview", desk.pk), {"q": registration.name})
    assert registration.reference not in found.content.decode()


def test_who_may_only_look_changes_nothing(desk, django_user_model):
    from django.contrib.auth.models import Permission

    from tests.factories.crm import UserFactory

    user = UserFactory()
    names = ["view_registrationdesk", "view_registration"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    from django.test import Client

    looker = Client()
    looker.force_login(user)
    registration = book(desk)
    page = looker.get(of(desk, registration)).content.decode()
    assert registration.masked_email in page
    assert of(desk, registration, "reveal") not in page
    for path in work_urls(desk, registration):
        assert looker.get(path).status_code in (302, 403), path
    looker.post(of(desk, registration, "reveal"))
    assert not registration.log.filter(action="revealed").exists()


# The list of desks, and a new one


def test_the_list_says_how_each_desk_stands(officer, desk):
    book(desk), book(desk)
    page = text_of(officer.get(url("index")))
    for shown in (desk.page.title, "2 / 3", "报名中"):
        assert shown in page
    make_desk(make_event("bayi-open-day"))
    with CaptureQueriesContext(connection) as two:
        officer.get(url("index"))
    make_desk(make_event("recycling-seminar")), make_desk(make_event("products-shenzhen"))
    with CaptureQueriesContext(connection) as four:
        officer.get(url("index"))
    assert len(four) == len(two)


@pytest.mark.parametrize("query", ["?q=光伏", "?when=upcoming", "?when=x", "?is_open=true", "?p=x"])
def test_the_list_is_filtered_and_takes_odd_questions(officer, desk, query):
    assert desk.page.title in text_of(officer.get(url("index") + query))


def test_an_events_own_screen_leads_to_its_desk(client, home):
    from tests.factories.crm import UserFactory

    page = make_event("bayi-open-day")
    english = page.get_translations().get(locale__language_code="en")
    user = UserFactory(role="Editors")
    client.force_login(user)
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert url("for_page", page.pk) in edit
    new = client.get(url("for_page", english.pk))["Location"]
    assert f'value="{page.pk}" selected' in client.get(new).content.decode()
    done = client.post(url("new"), {"page": page.pk, "capacity": "40"})
    made = RegistrationDesk.objects.for_page(page)
    assert done["Location"] == url("rules", made.pk)
    assert client.get(url("for_page", english.pk))["Location"] == url("overview", made.pk)


@pytest.mark.parametrize("page", ["", "x", str(HUGE), "1"])
def test_a_desk_is_of_an_event(editor, page):
    response = editor.post(url("new"), {"page": page, "capacity": "-1"})
    assert response.status_code == 422
    assert editor.get(f"{url('new')}?page={page}").status_code == 200


def test_an_event_with_a_desk_can_not_be_deleted(desk):
    from tests.factories.crm import UserFactory

    admin = signed_in("")
    user = UserFactory(is_superuser=True)
    admin.force_login(user)
    page = desk.page
    for path in (page.pk, page.get_parent().pk):
        admin.post(reverse("wagtailadmin_pages:delete", args=[path]), {"confirm-site-name": "x"})
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    admin.post(f"{bulk}?id={page.pk}")
    assert EventPage.objects.filter(pk=page.pk).exists()
    assert desk.page.title in text_of(admin.get(url("overview", desk.pk)))


# The page with everything


def test_the_page_has_everything_and_is_masked(officer, desk):
    first = book(desk, make_guest(name="王小明", phone="13800138000", organisation_name="示例机械"))
    book(desk), book(desk)
    waiting = book(desk)
    response = officer.get(url("overview", desk.pk))
    page = text_of(response)
    for shown in (first.reference, "王**", "138****8000", "示例机械", waiting.reference, "共 3"):
        assert shown in page
    for secret in (first.name, first.phone, first.email, waiting.email):
        assert secret not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("示例甲", "a"),
        ("王小", "a"),
        ("138 0013", "a"),
        ("B@EXAMPLE", "b"),
        ("同行", "b"),
        ("找不到", ""),
    ],
)
def test_what_is_searched_for_stands_in_no_address(officer, desk, words, found):
    a = book(desk, make_guest(name="王小明", organisation_name="示例甲", phone="+8613800138000"))
    b = book(desk, make_guest(name="李四", email="b@example.org", companions=()))
    b.attendees.create(position=1, name="同行者")
    page = text_of(officer.post(url("overview", desk.pk), {"q": words}))
    assert (a.reference in page, b.reference in page) == (found == "a", found == "b")


def test_filters_leave_what_they_say(officer, desk):
    pool = add_pool(desk=desk, values={"kind": "session", "name": "圆桌", "capacity": 9})
    a = book(desk, pools=[pool], source="poster")
    b = book(desk)
    cancel(b)
    EventMail.objects.filter(registration=b).update(status="failed")
    for query, found in (
        ("state=cancelled", b), ("state=pending", a), (f"pool={pool.pk}", a), ("source=poster", a),
        ("mails=failed", b),
    ):  # fmt: skip
        page = text_of(officer.get(f"{url('overview', desk.pk)}?{query}"))
        assert [r.reference in page for r in (a, b)] == [r == found for r in (a, b)], query
    for odd in ("state=x&pool=x&source=x&p=x", f"pool={HUGE}", f"p={HUGE}", "state=%00"):
        assert officer.get(f"{url('overview', desk.pk)}?{odd}").status_code in (200, 400)


def test_it_asks_as_often_for_thirty_registrations_as_for_three(officer):
    desk = make_desk(capacity=2)
    for _ in range(3):
        book(desk)
    officer.get(url("overview", desk.pk))
    with CaptureQueriesContext(connection) as three:
        officer.get(url("overview", desk.pk))
    for _ in range(12):
        book(desk)
    with CaptureQueriesContext(connection) as many:
        officer.get(url("overview", desk.pk))
    assert len(many) == len(three)


# One registration


def test_one_registration_tells_its_story_and_hides_the_person(officer, desk):
    FormField.objects.create(desk=desk, key="meal", kind="line", label="用餐", is_personal=True)
    FormField.objects.create(desk=desk, key="topic", kind="line", label="题目", is_personal=False)
    answers = {"meal": "清真", "topic": "夹具", "gone": "旧答案"}
    registration = book(desk, make_guest(name="王小明", position="厂长", answers=answers))
    response = officer.get(of(desk, registration))
    page = text_of(response)
    for shown in ("王**", "用餐", "夹具", "参加活动", registration.get_status_display()):
        assert shown in page, shown
    for secret in ("王小明", "厂长", "清真", "旧答案", registration.email):
        assert secret not in response.content.decode()
    revealed = text_of(officer.post(of(desk, registration, "reveal")))
    for shown in ("王小明", "厂长", "清真", "旧答案", registration.email):
        assert shown in revealed
    assert registration.log.last().action == "revealed"
    assert officer.get(of(desk, registration, "reveal"))["Location"] == of(desk, registration)


def test_a_note_is_kept_and_its_fault_said(officer, desk):
    registration = book(desk)
    assert officer.post(of(desk, registration, "note"), {"text": "会晚到"}).status_code == 302
    response = officer.post(of(desk, registration, "note"), {"text": "字" * 2001})
    assert "字" * 2001 in response.content.decode()
    registration.refresh_from_db()
    assert registration.note == "会晚到"


def test_approving_asks_first_and_tells_when_somebody_was_faster(officer, desk):
    registration = book(desk)
    path = of(desk, registration, "approve")
    assert registration.reference in text_of(officer.get(path))
    assert officer.post(path, {"note": "欢迎", "notify": "on"})["Location"] == of(
        desk, registration
    )
    registration.refresh_from_db()
    assert registration.status == "confirmed"
    again = officer.post(path, {"note": "再来一次"})
    assert again.status_code == 422
    assert "再来一次" in again.content.decode()


@pytest.mark.parametrize(("action", "state"), [("decline", "rejected"), ("cancel", "cancelled")])
def test_ending_needs_a_reason_and_mails_only_when_asked(officer, desk, action, state):
    registration = book(desk)
    path = of(desk, registration, action)
    assert officer.post(path, {"note": " "}).status_code == 422
    assert officer.post(path, {"note": "重复了"}).status_code == 302
    registration.refresh_from_db()
    assert registration.status == state
    assert registration.log.last().note == "重复了"
    assert registration.mails.count() == 1


def test_several_are_approved_at_once(officer, desk):
    a, b, c = book(desk), book(desk), book(desk)
    path = url("approve_several", desk.pk)
    asked = officer.post(path, {"registration": [a.pk, b.pk, "x", HUGE]})
    assert asked.status_code == 200
    assert c.reference not in text_of(asked)
    cancel(b)
    officer.post(path, {"registration": [a.pk, b.pk], "confirmed": "1", "notify": "on"})
    states = [Registration.objects.get(pk=r.pk).status for r in (a, b, c)]
    assert states == ["confirmed", "cancelled", "pending"]
    officer.post(path, {"all": "1"})
    assert officer.post(path, {})["Location"] == url("overview", desk.pk)
    assert officer.get(path)["Location"] == url("overview", desk.pk)


def test_a_mail_is_sent_again(officer, desk):
    registration = book(desk)
    mail = registration.mails.get()
    EventMail.objects.filter(pk=mail.pk).update(status="failed", last_error="refused")
    path = url("resend", desk.pk, registration.pk, mail.pk)
    assert "refused" in text_of(officer.get(of(desk, registration)))
    assert registration.email not in officer.get(path).content.decode()
    assert officer.post(path)["Location"] == of(desk, registration)
    assert registration.mails.count() == 2


def test_a_registration_of_another_event_is_not_found(officer, desk):
    registration = book(make_desk(make_event("bayi-open-day")))
    for path in (of(desk, registration), of(desk, registration, "approve"), url("overview", HUGE),
                 url("registration", desk.pk, HUGE), url("pool", desk.pk, HUGE)):  # fmt: skip
        assert officer.get(path).status_code == 404, path
    assert officer.post(of(desk, registration, "reveal")).status_code == 404


def test_all_are_told_of_a_change_once(officer, desk):
    book(desk), book(desk)
    without = book(desk, make_guest(email="", phone="13800138000"))
    page = text_of(officer.get(url("tell", desk.pk)))
    assert without.reference in page
    officer.post(url("tell", desk.pk), {"note": "改到二楼"})
    officer.post(url("tell", desk.pk), {"note": "改到二楼"})
    assert EventMail.objects.filter(purpose="event_changed").count() == 2


# Entering by hand


def typed(**changes) -> dict:
    return {
        "name": "来电者", "phone": "13800138000", "language": "zh-hans", "consent_event": "on",
        "note": "同意书在前台",
    } | changes  # fmt: skip


def test_who_called_is_entered(officer, desk):
    done = officer.post(url("enter", desk.pk), typed())
    registration = desk.registrations.get()
    assert done["Location"] == of(desk, registration)
    assert (registration.status, registration.source) == ("confirmed", "organiser")
    consent = registration.consents.get()
    assert (consent.kind, consent.method) == ("event", "paper")
    assert "同意" in consent.shown_text
    again = officer.post(url("enter", desk.pk), typed(name="别的名字"))
    assert (again.status_code, registration.reference in text_of(again)) == (422, True)


@pytest.mark.parametrize(
    "changes",
    [{"consent_event": ""}, {"phone": ""}, {"phone": "123"}, {"name": ""}, {"language": "xx"}],
)
def test_a_fault_is_said_and_what_was_typed_is_kept(officer, desk, changes):
    response = officer.post(url("enter", desk.pk), typed(**changes))
    assert response.status_code == 422
    assert "同意书在前台" in response.content.decode()
    assert not desk.registrations.exists()


def test_where_all_seats_are_taken_the_call_waits(officer):
    desk = make_desk(capacity=0)
    officer.post(url("enter", desk.pk), typed())
    assert desk.registrations.get().status == "waiting"
    desk = make_desk(make_event("bayi-open-day"), capacity=0, has_waiting_list=False)
    assert officer.post(url("enter", desk.pk), typed()).status_code == 422


def test_who_called_is_changed_and_that_it_was_looked_at_is_noted(officer, desk):
    FormField.objects.create(desk=desk, key="meal", kind="line", label="用餐")
    pool = add_pool(desk=desk, values={"kind": "session", "name": "圆桌", "capacity": 1})
    registration = book(desk, make_guest(name="王小明", answers={"meal": "清真", "gone": "旧"}))
    path = of(desk, registration, "change")
    assert 'value="王小明"' in officer.get(path).content.decode()
    assert registration.log.last().action == "revealed"
    data = {"name": "王大明", "phone": "13800138000", "q_meal": "一般", "sessions": [pool.pk]}
    assert officer.post(path, data)["Location"] == of(desk, registration)
    registration.refresh_from_db()
    assert (registration.name, registration.email) == ("王大明", "")
    assert registration.answers == {"meal": "一般", "gone": "旧"}
    assert registration.log.last().actor is not None
    other = book(desk)
    full = officer.post(of(desk, other, "change"), data | {"phone": "13900139000"})
    assert (full.status_code, "王大明" in full.content.decode()) == (422, True)
    cancel(other)
    assert officer.get(of(desk, other, "change"))["Location"] == of(desk, other)


# Setting up


def rules(**changes) -> dict:
    return {
        "companions_max": "2", "has_waiting_list": "on", "offer_hours": "12", "keep_days": "90",
        "reminder_days": "1，3", "opens_at": "", "closes_at": "",
    } | changes  # fmt: skip


def test_rules_are_saved(editor, desk):
    assert editor.post(url("rules", desk.pk), rules(is_open="on")).status_code == 302
    desk.refresh_from_db()
    assert (desk.reminder_days, desk.offer_hours, desk.needs_approval) == ([3, 1], 12, False)
    page = editor.get(url("rules", desk.pk)).content.decode()
    assert 'value="3, 1"' in page


@pytest.mark.parametrize(
    "changes",
    [
        {"offer_hours": "0"},
        {"offer_hours": str(HUGE)},
        {"waiting_max": "-1"},
        {"reminder_days": "x"},
        {"reminder_days": "1,2,3,4,5,6"},
        {"reminder_days": "١"},
        {"opens_at": "0001-01-01 00:00"},
        {"opens_at": "2027-05-02 10:00", "closes_at": "2027-05-01 10:00"},
        {"online_link": "javascript:alert(1)"},
        {"contact": "nul\x00"},
    ],
)
def test_a_wrong_rule_is_said_at_its_field(editor, desk, changes):
    response = editor.post(url("rules", desk.pk), rules(**changes))
    assert response.status_code in (400, 422)
    assert desk.page.title in response.content.decode() or response.status_code == 400
    desk.refresh_from_db()
    assert desk.offer_hours == 24


def test_registration_is_opened_and_closed_by_a_button(editor, desk):
    editor.post(url("close", desk.pk))
    desk.refresh_from_db()
    assert not desk.is_open
    assert editor.get(url("open", desk.pk)).status_code == 405
    editor.post(url("open", desk.pk))
    desk.refresh_from_db()
    assert desk.is_open


def test_sessions_of_the_programme_are_picked(editor):
    desk = make_desk()
    page = editor.get(url("seats", desk.pk))
    boxes = BeautifulSoup(page.content, "html.parser").select("input[name=session]")
    first, second = (box["value"] for box in boxes[:2])
    bad = editor.post(url("seats", desk.pk), {"session": [first], f"capacity-{first}": "viele"})
    assert (bad.status_code, "viele" in bad.content.decode()) == (422, True)
    editor.post(url("seats", desk.pk), {"session": [first, second, "x"], f"capacity-{first}": "12"})
    pools = desk.pools.filter(kind="session")
    assert [str(p.programme_key) for p in pools] == [first, second]
    assert [p.capacity for p in pools] == [12, None]
    assert all(p.name and p.name_en and p.starts_at for p in pools)
    pools.update(name="旧题目", starts_at=None)
    assert "旧题目" in text_of(editor.get(url("seats", desk.pk)))
    editor.post(url("follow", desk.pk))
    assert all(p.name != "旧题目" and p.starts_at for p in desk.pools.filter(kind="session"))


def test_seats_are_changed_and_offered(editor):
    desk = make_desk(capacity=1)
    book(desk), book(desk)
    pool = desk.pools.get()
    editor.post(url("pool", desk.pk, pool.pk), {"capacity": "2"})
    assert desk.registrations.filter(status="offered").count() == 1
    assert editor.post(url("pool", desk.pk, pool.pk), {"capacity": str(HUGE)}).status_code == 422
    new = {"kind": "session", "name": "圆桌", "starts_at": "2027-05-02 10:00", "capacity": "3"}
    wrong = editor.post(url("new_pool", desk.pk), new | {"ends_at": "2027-05-02 09:00"})
    assert (wrong.status_code, "圆桌" in wrong.content.decode()) == (422, True)
    assert editor.post(url("new_pool", desk.pk), {"kind": "attendance"}).status_code == 422
    assert editor.post(url("new_pool", desk.pk), {"kind": "event", "name": "x"}).status_code == 422
    editor.post(url("new_pool", desk.pk), new)
    made = SeatPool.objects.get(name="圆桌")
    editor.post(url("remove_pool", desk.pk, pool.pk))
    editor.post(url("remove_pool", desk.pk, made.pk))
    assert [p.pk for p in desk.pools.all()] == [pool.pk]


def asked(**changes) -> dict:
    return {
        "label": "用餐", "kind": "choice", "choices": "一般\n清真", "key": "meal", "is_active": "on",
        "is_personal": "on", "purpose": "准备茶歇",
    } | changes  # fmt: skip


def test_questions_are_written_moved_and_taken_away(editor, desk):
    editor.post(url("new_question", desk.pk), asked())
    done = editor.post(url("new_question", desk.pk), asked(key="bus", kind="tick", another="1"))
    assert done["Location"] == url("new_question", desk.pk)
    meal, bus = desk.fields.all()
    assert (meal.choices, bus.choices) == ("一般\n清真", "")
    editor.post(url("question_up", desk.pk, bus.pk))
    assert [f.key for f in desk.fields.all()] == ["bus", "meal"]
    book(desk, make_guest(answers={"meal": "清真"}))
    page = editor.get(url("question", desk.pk, meal.pk)).content.decode()
    assert 'name="key" value="meal" maxlength="40" disabled' in page or "disabled" in page
    editor.post(url("question", desk.pk, meal.pk), asked(key="food", label="吃什么"))
    editor.post(url("remove_question", desk.pk, meal.pk))
    editor.post(url("remove_question", desk.pk, bus.pk))
    kept = desk.fields.get()
    assert (kept.key, kept.label, kept.is_active) == ("meal", "吃什么", False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"choices": "一个"}, "choices"),
        ({"choices": "甲\n甲"}, "choices"),
        ({"choices_en": "One"}, "choices_en"),
        ({"key": "有空格 x"}, "key"),
        ({"key": "TAKEN"}, "key"),
        ({"keep_days": "999"}, "keep_days"),
        ({"kind": "x"}, "kind"),
        ({"label": ""}, "label"),
    ],
)
def test_a_question_is_judged_at_its_fields(editor, desk, changes, field):
    FormField.objects.create(desk=desk, key="taken", kind="line", label="问")
    response = editor.post(url("new_question", desk.pk), asked(**changes))
    assert response.status_code == 422
    errors = BeautifulSoup(response.content, "html.parser").select(
        f"#panel-child-id_{field}-errors"
    )
    assert errors or field in response.context["form"].errors
    assert set(response.context["form"].errors) == {field}
    assert desk.fields.count() == 1


def test_codes_are_made_taken_back_and_taken_along(editor, desk):
    later = timezone.localtime(timezone.now() + timedelta(days=5))
    form = {"number": "3", "uses_max": "2", "note": "=1+1", "expires_at": f"{later:%Y-%m-%d %H:%M}"}
    editor.post(url("codes", desk.pk), form)
    editor.post(url("codes", desk.pk), {"code": "GUEST-2027", "uses_max": "9"})
    assert (
        editor.post(url("codes", desk.pk), {"code": "guest-2027", "uses_max": "9"}).status_code
        == 422
    )
    assert editor.post(url("codes", desk.pk), {"code": "abc", "uses_max": "0"}).status_code == 422
    assert editor.post(url("codes", desk.pk), {"number": "501", "uses_max": "1"}).status_code == 422
    code = desk.codes.first()
    editor.post(url("code_valid", desk.pk, code.pk))
    code.refresh_from_db()
    assert (code.is_active, desk.codes.count()) == (False, 4)
    file = editor.get(url("codes_file", desk.pk))
    rows = list(load_workbook(io.BytesIO(b"".join(file.streaming_content))).active.values)
    assert [len(rows), rows[1][1], rows[-1][0]] == [5, "'=1+1", "GUEST-2027"]
    assert rows[-1][-1].endswith(f"/registration/event/{desk.page_id}/?code=GUEST-2027")


def test_only_an_unused_desk_is_deleted():
    manager, desk = signed_in("CRM managers"), make_desk()
    assert url("delete", desk.pk) in manager.get(url("rules", desk.pk)).content.decode()
    book(desk)
    manager.post(url("delete", desk.pk))
    assert RegistrationDesk.objects.filter(pk=desk.pk).exists()
    Registration.objects.filter(desk=desk).delete()
    assert manager.post(url("delete", desk.pk))["Location"] == url("index")
    assert not RegistrationDesk.objects.filter(pk=desk.pk).exists()


def test_other_methods_are_refused_and_surrogates_do_no_harm(officer, desk):
    assert officer.put(url("overview", desk.pk)).status_code == 405
    for path in (url("overview", desk.pk), url("enter", desk.pk)):
        odd = officer.post(
            path, b"q=%ED%A0%80&name=%ED%A0%80%00", "application/x-www-form-urlencoded"
        )
        assert odd.status_code < 500
