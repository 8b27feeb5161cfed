"""What is chosen in the form: seats and what there is without them, questions, meetings, contact."""

import pytest
from wagtail.models import PageViewRestriction

from crm.models import RateCounter
from events.choices import FieldKind
from events.choices import RegistrationStatus as Status
from events.models import InvitationCode, MeetingRound, SeatPool
from tests.events.registration.conftest import (
    add_question,
    add_session,
    errors,
    form_url,
    make_kinds,
    soup,
    value,
)
from tests.factories.events import book, make_desk

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


def test_companions_get_tickets_and_too_many_are_refused(send, filled):
    desk = make_desk(capacity=5, companions_max=2)
    response = send(desk, filled(companions="李四\n王五\n赵六"))
    assert response.status_code == 422
    assert value(response, "companions") == "李四\n王五\n赵六"
    assert send(desk, filled(companions=" 李四 \n\n王五\n")).status_code == 303
    registration = desk.registrations.get()
    assert registration.party == 3
    assert [one.name for one in registration.attendees.all()] == ["王小明", "李四", "王五"]


def test_kind_of_attendance_must_be_chosen(desk, send, filled):
    onsite, online = make_kinds(desk)
    assert send(desk, filled()).status_code == 422
    assert send(desk, filled(attendance=str(online.pk))).status_code == 303
    assert desk.registrations.get().attendance == "online"


def test_sessions_at_the_same_time_are_refused_at_their_field(desk, send, filled):
    first, second = add_session(desk, "甲场", 0), add_session(desk, "乙场", 0.5)
    later = add_session(desk, "丙场", 2)
    response = send(desk, filled(sessions=[str(first.pk), str(second.pk)]))
    assert response.status_code == 422
    assert "甲场" in errors(response)[0]
    assert len(soup(response).select("[name=sessions][checked]")) == 2
    assert send(desk, filled(sessions=[str(first.pk), str(later.pk)])).status_code == 303
    registration = desk.registrations.get()
    assert set(registration.pools.filter(kind="session")) == {first, later}


def test_invitation_code_opens_and_a_wrong_one_is_said_at_its_field(client, send, filled):
    desk = make_desk(needs_invitation=True)
    InvitationCode.objects.create(desk=desk, code="Open-Sesame")
    shown = client.get(f"{form_url(desk)}?code=open-sesame")
    assert value(shown, "invitation") == "open-sesame"
    assert send(desk, filled(invitation="")).status_code == 422
    response = send(desk, filled(invitation="guess"))
    assert response.status_code == 422
    assert soup(response).select_one("[name=invitation]")["aria-invalid"] == "true"
    assert send(desk, filled(invitation="open-sesame")).status_code == 303


def test_sold_out_writes_nothing_and_keeps_everything(send, filled):
    desk = make_desk(capacity=1, has_waiting_list=False)
    add_question(desk, "diet", FieldKind.CHOICES, choices="甲\n乙")
    book(desk)
    response = send(desk, filled(q_diet=["甲", "乙"], name='<b>"x"</b>'))
    assert response.status_code == 409
    assert desk.registrations.count() == 1
    assert not RateCounter.objects.exists()
    hidden = [(one["name"], one["value"]) for one in soup(response).select("[type=hidden]")]
    again = send(desk, {"again": "1"} | {n: [v for m, v in hidden if m == n] for n, _ in hidden})
    assert again.status_code == 200
    assert value(again, "name") == '<b>"x"</b>'
    assert len(soup(again).select("[name=q_diet][checked]")) == 2
    assert soup(again).select_one("[name=consent_event]").has_attr("checked")
    assert errors(again) == []


def test_sold_out_takes_few_queries(client, filled, django_assert_max_num_queries):
    desk = make_desk(capacity=0, has_waiting_list=False)
    client.post(form_url(desk), filled())  # which desk it is, is remembered; all else is asked
    # On PostgreSQL the first five are one message.
    with django_assert_max_num_queries(7):
        assert client.post(form_url(desk), filled()).status_code == 409


def test_full_kind_says_what_else_is_free(desk, send, filled):
    SeatPool.objects.filter(desk=desk).update(capacity=None)
    desk.has_waiting_list = False
    desk.save()
    onsite, online = make_kinds(desk, onsite=0, online=7)
    response = send(desk, filled(attendance=str(onsite.pk)))
    assert response.status_code == 409
    assert "线上 · 还有 7 个席位" in response.content.decode()


def test_without_seats_one_waits_unless_the_list_is_full(send, filled):
    desk = make_desk(capacity=0, waiting_max=1)
    assert send(desk, filled()).status_code == 303
    assert desk.registrations.get().status == Status.WAITING
    response = send(desk, filled(email="other@example.org", phone=""))
    assert response.status_code == 409


def test_answers_are_stored_in_their_kinds(desk, send, filled):
    add_question(desk, "line", FieldKind.LINE)
    add_question(desk, "one", FieldKind.CHOICE, choices="是\n否", choices_en="Yes\nNo")
    add_question(desk, "many", FieldKind.CHOICES, choices="甲\n乙\n丙")
    add_question(desk, "tick", FieldKind.TICK)
    add_question(desk, "number", FieldKind.NUMBER)
    add_question(desk, "day", FieldKind.DATE)
    add_question(desk, "empty", FieldKind.TEXT)
    answers = {
        "q_line": " 两  行\n一行 ",
        "q_one": "是",
        "q_many": ["甲", "丙"],
        "q_tick": "on",
        "q_number": "１,200.50",
        "q_day": "2027-03-18",
    }
    assert send(desk, filled(**answers), "/en").status_code == 303
    assert desk.registrations.get().answers == {
        "line": "两 行 一行",
        "one": "是",
        "many": ["甲", "丙"],
        "tick": True,
        "number": "1200.5",
        "day": "2027-03-18",
    }


def test_question_says_what_for_and_how_long_in_the_readers_language(desk, client):
    add_question(
        desk,
        "diet",
        FieldKind.LINE,
        label_en="Diet",
        purpose="安排午餐",
        purpose_en="To plan lunch",
        keep_days=7,
    )
    page = soup(client.get("/en" + form_url(desk)))
    assert page.select_one("label[for=registration-q_diet]").get_text().startswith("Diet")
    hint = page.select_one("#registration-q_diet_helptext").get_text()
    assert hint == "What for: To plan lunch. Erased 7 days after the event."
    assert "安排午餐" in client.get(form_url(desk)).content.decode()


def test_intent_needs_its_own_consent(desk, send, filled):
    response = send(desk, filled(intent="建厂"))
    assert response.status_code == 422
    assert value(response, "intent") == "建厂"
    send(desk, filled(intent="建厂", consent_event_lead="on"))
    registration = desk.registrations.get()
    assert (registration.wants_contact, registration.intent) == (True, "建厂")
    assert set(registration.consents.values_list("kind", flat=True)) == {"event", "event_lead"}


def test_profile_of_meetings_is_stored_with_its_consent(desk, send, filled):
    MeetingRound.objects.create(desk=desk)
    profile = {"side": "investor", "seeks": "玻璃", "chains": ["solar"]}
    response = send(desk, filled(**profile))
    assert response.status_code == 422  # shown to the others only with their consent
    assert "consent_meeting" in soup(response).select_one(".errors a")["href"]
    assert send(desk, filled(seeks="玻璃")).status_code == 422  # as whom?
    assert send(desk, filled(side="firm", consent_meeting="on")).status_code == 422  # what?
    assert send(desk, filled(**profile, consent_meeting="on")).status_code == 303
    participant = desk.registrations.get().participant
    assert (participant.side, participant.seeks, participant.chains) == (
        "investor",
        "玻璃",
        ["solar"],
    )


def test_private_event_tells_nobody_that_it_is_full(client, filled):
    desk = make_desk(capacity=0, has_waiting_list=False)
    PageViewRestriction.objects.create(page=desk.page, restriction_type="login")
    assert client.post(form_url(desk), filled()).status_code == 404
