"""What two officers plan at the same moment, with real connections of their own."""

import shutil

import pytest
from django.db import connection, connections

from events.errors import EventError
from events.models import (
    Meeting,
    MeetingRequest,
    MeetingRound,
    MeetingSide,
    Participant,
    RegistrationDesk,
    TimetableProposal,
)
from events.services.places import remove_slot
from events.services.planning import add_meeting, move_meeting, swap_meetings
from events.services.proposals import accept, propose, work_out
from events.timetable.errors import PlaceTakenError, ProposalOverError, ProposalRunningError
from tests.crm.test_races import one, run, seeded_file  # noqa: F401 a fixture is found by its name
from tests.factories.timetable import make_people, make_round, want

pytestmark = pytest.mark.django_db


def tidy() -> None:
    Meeting.objects.all().delete()
    MeetingRequest.objects.all().delete()
    Participant.objects.all().delete()
    MeetingRound.objects.all().delete()
    for desk in RegistrationDesk.objects.filter(registrations__isnull=False).distinct():
        desk.registrations.all().delete()
        desk.delete()


@pytest.fixture(autouse=True)
def _open_database(seeded_file, db, tmp_path, monkeypatch):  # noqa: F811
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    yield
    if connection.vendor != "sqlite":
        one(tidy)


def cast(number: int = 4, **fields):
    def make():
        meeting_round = make_round(**fields)
        people = make_people(meeting_round, number)
        return (
            meeting_round,
            people,
            list(meeting_round.slots.all()),
            list(meeting_round.tables.all()),
        )

    return one(make)


def sound() -> None:
    """No table twice, nobody twice, and every side where its meeting is."""

    def look():
        live = Meeting.objects.exclude(status="cancelled")
        places = list(live.values_list("slot", "table"))
        assert len(set(places)) == len(places)
        sides = MeetingSide.objects.filter(is_live=True)
        seats = list(sides.values_list("slot", "participant"))
        assert len(set(seats)) == len(seats)
        assert all(side.slot_id == side.meeting.slot_id for side in sides.select_related("meeting"))

    one(look)


def test_two_officers_fill_one_place_once():
    _round, (a, b, c, d), slots, tables = cast()

    def put(first, second):
        return add_meeting(first=first, second=second, slot=slots[0], table=tables[0], actor=None)

    results = run(lambda: put(a, b), lambda: put(c, d))
    assert sorted(type(result).__name__ for result in results) == ["Meeting", "PlaceTakenError"]
    sound()


def test_two_meetings_moved_into_one_place_and_exchanged_meanwhile():
    _round, (a, b, c, d), slots, tables = cast()

    def make():
        place = {"table": tables[0], "actor": None}
        return (
            add_meeting(first=a, second=b, slot=slots[0], **place),
            add_meeting(first=c, second=d, slot=slots[1], **place),
        )

    first, second = one(make)
    goal = {"slot": slots[2], "table": tables[0], "actor": None}
    results = run(
        lambda: move_meeting(meeting=first, **goal),
        lambda: move_meeting(meeting=second, **goal),
        lambda: swap_meetings(first=first, second=second, actor=None),
    )
    assert all(r is None or isinstance(r, Meeting | PlaceTakenError) for r in results), results
    sound()


def test_a_proposal_is_asked_for_and_accepted_once():
    meeting_round, (a, b, c, d), slots, _tables = cast()
    one(lambda: [want(a, b), want(c, d)])
    asked = run(*[lambda: propose(meeting_round=meeting_round, actor=None)] * 3)
    # In tests the task runs on commit at once, so that another one may be asked for after it.
    proposals = [result for result in asked if isinstance(result, TimetableProposal)]
    assert all(isinstance(r, TimetableProposal | ProposalRunningError) for r in asked), asked
    proposal = max(proposals, key=lambda proposal: proposal.pk)
    assert one(lambda: work_out(proposal.pk)) == "ready"
    assert one(lambda: TimetableProposal.objects.filter(state="ready").count()) == 1
    results = run(*[lambda: accept(proposal=proposal, actor=None)] * 3)
    assert sum(isinstance(result, TimetableProposal) for result in results) == 1, results
    assert sum(isinstance(result, ProposalOverError) for result in results) == 2
    assert one(lambda: Meeting.objects.count()) == 2
    sound()


def test_accepting_while_a_slot_is_removed_and_a_place_is_filled():
    meeting_round, (a, b, c, d), slots, tables = cast()

    def make():
        want(a, b)
        want(c, d)
        proposal = propose(meeting_round=meeting_round, actor=None)
        work_out(proposal.pk)
        return proposal

    proposal = one(make)
    results = run(
        lambda: accept(proposal=proposal, actor=None),
        lambda: remove_slot(slot=slots[0], actor=None),
        lambda: add_meeting(first=a, second=c, slot=slots[1], table=tables[0], actor=None),
    )
    assert all(isinstance(r, TimetableProposal | tuple | Meeting | EventError) for r in results), (
        results
    )
    sound()
