"""The pages of planning in the admin: who may, what they do, what they refuse, how many queries."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from events.matchmaking.taking_part import takes_part
from events.models import Meeting, MeetingRequest, MeetingRound, Participant, TimetableProposal
from events.services.planning import add_meeting
from events.services.proposals import work_out
from events.timetable.admin import VIEWS
from tests.factories.events import book, event_consents, make_desk
from tests.factories.timetable import make_people, make_round, want

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
HUGE = "9" * 40


@pytest.fixture
def officer(client, make_user):
    user = make_user("CRM officers")
    client.force_login(user)
    return user


def address(meeting_round_or_desk, view: str, *args) -> str:
    desk = getattr(meeting_round_or_desk, "desk", meeting_round_or_desk)
    return reverse(f"meetings:{view}", args=[desk.pk, *args])


def cast(number=4, **fields):
    meeting_round = make_round(**fields)
    people = make_people(meeting_round, number)
    return meeting_round, people, list(meeting_round.slots.all()), list(meeting_round.tables.all())


def every_address(meeting_round, meeting) -> list[str]:
    numbers = {
        "table": meeting.table_id,
        "remove_table": meeting.table_id,
        "slot": meeting.slot_id,
        "remove_slot": meeting.slot_id,
        "participant": meeting.sides.first().participant_id,
        "leave": meeting.sides.first().participant_id,
        "end_wish": 1,
        "proposal": 1,
        "accept": 1,
        "discard": 1,
    }
    return [
        address(meeting_round, name, *([numbers.get(name, meeting.pk)] if "<int:pk>" in at else []))
        for at, _view, name in VIEWS
    ]


@pytest.mark.parametrize("group", ["Editors", "Publishers"])
def test_who_may_not_plan_sees_nothing_of_it(client, make_user, group):
    meeting_round, (a, b, *_), slots, tables = cast()
    meeting = add_meeting(first=a, second=b, slot=slots[0], table=tables[0], actor=None)
    client.force_login(make_user(group))
    for url in every_address(meeting_round, meeting):
        for answer in (client.get(url), client.post(url)):
            # The admin takes whoever may not to its first page.
            assert answer.status_code in (302, 403), url
            assert str(a) not in answer.content.decode()
    assert Meeting.objects.filter(status="planned").count() == 1


def test_a_round_is_begun_set_up_planned_and_sent(client, officer):
    desk = make_desk(capacity=None)
    assert client.get(address(desk, "timetable"))["Location"] == address(desk, "rules")
    rules = {"asking": "organiser", "request_hours": 48, "meetings_max": ""}
    assert client.post(address(desk, "rules"), rules)["Location"] == address(desk, "places")
    meeting_round = MeetingRound.objects.get(desk=desk)
    client.post(address(desk, "add_tables"), {"number": 2, "prefix": ""})
    starts = desk.page.starts_at.strftime("%Y-%m-%dT%H:%M")
    slots = {"starts_at": starts, "minutes": 20, "pause": 5, "number": 3}
    client.post(address(desk, "add_slots"), slots)
    assert (meeting_round.tables.count(), meeting_round.slots.count()) == (2, 3)
    registrations = [book(desk, consents=event_consents("meeting")), book(desk)]
    profile = {"side": "firm", "offers": "加工", "seeks": "", "is_listed": "on"}
    for registration in registrations:
        entry = profile | {"registration": registration.pk, "consent": "on"}
        assert client.post(address(desk, "join"), entry).status_code == 302
    a, b = Participant.objects.filter(round=meeting_round)
    assert b.registration.consents.get(kind="meeting").method == "paper"
    client.post(address(desk, "wishes"), {"first": a.pk, "second": b.pk, "message": "互补"})
    answer = client.post(address(desk, "propose"))
    proposal = TimetableProposal.objects.get()
    assert answer["Location"] == address(desk, "proposal", proposal.pk)
    assert 'http-equiv="refresh"' in client.get(answer["Location"]).content.decode()
    work_out(proposal.pk)
    shown = client.get(answer["Location"])
    assert (shown.context["proposal"].number, shown.context["share"]) == (1, 100)
    assert 'http-equiv="refresh"' not in shown.content.decode()
    client.post(address(desk, "accept", proposal.pk))
    page = client.get(address(desk, "timetable"))
    assert page.context["grid"].number == 1
    assert page["Cache-Control"].startswith("no-store, private")
    client.post(address(desk, "tell"))
    assert a.registration.mails.filter(purpose="schedule").count() == 1


def test_a_meeting_is_set_moved_exchanged_fixed_and_cancelled(client, officer):
    meeting_round, (a, b, c, d), slots, tables = cast()
    data = {"first": a.pk, "second": b.pk, "slot": slots[0].pk, "table": tables[0].pk}
    filled = client.get(
        f"{address(meeting_round, 'add_meeting')}?slot={slots[0].pk}&table={tables[0].pk}&first=x"
    )
    assert filled.context["form"].initial == {"slot": str(slots[0].pk), "table": str(tables[0].pk)}
    client.post(address(meeting_round, "add_meeting"), data)
    meeting = Meeting.objects.get()
    taken = client.post(
        address(meeting_round, "add_meeting"), data | {"first": c.pk, "second": d.pk}
    )
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["table"])
    b.away.add(slots[1])
    goal = {"slot": slots[1].pk, "table": tables[1].pk}
    refused = client.post(address(meeting_round, "move", meeting.pk), goal)
    assert refused.status_code == 422
    assert str(b) in str(refused.context["place_form"].non_field_errors())
    client.post(address(meeting_round, "move", meeting.pk), goal | {"anyway": "on"})
    meeting.refresh_from_db()
    assert meeting.slot == slots[1]
    other = add_meeting(first=c, second=d, slot=slots[0], table=tables[0], actor=None)
    swap = {"swap-other": other.pk}
    client.post(address(meeting_round, "swap", meeting.pk), swap)
    meeting.refresh_from_db()
    assert meeting.slot == slots[0]
    client.post(address(meeting_round, "fix", meeting.pk))
    meeting.refresh_from_db()
    assert not meeting.is_fixed
    client.post(address(meeting_round, "cancel", meeting.pk), {"cancel-reason": "改期"})
    again = client.post(address(meeting_round, "cancel", meeting.pk), {"cancel-reason": "改期"})
    assert again.status_code == 422
    page = client.get(address(meeting_round, "meeting", meeting.pk))
    assert "改期" in page.content.decode()


def test_tables_and_slots_are_changed_and_removed(client, officer):
    meeting_round, (a, b, *_), slots, tables = cast()
    add_meeting(first=a, second=b, slot=slots[0], table=tables[0], actor=None)
    client.post(address(meeting_round, "table", tables[0].pk), {"name": "窗边"})
    same = client.post(address(meeting_round, "table", tables[1].pk), {"name": "窗边"})
    assert list(same.context["form"].errors) == ["name"]
    overlap = client.post(
        address(meeting_round, "add_slots"),
        {"starts_at": slots[0].starts_at.strftime("%Y-%m-%dT%H:%M"), "minutes": 999, "number": 1},
    )
    assert overlap.status_code == 422
    assert {"minutes", "pause"} == set(overlap.context["slots_form"].errors)
    for view, pk in (("remove_table", tables[0].pk), ("remove_slot", slots[0].pk)):
        assert client.get(address(meeting_round, view, pk)).status_code == 200
        client.post(address(meeting_round, view, pk), {"elsewhere": "on"})
    assert (meeting_round.tables.count(), meeting_round.slots.count()) == (1, 2)
    assert Meeting.objects.get().status == "planned"


def test_participants_are_changed_and_taken_out_and_requests_withdrawn(client, officer):
    meeting_round, (a, b, c, _), slots, _tables = cast()
    request = want(a, b)
    profile = {"side": "investor", "offers": "资金", "seeks": "项目", "away": [slots[0].pk]}
    client.post(address(meeting_round, "participant", a.pk), profile)
    a.refresh_from_db()
    assert (a.side, a.away.get()) == ("investor", slots[0])
    nothing = client.post(address(meeting_round, "participant", a.pk), {"side": "firm"})
    assert list(nothing.context["form"].errors) == ["offers"]
    assert "state=accepted" in client.get(address(meeting_round, "wishes")).content.decode()
    client.post(address(meeting_round, "end_wish", request.pk))
    client.post(address(meeting_round, "end_wish", request.pk))
    request.refresh_from_db()
    assert request.status == "withdrawn"
    client.post(address(meeting_round, "leave", c.pk))
    assert not MeetingRequest.objects.filter(status="accepted").exists()
    c.refresh_from_db()
    assert (c.offers, c.seeks, takes_part(c)) == ("", "", False)


def test_what_nobody_would_type_ends_in_a_message(client, officer):
    meeting_round, (a, b, *_), slots, tables = cast()
    meeting = add_meeting(first=a, second=b, slot=slots[0], table=tables[0], actor=None)
    odd = {
        "first": HUGE,
        "second": "\x00",
        "slot": "-1",
        "table": "\ud800",
        "number": HUGE,
        "starts_at": "0001-01-01T00:00",
        "ends_at": "x",
        "minutes": "0",
        "name": "",
        "registration": HUGE,
        "away": [HUGE],
        "chains": ["x"],
        "swap-other": HUGE,
        "asking": "x",
    }
    for view, *args in (
        ("add_meeting",),
        ("move", meeting.pk),
        ("swap", meeting.pk),
        ("add_tables",),
        ("add_slots",),
        ("table", tables[0].pk),
        ("slot", slots[0].pk),
        ("join",),
        ("participant", a.pk),
        ("wishes",),
        ("rules",),
    ):
        data = {k: v for k, v in odd.items() if v not in ("\x00", "\ud800")}
        assert client.post(address(meeting_round, view, *args), data).status_code == 422, view
    get = client.get(f"{address(meeting_round, 'add_meeting')}?slot={HUGE}&first=%00")
    assert get.status_code in (200, 400)
    assert client.get(f"{address(meeting_round, 'wishes')}?state=x").status_code == 200
    for view in ("meeting", "participant", "slot", "table", "proposal"):
        assert client.get(address(meeting_round, view, int(HUGE))).status_code == 404
    assert client.get(address(meeting_round, "propose")).status_code == 405


def test_sheets_and_spreadsheet_have_full_names_and_leave_a_line_in_the_log(client, officer):
    from wagtail.models import ModelLogEntry

    meeting_round, (a, b, c, d), slots, tables = cast(slots=1, tables=1)
    want(c, d)
    add_meeting(first=a, second=b, slot=slots[0], table=tables[0], actor=None)
    for view in ("table_sheets", "person_sheets"):
        assert a.registration.name in client.get(address(meeting_round, view)).content.decode()
    answer = client.get(address(meeting_round, "workbook"))
    book_ = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    meetings, grid, without = (list(sheet.values) for sheet in book_.worksheets)
    assert meetings[1][3] == "1"
    assert a.registration.name in meetings[1][4]
    assert len(grid) == 2
    assert without[1][:2] == (str(c), str(d))
    actions = ModelLogEntry.objects.filter(action__startswith="events.timetable_")
    assert sorted(actions.values_list("action", flat=True)) == [
        "events.timetable_export",
        "events.timetable_print",
        "events.timetable_print",
    ]


def test_no_page_needs_more_queries_for_more_meetings(
    client, officer, django_assert_max_num_queries
):
    meeting_round, people, slots, tables = cast(12, slots=4, tables=3)
    pages = ("timetable", "people", "wishes", "places", "table_sheets")

    def count(number: int) -> dict[str, int]:
        for at in range(number):
            pair = people[2 * at], people[2 * at + 1]
            want(*pair)
            if at % 2 == 0:
                place = {"slot": slots[at % 4], "table": tables[at % 3]}
                add_meeting(first=pair[0], second=pair[1], actor=None, **place)
        found = {}
        for view in pages:
            with django_assert_max_num_queries(60) as queries:
                assert client.get(address(meeting_round, view)).status_code == 200
            found[view] = len(queries)
        Meeting.objects.all().delete()
        MeetingRequest.objects.all().delete()
        return found

    count(2)  # what is remembered for ever is read once
    assert count(2) == count(6)
