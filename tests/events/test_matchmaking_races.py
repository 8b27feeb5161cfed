"""What two participants do at the same moment, with real connections of their own."""

import shutil
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from crm.models import Activity, Contact, Lead, Organisation
from events.errors import EventError
from events.matchmaking.joining import leave
from events.models import (
    Meeting,
    MeetingRequest,
    MeetingRound,
    Participant,
    RegistrationDesk,
)
from events.services import meetings_requests
from events.services.meetings_requests import answer, ask, expire_requests, withdraw
from events.services.outcomes import note_outcome
from tests.crm.test_races import one, run, seeded_file  # noqa: F401 a fixture is found by its name
from tests.factories.meetings import make_meeting, make_participant, make_round, make_slot

pytestmark = pytest.mark.django_db


def tidy() -> None:
    Meeting.objects.all().delete()
    MeetingRequest.objects.all().delete()
    Participant.objects.all().delete()
    MeetingRound.objects.all().delete()
    for desk in RegistrationDesk.objects.filter(registrations__isnull=False).distinct():
        desk.registrations.all().delete()
        desk.delete()
    Activity.objects.filter(kind="meeting").delete()
    Lead.objects.filter(is_sample=False).delete()
    Contact.objects.filter(leads=None).delete()
    Organisation.objects.filter(leads=None, contacts=None).delete()


@pytest.fixture(autouse=True)
def _open_database(seeded_file, db, tmp_path, monkeypatch):  # noqa: F811
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    yield
    if connection.vendor != "sqlite":
        one(tidy)


def make_cast(**fields):
    meeting_round = make_round(**fields)
    return [make_participant(meeting_round, consents=("meeting", "event_lead")) for _ in range(3)]


def states() -> list[str]:
    return one(lambda: list(MeetingRequest.objects.order_by("pk").values_list("status", flat=True)))


def in_order(results: list) -> None:
    """Nothing but what a service refuses in words."""
    assert all(not isinstance(r, Exception) or isinstance(r, EventError) for r in results), results


def test_two_who_ask_each_other_at_once_have_agreed():
    me, other, _ = one(make_cast)
    results = run(
        lambda: ask(from_participant=me, to_participant=other),
        lambda: ask(from_participant=other, to_participant=me),
    )
    in_order(results)
    assert sorted(result.status for result in results) == ["accepted", "open"]
    assert states() == ["accepted"]


def test_the_same_request_sent_twice_is_one():
    me, other, _ = one(make_cast)
    results = run(*[lambda: ask(from_participant=me, to_participant=other)] * 3)
    in_order(results)
    assert sum(isinstance(result, MeetingRequest) for result in results) == 1
    assert states() == ["open"]


def test_two_yeses_for_the_last_meeting_are_one():
    me, first, second = one(lambda: make_cast(meetings_max=1))
    requests = one(lambda: [ask(from_participant=by, to_participant=me) for by in (first, second)])
    results = run(
        *(lambda r=r: answer(r, participant=me, accepts=True) for r in requests),
    )
    in_order(results)
    assert sorted(states()) == ["accepted", "open"]


@pytest.fixture
def _lock_off(monkeypatch):
    """The services without their lock, and a rest between what they read and what they write."""
    if connection.vendor == "sqlite":
        pytest.skip("there is one writer at a time, whatever is locked")
    check = meetings_requests._check_room

    def check_and_rest(*args) -> None:
        check(*args)
        time.sleep(0.1)

    monkeypatch.setattr(meetings_requests, "lock_round", lambda one: one)
    monkeypatch.setattr(meetings_requests, "_check_room", check_and_rest)


@pytest.mark.usefixtures("_lock_off")
def test_without_the_lock_two_yeses_for_the_last_meeting_are_two():
    """The negative control: these races find what they look for."""
    me, first, second = one(lambda: make_cast(meetings_max=1))
    requests = one(lambda: [ask(from_participant=by, to_participant=me) for by in (first, second)])
    run(*(lambda r=r: answer(r, participant=me, accepts=True) for r in requests))
    assert states() == ["accepted", "accepted"]


@pytest.mark.usefixtures("_lock_off")
def test_without_the_lock_two_who_ask_each_other_ask_past_each_other():
    me, other, _ = one(make_cast)
    run(
        lambda: ask(from_participant=me, to_participant=other),
        lambda: ask(from_participant=other, to_participant=me),
    )
    assert states() == ["open", "open"]


@pytest.mark.parametrize("beside", ["withdraw", "expire", "leave"])
def test_a_yes_beside_an_end_is_one_of_both(beside):
    me, other, _ = one(make_cast)
    request = one(lambda: ask(from_participant=me, to_participant=other))
    ends = {
        "withdraw": lambda: withdraw(request, participant=me),
        "expire": lambda: expire_requests(now=request.expires_at + timedelta(hours=1)),
        "leave": lambda: leave(me.registration),
    }
    results = run(lambda: answer(request, participant=other, accepts=True), ends[beside])
    in_order(results)
    [state] = states()
    if isinstance(results[0], MeetingRequest) and beside == "expire":
        assert state == "accepted"
    elif isinstance(results[0], MeetingRequest):
        # The yes came first, and was then taken back.
        assert state == ("accepted" if isinstance(results[1], Exception) else "withdrawn")
    else:
        assert state in ("withdrawn", "expired")


def test_both_sides_of_two_meetings_note_at_once_and_each_has_one_lead():
    me, first, second = one(make_cast)

    def plan():
        meeting_round = MeetingRound.objects.get(pk=me.round_id)
        for participant in (me, first, second):
            participant.round = meeting_round
        meetings = [
            make_meeting(me, first, make_slot(meeting_round, -50)),
            make_meeting(second, me, make_slot(meeting_round, -25)),
        ]
        return [side for meeting in meetings for side in meeting.sides.all()]

    sides = one(plan)
    results = run(*(lambda s=s: note_outcome(s, outcome="agreed", note="好") for s in sides))
    assert not any(isinstance(result, Exception) for result in results), results
    assert one(lambda: Lead.objects.filter(is_sample=False).count()) == 3
    assert one(lambda: Meeting.objects.filter(status="held").count()) == 2
