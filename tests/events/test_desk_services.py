"""Setting a desk up and working at it: one test for each way it can end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.choices import RegistrationStatus as Status
from events.desk_errors import (
    CodesExistError,
    DeskExistsError,
    DeskInUseError,
    ErasedError,
    InUseError,
    LongerKeepingError,
    MailNowhereError,
    MailOnItsWayError,
    MailOutdatedError,
    NotAllowedError,
)
from events.errors import MoveError, SoldOutError
from events.models import EventMail, FormField, Registration, RegistrationDesk, SeatPool
from events.services import cancel, seat_drift
from events.services.codes import make_codes, set_code_valid
from events.services.desk_work import approve_several, enter_by_hand, resend, reveal, set_note
from events.services.desks import change_rules, delete_desk, open_desk
from events.services.pools import Session, add_pool, add_sessions, change_pool, remove_pool
from events.services.questions import move_question, remove_question, save_question
from tests.factories.crm import UserFactory
from tests.factories.events import book, event_consents, make_desk, make_event, make_guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role="CRM officers")


@pytest.fixture
def editor():
    return UserFactory(role="Editors")


def whole(desk) -> SeatPool:
    return desk.pools.get(kind="event")


# The desk


def test_a_desk_is_closed_and_stands_at_the_chinese_page(editor):
    page = make_event("bayi-open-day")
    english = page.get_translations().get(locale__language_code="en")
    desk = open_desk(page=english, capacity=40, actor=editor)
    assert (desk.page_id, desk.is_open) == (page.pk, False)
    assert [(p.kind, p.capacity) for p in desk.pools.all()] == [("event", 40)]
    with pytest.raises(DeskExistsError) as found:
        open_desk(page=page, actor=editor)
    assert found.value.desk == desk


def test_an_event_that_is_online_too_counts_both_kinds(editor):
    desk = open_desk(page=make_event(is_online=True), capacity=40, actor=editor)
    assert [(p.kind, p.attendance, p.capacity) for p in desk.pools.all()] == [
        ("event", "", None), ("attendance", "onsite", 40), ("attendance", "online", None),
    ]  # fmt: skip


def test_rules_that_free_seats_are_followed_by_offers(editor):
    desk = make_desk(capacity=1)
    first, second = book(desk), book(desk)
    cancel(first)
    Registration.objects.filter(pk=second.pk).update(status=Status.WAITING)
    SeatPool.objects.filter(desk=desk).update(taken=0)
    change_rules(desk=desk, values={"offer_hours": 5}, actor=editor)
    second.refresh_from_db()
    assert second.status == Status.OFFERED
    assert second.offer_expires_at - second.offered_at == timedelta(hours=5)


def test_data_are_kept_shorter_but_never_longer_than_was_told(editor):
    desk = make_desk()
    registration = book(desk)
    before = registration.keep_until
    with pytest.raises(LongerKeepingError):
        change_rules(desk=desk, values={"keep_days": 181}, actor=editor)
    change_rules(desk=desk, values={"keep_days": 170}, actor=editor)
    registration.refresh_from_db()
    assert registration.keep_until == before - timedelta(days=10)


def test_a_desk_with_registrations_stays():
    manager, desk = UserFactory(role="CRM managers"), make_desk()
    registration = book(desk)
    with pytest.raises(DeskInUseError):
        delete_desk(desk=desk, actor=manager)
    Registration.objects.filter(pk=registration.pk).delete()
    delete_desk(desk=desk, actor=manager)
    assert not RegistrationDesk.objects.filter(pk=desk.pk).exists()


@pytest.mark.parametrize("role", ["", "Editors"])
def test_services_refuse_whom_the_screens_refuse(role):
    nobody, desk = UserFactory(role=role), make_desk()
    registration = book(desk)
    mail = registration.mails.get()
    refused = [
        lambda: reveal(registration=registration, actor=nobody),
        lambda: set_note(registration=registration, text="x", actor=nobody),
        lambda: resend(mail=mail, actor=nobody),
        lambda: approve_several(registrations=[registration], actor=nobody),
        lambda: enter_by_hand(desk=desk, guest=make_guest(), actor=nobody, language="en"),
        lambda: delete_desk(desk=desk, actor=nobody),
    ]
    if not role:
        refused += [
            lambda: open_desk(page=make_event("bayi-open-day"), actor=nobody),
            lambda: change_rules(desk=desk, values={}, actor=nobody),
            lambda: add_pool(desk=desk, values={}, actor=nobody),
            lambda: change_pool(pool=whole(desk), values={}, actor=nobody),
            lambda: remove_pool(pool=whole(desk), actor=nobody),
            lambda: save_question(desk=desk, values={}, actor=nobody),
            lambda: make_codes(desk=desk, actor=nobody),
        ]
    for service in refused:
        with pytest.raises(NotAllowedError):
            service()


# Seats


def test_more_seats_go_to_those_who_wait_and_fewer_take_none_away(editor):
    desk = make_desk(capacity=1)
    book(desk), book(desk), book(desk)
    assert change_pool(pool=whole(desk), values={"capacity": 2}, actor=editor) == 1
    assert change_pool(pool=whole(desk), values={"capacity": 0}, actor=editor) == 0
    assert sorted(desk.registrations.values_list("status", flat=True)) == [
        "confirmed", "offered", "waiting",
    ]  # fmt: skip
    assert seat_drift(desk) == []


def test_a_form_that_was_open_for_long_brings_no_old_count_back(editor):
    desk = make_desk(capacity=5)
    stale = whole(desk)
    book(desk)
    change_pool(pool=stale, values={"capacity": 6, "taken": 0}, actor=editor)
    assert (whole(desk).capacity, whole(desk).taken) == (6, 1)


def test_sessions_become_seats_once(editor):
    from uuid import uuid4

    desk, now = make_desk(), timezone.now()
    session = Session(uuid4(), "圆桌", "Round table", now, now + timedelta(hours=1))
    [pool] = add_sessions(desk=desk, sessions=[(session, 4)], actor=editor)
    assert (pool.kind, pool.name, pool.name_en, pool.capacity) == (
        "session",
        "圆桌",
        "Round table",
        4,
    )
    assert add_sessions(desk=desk, sessions=[(session, 9)], actor=editor) == []


def test_seats_with_registrations_are_switched_off_and_not_deleted(editor):
    desk = make_desk(capacity=None)
    pool = add_pool(
        desk=desk, values={"kind": "session", "name": "圆桌", "capacity": 4}, actor=editor
    )
    registration = book(desk, pools=[pool])
    with pytest.raises(InUseError):
        remove_pool(pool=pool, actor=editor)
    with pytest.raises(InUseError):
        remove_pool(pool=whole(desk), actor=editor)
    registration.delete()
    SeatPool.objects.update(taken=0)
    remove_pool(pool=pool, actor=editor)
    with pytest.raises(MoveError):
        change_pool(pool=pool, values={"capacity": 1}, actor=editor)
    remove_pool(pool=pool, actor=editor)


# Questions


def question(desk, editor, key="meal", **values) -> FormField:
    given = {"key": key, "kind": "line", "label": f"问{key}", "is_personal": False, **values}
    return save_question(desk=desk, values=given, actor=editor)


def test_questions_change_places(editor):
    desk = make_desk()
    first, second, third = (question(desk, editor, key) for key in "abc")
    move_question(question=third, up=True, actor=editor)
    move_question(question=first, up=True, actor=editor)
    assert list(desk.fields.values_list("key", flat=True)) == ["a", "c", "b"]


def test_what_was_answered_keeps_its_key_and_its_answers(editor):
    desk = make_desk()
    asked, unasked = question(desk, editor), question(desk, editor, "bus")
    book(desk, make_guest(answers={"meal": "一般"}))
    with pytest.raises(InUseError):
        save_question(desk=desk, values={"key": "food"}, question=asked, actor=editor)
    save_question(desk=desk, values={"key": "meal", "label": "吃"}, question=asked, actor=editor)
    assert remove_question(question=asked, actor=editor) is False
    assert remove_question(question=unasked, actor=editor) is True
    kept = desk.fields.get()
    assert (kept.label, kept.is_active) == ("吃", False)
    with pytest.raises(MoveError):
        save_question(desk=desk, values={"label": "车"}, question=unasked, actor=editor)


# Codes


def test_codes_are_many_and_each_another(editor):
    desk = make_desk()
    made = make_codes(desk=desk, number=30, uses_max=2, note="链主", actor=editor)
    assert len({code.code for code in made}) == 30
    make_codes(desk=desk, code="GUEST-2027", actor=editor)
    with pytest.raises(CodesExistError):
        make_codes(desk=desk, code="guest-2027", actor=editor)
    set_code_valid(code=made[0], is_active=False, actor=editor)
    assert desk.codes.filter(is_active=False).count() == 1


# Registrations


def test_looking_and_noting_leave_a_trace(officer):
    registration = book(make_desk())
    assert reveal(registration=registration, actor=officer).name == registration.name
    set_note(registration=registration, text=" 会晚到 ", actor=officer)
    registration.refresh_from_db()
    assert registration.note == "会晚到"
    log = [(line.action, line.actor) for line in registration.log.all()]
    assert log[1:] == [("revealed", officer), ("noted", officer)]


def test_what_was_erased_stays_so(officer):
    registration = book(make_desk())
    mail = registration.mails.get()
    Registration.objects.filter(pk=registration.pk).update(anonymised_at=timezone.now(), email="")
    for service in (
        lambda: reveal(registration=registration, actor=officer),
        lambda: set_note(registration=registration, text="x", actor=officer),
        lambda: resend(mail=mail, actor=officer),
    ):
        with pytest.raises(ErasedError):
            service()


def test_a_mail_is_sent_again_while_it_is_true_and_not_on_its_way(officer):
    registration = book(make_desk())
    mail = registration.mails.get()
    EventMail.objects.update(status="pending")
    with pytest.raises(MailOnItsWayError):
        resend(mail=mail, actor=officer)
    EventMail.objects.update(status="failed")
    again = resend(mail=mail, actor=officer)
    assert (again.pk != mail.pk, again.purpose, again.data) == (True, mail.purpose, mail.data)
    cancel(registration, actor=officer)
    with pytest.raises(MailOutdatedError):
        resend(mail=mail, actor=officer)
    Registration.objects.update(email="")
    with pytest.raises(MailNowhereError):
        resend(mail=mail, actor=officer)


def test_of_several_those_are_approved_that_still_can_be(officer):
    desk = make_desk(capacity=5, needs_approval=True)
    first, second, gone = book(desk), book(desk), book(desk)
    cancel(gone, actor=officer)
    result = approve_several(registrations=[first, gone, second], actor=officer)
    assert [r.pk for r in result.done] == [first.pk, second.pk]
    assert [(r.pk, type(e)) for r, e in result.failed] == [(gone.pk, MoveError)]


def test_who_calls_is_entered_with_the_consent_on_paper(officer):
    desk = make_desk(needs_approval=True, needs_invitation=True, capacity=1, has_waiting_list=False)
    desk.is_open = False
    desk.save()
    registration = enter_by_hand(
        desk=desk,
        guest=make_guest(),
        actor=officer,
        consents=event_consents(),
        language="zh-hans",
        note="纸质同意书在前台",
    )
    registration.refresh_from_db()
    assert (registration.status, registration.source) == (Status.CONFIRMED, "organiser")
    assert registration.note == "纸质同意书在前台"
    assert registration.consents.get().method == "paper"
    assert registration.log.get().actor == officer
    with pytest.raises(SoldOutError):
        enter_by_hand(
            desk=desk, guest=make_guest(), actor=officer, consents=event_consents(), language="en"
        )
    assert desk.registrations.count() == 1
