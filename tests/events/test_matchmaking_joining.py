"""Taking part and leaving: consent, what others see, and what ends with it."""

from datetime import timedelta

import pytest

from crm.models import ConsentKind
from events.choices import MeetingStatus
from events.errors import ChoiceError, ConsentMissingError, MoveError
from events.matchmaking.errors import (
    InMeetingError,
    NoRoundError,
    NothingSaidError,
    RoundOverError,
)
from events.matchmaking.joining import drop_leavers, join, leave, set_away
from events.matchmaking.taking_part import shown_to, takes_part
from events.models import Participant
from events.services import cancel
from events.services.meetings_requests import answer, ask
from tests.factories.events import book, event_consents, make_desk, make_event
from tests.factories.meetings import (
    make_meeting,
    make_participant,
    make_round,
    make_slot,
    purposes,
)

pytestmark = pytest.mark.django_db
SAID = {"side": "firm", "offers": "光伏组件"}


def meeting_consent():
    return event_consents("meeting")[1]


def test_joining_twice_changes_what_was_said():
    me = make_participant(make_round(), chains=["solar", "solar"])
    again = join(me.registration, side="investor", seeks="厂房", is_listed=False)
    assert again.pk == me.pk
    assert (again.side, again.offers, again.seeks, again.chains) == ("investor", "", "厂房", [])
    assert me.chains == ["solar"]
    assert me.registration.log.filter(action="joined_meetings").count() == 1


def test_without_a_consent_nobody_joins():
    registration = book(make_round().desk)
    with pytest.raises(ConsentMissingError) as error:
        join(registration, **SAID)
    assert error.value.field == "consent_meeting"
    assert not Participant.objects.exists()
    participant = join(registration, **SAID, consent=meeting_consent())
    assert takes_part(participant)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"side": "guest"}, ChoiceError),
        ({"chains": ["gold"]}, ChoiceError),
        ({"offers": " "}, NothingSaidError),
    ],
)
def test_what_can_not_be_chosen_is_refused(changes, error):
    registration = book(make_round().desk)
    with pytest.raises(error):
        join(registration, **SAID | changes, consent=meeting_consent())


def test_no_round_no_meetings():
    with pytest.raises(NoRoundError):
        join(book(make_desk()), **SAID, consent=meeting_consent())


def test_nobody_joins_with_a_registration_that_has_ended_or_after_the_event():
    desk = make_round().desk
    registration = book(desk)
    cancel(registration)
    with pytest.raises(MoveError):
        join(registration, **SAID, consent=meeting_consent())
    late = book(desk)
    late.desk.page = make_event(desk.page.slug, starts_at=desk.page.starts_at - timedelta(days=20))
    with pytest.raises(RoundOverError):
        join(late, **SAID, consent=meeting_consent())


def test_others_see_who_is_confirmed_agreed_and_listed():
    desk = make_desk(capacity=3)
    meeting_round = make_round(desk)
    me = make_participant(meeting_round)
    seen = make_participant(meeting_round)
    make_participant(meeting_round, is_listed=False)
    waiting = make_participant(meeting_round)
    assert waiting.registration.status == "waiting"
    assert [other.pk for other in shown_to(me)] == [seen.pk]


def test_leaving_ends_consent_requests_and_meetings_and_tells_the_others():
    meeting_round = make_round()
    me, asked, asks, meets = (make_participant(meeting_round) for _ in range(4))
    ask(from_participant=me, to_participant=asked)
    ask(from_participant=asks, to_participant=me)
    agreed = ask(from_participant=meets, to_participant=me)
    answer(agreed, participant=me, accepts=True)
    meeting = make_meeting(me, meets, make_slot(meeting_round, 60))
    leave(me.registration)
    leave(me.registration)
    meeting.refresh_from_db()
    me.refresh_from_db()
    assert meeting.status == MeetingStatus.CANCELLED
    assert not meeting.sides.filter(is_live=True).exists()
    assert set(meeting_round.requests.values_list("status", flat=True)) == {"withdrawn"}
    assert (me.offers, me.seeks, me.is_listed, takes_part(me)) == ("", "", False, False)
    assert purposes(asks) == ["answered"]
    assert purposes(meets) == ["answered", "meeting_changed"]
    assert purposes(asked) == ["requested"]
    assert me.registration.log.filter(action="left_meetings").count() == 1
    assert me.registration.status == "confirmed"


def test_who_left_may_come_back_and_the_log_has_both():
    me = make_participant(make_round())
    leave(me.registration)
    with pytest.raises(ConsentMissingError):
        join(me.registration, **SAID)
    join(me.registration, **SAID, consent=meeting_consent())
    assert takes_part(me)
    actions = list(me.registration.log.values_list("action", flat=True))
    assert actions[-2:] == ["left_meetings", "consent_given"]


def test_who_cancels_elsewhere_is_gone_with_the_next_round():
    meeting_round = make_round()
    me, other = make_participant(meeting_round), make_participant(meeting_round)
    request = ask(from_participant=other, to_participant=me)
    assert drop_leavers() == 0
    cancel(me.registration)
    drop_leavers()
    request.refresh_from_db()
    assert request.status == "withdrawn"
    assert purposes(other) == ["answered"]
    withdrawn = other.registration.consents.filter(kind=ConsentKind.MEETING)
    withdrawn.update(withdrawn_at=request.answered_at)
    assert drop_leavers() == 1
    assert drop_leavers() == 0


def test_nobody_is_away_where_they_have_a_meeting():
    meeting_round = make_round()
    me, other = make_participant(meeting_round), make_participant(meeting_round)
    first, second = make_slot(meeting_round, 60), make_slot(meeting_round, 90)
    set_away(me, [first])
    make_meeting(me, other, second)
    with pytest.raises(InMeetingError):
        set_away(me, [second])
    assert list(me.away.all()) == [first]
    foreign = make_slot(make_round(make_desk(make_event("bayi-open-day"))), 60)
    with pytest.raises(ChoiceError):
        set_away(me, [foreign])
