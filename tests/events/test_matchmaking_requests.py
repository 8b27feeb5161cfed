"""Asking and answering: every way a request can end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.choices import MeetingStatus
from events.matchmaking.errors import (
    AskedBeforeError,
    EnoughMeetingsError,
    MeetingMoveError,
    NotTakingPartError,
    OtherHasEnoughError,
    RequestMoveError,
    RequestsClosedError,
    SameParticipantError,
    TooManyOpenError,
    TurnedDownError,
)
from events.matchmaking.joining import leave
from events.services import meetings_requests
from events.services.meetings_requests import (
    answer,
    ask,
    expire_requests,
    turn_down,
    withdraw,
)
from tests.factories.crm import UserFactory
from tests.factories.meetings import (
    make_meeting,
    make_participant,
    make_round,
    make_slot,
    purposes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting_round(db):
    return make_round()


@pytest.fixture
def pair(meeting_round):
    return make_participant(meeting_round, "investor"), make_participant(meeting_round)


def request_of(pair, **more):
    return ask(from_participant=pair[0], to_participant=pair[1], **more)


def test_a_request_is_asked_answered_and_told(pair):
    me, other = pair
    request = request_of(pair, message=" 想谈谈 ")
    assert (request.status, request.message) == ("open", "想谈谈")
    hours = (request.expires_at - timezone.now()) / timedelta(hours=1)
    assert 47 < hours <= 48
    answered = answer(request, participant=other, accepts=True, text="好")
    assert (answered.status, answered.answer) == ("accepted", "好")
    assert (purposes(me), purposes(other)) == (["answered"], ["requested"])


def test_a_no_is_final_for_who_asked_but_the_other_may_ask(pair):
    me, other = pair
    answer(request_of(pair), participant=other, accepts=False, text="这次没有时间")
    with pytest.raises(TurnedDownError):
        request_of(pair)
    assert ask(from_participant=other, to_participant=me).status == "open"


def test_who_is_asked_and_asks_has_said_yes(pair):
    me, other = pair
    first = request_of(pair)
    again = ask(from_participant=other, to_participant=me)
    assert (again.pk, again.status) == (first.pk, "accepted")
    for one, two in (pair, pair[::-1]):
        with pytest.raises(AskedBeforeError):
            ask(from_participant=one, to_participant=two)


@pytest.mark.parametrize("by_me", [True, False])
def test_what_the_organiser_proposes_either_side_answers(pair, by_me):
    me, other = pair
    request = request_of(pair, actor=UserFactory(role="CRM officers"))
    assert (request.by_organiser, request.expires_at) == (True, None)
    assert purposes(me) == purposes(other) == ["requested"]
    assert expire_requests(now=timezone.now() + timedelta(days=99)) == 0
    answer(request, participant=me if by_me else other, accepts=False)
    assert purposes(other if by_me else me)[-1] == "answered"
    with pytest.raises(RequestMoveError):
        answer(request, participant=other, accepts=True)


def test_nobody_meets_themselves(pair):
    with pytest.raises(SameParticipantError):
        ask(from_participant=pair[0], to_participant=pair[0])


def test_requests_have_their_time(meeting_round, pair):
    now = timezone.now()
    for fields in (
        {"asks_from": now + timedelta(hours=1)},
        {"asks_until": now - timedelta(hours=1)},
        {"asking": "organiser"},
    ):
        type(meeting_round).objects.filter(pk=meeting_round.pk).update(
            **{"asks_from": None, "asks_until": None, "asking": "participants"} | fields
        )
        with pytest.raises(RequestsClosedError):
            request_of(pair)


def test_only_who_takes_part_and_is_listed_is_asked(meeting_round, pair):
    hidden = make_participant(meeting_round, is_listed=False)
    with pytest.raises(NotTakingPartError):
        request_of((pair[0], hidden))
    assert request_of((hidden, pair[0])).status == "open"
    assert request_of((pair[0], hidden)).status == "accepted"
    leave(pair[1].registration)
    with pytest.raises(NotTakingPartError):
        request_of(pair)


def test_nobody_asks_everybody(meeting_round, pair, monkeypatch):
    monkeypatch.setattr(meetings_requests, "OPEN_MAX", 1)
    request_of(pair)
    third = make_participant(meeting_round)
    with pytest.raises(TooManyOpenError):
        request_of((pair[0], third))


def test_after_silence_one_may_ask_once_more(pair):
    for _ in range(2):
        request = request_of(pair)
        assert expire_requests(now=request.expires_at) == 1
        assert expire_requests(now=request.expires_at) == 0
    assert purposes(pair[0]) == ["answered", "answered"]
    with pytest.raises(TurnedDownError):
        request_of(pair)
    with pytest.raises(RequestMoveError):
        answer(request, participant=pair[1], accepts=True)


def test_a_request_never_outlives_the_time_of_asking(meeting_round, pair):
    until = timezone.now() + timedelta(hours=2)
    type(meeting_round).objects.filter(pk=meeting_round.pk).update(asks_until=until)
    request = request_of(pair)
    assert request.expires_at == until
    request.expires_at = timezone.now()
    request.save()
    with pytest.raises(RequestMoveError):  # before the round that ends it
        answer(request, participant=pair[1], accepts=True)


def test_meetings_max_holds_for_both(meeting_round, pair):
    me, other = pair
    type(meeting_round).objects.filter(pk=meeting_round.pk).update(meetings_max=1)
    third, fourth = make_participant(meeting_round), make_participant(meeting_round)
    early = request_of((third, other))
    answer(request_of(pair), participant=other, accepts=True)
    with pytest.raises(EnoughMeetingsError):
        request_of((me, third))
    with pytest.raises(OtherHasEnoughError):
        request_of((fourth, me))
    with pytest.raises(EnoughMeetingsError):
        answer(early, participant=other, accepts=True)


def test_only_who_is_asked_answers(meeting_round, pair):
    request = request_of(pair)
    for stranger in (pair[0], make_participant(meeting_round)):
        with pytest.raises(RequestMoveError):
            answer(request, participant=stranger, accepts=True)


def test_withdrawing_an_open_request_is_for_who_asked(pair):
    request = request_of(pair)
    with pytest.raises(RequestMoveError):
        withdraw(request, participant=pair[1])
    assert withdraw(request, participant=pair[0]).status == "withdrawn"
    with pytest.raises(RequestMoveError):
        withdraw(request, participant=pair[0])
    assert purposes(pair[1]) == ["requested"]


def test_withdrawing_a_yes_cancels_the_meeting_until_it_begins(meeting_round, pair):
    request = answer(request_of(pair), participant=pair[1], accepts=True)
    meeting = make_meeting(*pair, make_slot(meeting_round, 60))
    withdraw(request, participant=pair[1], text="临时有事")
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason) == (MeetingStatus.CANCELLED, "临时有事")
    assert purposes(pair[0]) == ["answered", "meeting_changed"]
    again = answer(request_of(pair[::-1]), participant=pair[0], accepts=True)
    make_meeting(*pair, make_slot(meeting_round, -5))
    with pytest.raises(RequestMoveError):
        withdraw(again, participant=pair[0])


def test_turning_a_meeting_down_ends_the_agreement_too(meeting_round, pair):
    request = answer(request_of(pair), participant=pair[1], accepts=True)
    meeting = make_meeting(*pair, make_slot(meeting_round, 60))
    with pytest.raises(MeetingMoveError):
        turn_down(meeting, participant=make_participant(meeting_round))
    turn_down(meeting, participant=pair[0], text="航班取消")
    request.refresh_from_db()
    assert (request.status, request.answer) == ("withdrawn", "航班取消")
    [mail] = pair[1].registration.mails.filter(purpose="meeting_changed")
    assert mail.data["change"] == "cancelled"
    assert "航班" not in str(mail.data)
    with pytest.raises(MeetingMoveError):
        turn_down(meeting, participant=pair[0])


def test_nobody_hears_of_a_timetable_that_was_not_told(meeting_round, pair):
    meeting = make_meeting(*pair, make_slot(meeting_round, 60))
    type(meeting_round).objects.filter(pk=meeting_round.pk).update(told_at=None)
    turn_down(meeting, participant=pair[0])
    assert purposes(pair[1]) == []
