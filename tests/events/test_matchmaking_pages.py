"""The pages of those who meet: what they show, to whom, and what they do with odd input."""

import re
from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from events.links import registration_token
from events.mail import build
from events.matchmaking.notices import tell_moved, tell_timetable
from events.models import Participant
from events.services import cancel
from events.services.meetings_requests import answer, ask, turn_down
from events.services.outcomes import ask_how_meetings_were
from tests.factories.crm import UserFactory
from tests.factories.events import book, make_desk, make_event
from tests.factories.meetings import make_meeting, make_participant, make_round, make_slot

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
PAGES = ["home", "participants", "requests", "timetable", "profile", "times", "leave"]


def address(who, view: str = "home", *args) -> str:
    registration = getattr(who, "registration", who)
    return reverse(f"matchmaking:{view}", args=[registration_token(registration), *args])


def text_of(response) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.fixture
def meeting_round(db):
    return make_round()


@pytest.fixture
def cast(meeting_round):
    """An investor who seeks what a firm offers, and the firm."""
    investor = make_participant(
        meeting_round,
        "investor",
        offers="项目资金",
        seeks="光伏组件厂",
        chains=["solar"],
        name="王投资",
        organisation_name="示例资本",
        phone="13800138000",
        email="wang@example.org",
    )
    firm = make_participant(
        meeting_round,
        offers="光伏组件生产线",
        seeks="资金",
        chains=["solar"],
        name="李厂长",
        organisation_name="示例光伏厂",
        position="厂长",
        phone="13900139000",
        email="li@example.org",
    )
    return investor, firm


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_for_its_link_and_is_kept_by_nobody(
    client, cast, meeting_round, language, django_assert_max_num_queries
):
    me, other = cast
    request = ask(from_participant=other, to_participant=me)
    coming = make_meeting(me, other, make_slot(meeting_round, 60))
    over = make_meeting(me, other, make_slot(meeting_round, -30))
    with translation.override(language):
        addresses = [address(me, page) for page in PAGES]
        addresses += [address(me, "participant", other.pk), address(me, "request", request.pk)]
        addresses += [address(me, "meeting", over.pk), address(me, "meeting_off", coming.pk)]
    client.get(addresses[0])  # the frame of the site remembers a thing or two
    for one in addresses:
        with django_assert_max_num_queries(15):
            response = client.get(one)
        assert response.status_code == 200, one
        assert response["Cache-Control"] == "no-store, private"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "示例光伏厂" in response.content.decode() or one in addresses[4:7]
        for secret in ("13900139000", "li@example.org", "13800138000", "wang@example.org"):
            assert secret not in response.content.decode(), one


def test_other_links_open_nothing(client, cast):
    me, _ = cast
    assert client.get(address(me).replace("~", "~x")).status_code == 404
    assert client.get(address(book(make_desk(make_event("bayi-open-day"))))).status_code == 404
    for view, pk in (("participant", 9**20), ("request", 9**30), ("meeting", 9**25)):
        assert client.get(address(me, view, pk)).status_code == 404
    assert client.put(address(me)).status_code == 405


def test_who_does_not_take_part_is_led_to_the_page_that_says_how(client, meeting_round, cast):
    registration = book(meeting_round.desk)
    for page in ("participants", "requests", "timetable", "times"):
        assert client.get(address(registration, page))["Location"].startswith(address(registration))
    text = text_of(client.get(address(registration)))
    assert "示例光伏厂" not in text
    cancel(registration)
    assert client.get(address(registration, "profile")).status_code == 303
    assert client.get(address(registration)).status_code == 200


def test_joining_by_the_form_keeps_what_was_typed_until_it_is_right(client, meeting_round):
    registration = book(meeting_round.desk)
    page = address(registration, "profile")
    fields = {"side": "investor", "seeks": "光伏\x00", "chains": ["solar", "gold"]}
    for wrong in (fields, {**fields, "seeks": "厂" * 501}, {"side": ["a", "b"]}, {}):
        response = client.post(page, wrong)
        assert response.status_code == 422
        assert not Participant.objects.exists()
    odd = "side=investor&seeks=%ED%A0%80&offers=%FF&chains=%00&a%20b=1"
    response = client.post(page, odd, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422
    right = {"side": "investor", "seeks": "光伏组件", "chains": ["solar"], "is_listed": "on"}
    response = client.post(page, right)
    assert response.status_code == 422
    assert "光伏组件" in response.content.decode()
    response = client.post(page, {**right, "consent_meeting": "on"})
    assert response.status_code == 303
    participant = Participant.objects.get()
    assert (participant.side, participant.chains, participant.is_listed) == (
        "investor",
        ["solar"],
        True,
    )
    receipt = registration.consents.get(kind="meeting")
    assert registration_token(registration) not in receipt.source_url
    assert receipt.text.purpose in receipt.shown_text
    client.post(page, {**right, "seeks": "厂房"})
    participant.refresh_from_db()
    assert (participant.seeks, participant.is_listed) == ("厂房", True)
    assert "consent_meeting" not in client.get(page).content.decode()


def test_nobody_joins_before_the_organiser_is_named(client, meeting_round, settings):
    settings.INQUIRIES_NEED_HANDLER = True
    registration = book(meeting_round.desk)
    page = address(registration, "profile")
    assert '<form class="form"' not in client.get(page).content.decode()
    fields = {"side": "firm", "offers": "厂房", "consent_meeting": "on"}
    assert client.post(page, fields).status_code == 422
    assert not Participant.objects.exists()


def test_the_list_is_filtered_and_says_why(client, cast, meeting_round):
    me, firm = cast
    make_participant(
        meeting_round, "institute", offers="药材", seeks="", organisation_name="药研所"
    )
    text = text_of(client.get(address(me, "participants")))
    assert text.index("示例光伏厂") < text.index("药研所")
    assert "光伏组件" in text
    for query, seen in (
        ("side=firm", True),
        ("side=institute", False),
        ("chain=solar", True),
        ("chain=coal", False),
        ("q=生产线", True),
        ("q=药材", False),
        ("side=gold&chain=1&page=x", True),
    ):
        text = text_of(client.get(f"{address(me, 'participants')}?{query}"))
        assert ("示例光伏厂" in text) is seen, query


def test_where_the_organiser_brings_together_nobody_sees_the_list(client, cast, meeting_round):
    me, other = cast
    type(meeting_round).objects.update(asking="organiser")
    assert client.get(address(me, "participants")).status_code == 303
    assert client.get(address(me, "participant", other.pk)).status_code == 404
    fields = {"side": "firm", "offers": "厂房"}
    assert client.post(address(me, "profile"), fields).status_code == 303
    me.refresh_from_db()
    assert (me.side, me.is_listed) == ("firm", True)
    ask(from_participant=me, to_participant=other, actor=UserFactory(role="CRM officers"))
    assert client.get(address(me, "participant", other.pk)).status_code == 200


def test_asking_and_answering_by_the_forms(client, cast):
    me, other = cast
    page = address(me, "participant", other.pk)
    assert client.post(page, {"message": "长" * 501}).status_code == 422
    assert client.post(page, {"message": "想谈光伏"}).status_code == 303
    again = client.post(page, {"message": "再问一次"})
    assert again.status_code == 422
    request = other.asked_by.get()
    theirs = address(other, "request", request.pk)
    assert "想谈光伏" in text_of(client.get(theirs))
    assert client.post(theirs, {"action": "nonsense"}).status_code == 303
    assert client.post(address(me, "request", request.pk), {"action": "accept"}).status_code == 422
    assert client.post(theirs, {"action": "accept", "text": "好"}).status_code == 303
    request.refresh_from_db()
    assert (request.status, request.answer) == ("accepted", "好")
    third = make_participant(me.round)
    assert client.get(address(third, "request", request.pk)).status_code == 404


def test_times_and_leaving_by_the_forms(client, cast, meeting_round):
    me, _ = cast
    slot = make_slot(meeting_round, 60)
    page = address(me, "times")
    assert client.post(page, {"away": ["x", 9**30]}).status_code == 422
    assert client.post(page, {"away": [slot.pk]}).status_code == 303
    assert list(me.away.all()) == [slot]
    assert client.post(address(me, "leave")).status_code == 303
    assert client.get(address(me, "participants")).status_code == 303
    assert client.get(address(me, "leave")).status_code == 303


def test_a_timetable_is_shown_once_it_is_told_and_to_its_own_people(client, cast, meeting_round):
    me, other = cast
    third = make_participant(meeting_round)
    meeting = make_meeting(me, other, make_slot(meeting_round, 60))
    assert "3号桌" in text_of(client.get(address(me, "timetable")))
    assert "3号桌" not in text_of(client.get(address(third, "timetable")))
    assert client.get(address(third, "meeting", meeting.pk)).status_code == 404
    response = client.get(address(me, "timetable_ics"))
    calendar = Calendar.from_ical(response.content)
    [event] = calendar.walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert (str(event["LOCATION"]), str(event["STATUS"])) == ("3号桌", "CONFIRMED")
    assert "示例光伏厂" in str(event["SUMMARY"])
    assert "VTIMEZONE" in response.content.decode()
    turn_down(meeting, participant=other)
    [event] = Calendar.from_ical(client.get(address(me, "timetable_ics")).content).walk("VEVENT")
    assert str(event["STATUS"]) == "CANCELLED"
    type(meeting_round).objects.update(told_at=None)
    assert "3号桌" not in text_of(client.get(address(me, "timetable")))


def test_notes_are_for_their_own_side(client, cast, meeting_round):
    me, other = cast
    meeting = make_meeting(me, other, make_slot(meeting_round, -10))
    page = address(me, "meeting", meeting.pk)
    assert client.post(page, {"outcome": "", "rating": "9", "note": "内部评价"}).status_code == 422
    fields = {"outcome": "agreed", "rating": "4", "note": "内部评价"}
    assert client.post(page, fields).status_code == 303
    assert "内部评价" in client.get(page).content.decode()
    for view in ("home", "timetable"):
        assert "内部评价" not in client.get(address(other, view)).content.decode()
    theirs = client.get(address(other, "meeting", meeting.pk)).content.decode()
    assert "内部评价" not in theirs
    assert "checked" not in theirs


def test_turning_down_by_the_form(client, cast, meeting_round):
    me, other = cast
    meeting = make_meeting(me, other, make_slot(meeting_round, 60))
    page = address(me, "meeting_off", meeting.pk)
    assert client.post(page, {"text": "病了"}).status_code == 303
    assert client.post(page, {"text": "病了"}).status_code == 422
    assert "病了" in text_of(client.get(address(other, "timetable")))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_mails_name_nobody_and_say_the_rest(client, cast, meeting_round, language):
    me, other = cast
    for participant in cast:
        participant.registration.language = language
        participant.registration.save(update_fields=["language"])
    request = ask(from_participant=other, to_participant=me, message="秘密")
    answer(request, participant=me, accepts=True, text="秘密")
    meeting = make_meeting(me, other, make_slot(meeting_round, 24 * 60))
    assert tell_timetable(meeting_round) == 2
    assert tell_timetable(meeting_round) == 0
    tell_moved(meeting, old={"starts_at": "", "ends_at": "", "table": "1号桌"}, reason="换会场")
    turn_down(meeting, participant=other, text="秘密")
    assert tell_timetable(meeting_round) == 0
    past = make_meeting(me, other, make_slot(meeting_round, -30))
    assert ask_how_meetings_were(now=past.slot.ends_at + timedelta(minutes=1)) == 2
    mails = list(me.registration.mails.exclude(purpose="confirmed"))
    messages = {mail.purpose: build(mail) for mail in mails}
    assert set(messages) == {"requested", "schedule", "meeting_changed", "rate"}
    messages["answered"] = build(other.registration.mails.get(purpose="answered"))
    for message in messages.values():
        whole = message.subject + message.body
        for name in ("示例光伏厂", "李厂长", "示例资本", "王投资", "秘密"):
            assert name not in whole
        assert "\n" not in message.subject
        assert "{" not in whole
        path = re.search(r"https?://[^/\s]+(\S*/one-to-one/\S+)", message.body)[1]
        assert path.startswith("/en/") is (language == "en")
        assert client.get(path).status_code == 200
    [moved] = [build(m) for m in mails if m.data.get("change") == "moved"]
    assert "1号桌" in moved.body
    assert "换会场" in moved.body
    begins = timezone.localtime(meeting.slot.starts_at)
    assert f"{begins:%Y-%m-%d %H:%M}" in moved.body
    assert mailbox.outbox == [] or all(message.to for message in mailbox.outbox)
