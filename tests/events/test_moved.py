"""Time slots go along with an event that was moved, and meetings are marked as held by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.choices import MeetingStatus
from events.desk_errors import NotAllowedError
from events.models import Meeting, TimeSlot
from events.services.moved import keep_slots, shift_of, shift_slots
from events.services.outcomes import mark_meeting, note_outcome
from events.services.places import add_slots
from events.services.planning import add_meeting, cancel_meeting
from events.timetable.errors import (
    MeetingOverError,
    NotBegunError,
    NotMovedError,
    PlaceUsedError,
)
from tests.factories.crm import UserFactory
from tests.factories.events import make_event
from tests.factories.meetings import make_meeting, make_participant, make_round, make_slot, purposes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def times(meeting_round) -> list:
    return list(meeting_round.slots.order_by("starts_at").values_list("starts_at", flat=True))


def planned_round(number: int = 3):
    """A round with slots made for the time of its event, and one meeting in the first of them."""
    meeting_round = make_round()
    page = meeting_round.desk.page
    add_slots(
        meeting_round=meeting_round,
        starts_at=page.starts_at,
        minutes=20,
        pause=0,
        number=number,
        actor=None,
    )
    meeting_round.refresh_from_db()
    people = [make_participant(meeting_round) for _ in range(3)]
    table = meeting_round.tables.create(name="1")
    slot = meeting_round.slots.first()
    add_meeting(first=people[0], second=people[1], slot=slot, table=table, actor=None)
    return meeting_round, people


def moved(meeting_round, by: timedelta):
    """The round after its event was moved by so much."""
    make_event(starts_at=meeting_round.desk.page.starts_at + by)
    return type(meeting_round).objects.get(pk=meeting_round.pk)


@pytest.mark.parametrize("by", [timedelta(minutes=20), -2 * HOUR, timedelta(days=7)])
def test_all_slots_go_along_and_whoever_has_meetings_is_mailed_once(by):
    meeting_round, (one, other, third) = planned_round()
    before = times(meeting_round)
    meeting_round.told_at = timezone.now()
    meeting_round.save()
    meeting_round = moved(meeting_round, by)
    assert shift_of(meeting_round) == by
    assert times(meeting_round) == before  # not by itself
    assert shift_slots(meeting_round=meeting_round, actor=None) == 3
    assert times(meeting_round) == [time + by for time in before]
    lengths = {slot.ends_at - slot.starts_at for slot in TimeSlot.objects.all()}
    assert lengths == {timedelta(minutes=20)}
    assert [purposes(each) for each in (one, other, third)] == [["schedule"], ["schedule"], []]
    meeting_round.refresh_from_db()
    assert not shift_of(meeting_round)
    with pytest.raises(NotMovedError):
        shift_slots(meeting_round=meeting_round, actor=None)


def test_nobody_is_mailed_a_timetable_that_was_not_sent():
    meeting_round, people = planned_round()
    shift_slots(meeting_round=moved(meeting_round, HOUR), actor=None)
    assert [purposes(each) for each in people] == [[], [], []]


def test_slots_that_were_used_stay():
    meeting_round, _people = planned_round()
    Meeting.objects.update(status=MeetingStatus.HELD)
    meeting_round = moved(meeting_round, HOUR)
    before = times(meeting_round)
    with pytest.raises(PlaceUsedError):
        shift_slots(meeting_round=meeting_round, actor=None)
    assert times(meeting_round) == before


def test_the_organiser_may_leave_the_slots_where_they_are():
    meeting_round, _people = planned_round()
    meeting_round = moved(meeting_round, HOUR)
    before = times(meeting_round)
    keep_slots(meeting_round=meeting_round, actor=None)
    meeting_round.refresh_from_db()
    assert (times(meeting_round), shift_of(meeting_round)) == (before, timedelta(0))


def test_the_pages_of_planning_offer_it(client, make_user):
    meeting_round, _people = planned_round()
    client.force_login(make_user("CRM officers"))
    page = reverse("meetings:timetable", args=[meeting_round.desk_id])
    shift = reverse("meetings:shift_slots", args=[meeting_round.desk_id])
    assert shift not in client.get(page).content.decode()
    meeting_round = moved(meeting_round, HOUR)
    before = times(meeting_round)
    assert shift in client.get(page).content.decode()
    assert client.post(shift).status_code == 302
    assert times(meeting_round) == [time + HOUR for time in before]
    assert "已" in client.post(shift, follow=True).content.decode()  # pressed twice: told why not
    moved(meeting_round, -HOUR)
    client.post(reverse("meetings:keep_slots", args=[meeting_round.desk_id]))
    assert shift not in client.get(page).content.decode()


# --- Held or missed ---------------------------------------------------------------------------


def begun_meeting() -> Meeting:
    meeting_round = make_round()
    one, other = make_participant(meeting_round), make_participant(meeting_round)
    return make_meeting(one, other, make_slot(meeting_round, -5))


def status(meeting: Meeting) -> str:
    return Meeting.objects.get(pk=meeting.pk).status


def test_a_meeting_is_marked_and_the_mark_taken_back():
    meeting = begun_meeting()
    for mark in ("missed", "held", "planned"):
        mark_meeting(meeting=meeting, status=mark, actor=None)
        assert status(meeting) == mark


def test_what_a_side_says_afterwards_counts_again():
    meeting = begun_meeting()
    mark_meeting(meeting=meeting, status="missed", actor=None)
    note_outcome(meeting.sides.first(), outcome="agreed")
    assert status(meeting) == "held"


def test_what_has_not_begun_or_was_cancelled_is_not_marked():
    meeting = begun_meeting()
    TimeSlot.objects.update(starts_at=timezone.now() + HOUR, ends_at=timezone.now() + 2 * HOUR)
    with pytest.raises(NotBegunError):
        mark_meeting(meeting=meeting, status="held", actor=None)
    cancel_meeting(meeting=meeting, actor=None)
    with pytest.raises(MeetingOverError):
        mark_meeting(meeting=meeting, status="held", actor=None)


def test_the_page_of_a_meeting_marks_it_and_shows_what_each_side_said(client, make_user):
    meeting = begun_meeting()
    client.force_login(make_user("CRM officers"))
    page = reverse("meetings:meeting", args=[meeting.round.desk_id, meeting.pk])
    mark = reverse("meetings:mark", args=[meeting.round.desk_id, meeting.pk])
    assert client.post(mark, {"status": "missed"}).status_code == 302
    assert status(meeting) == "missed"
    assert client.post(mark, {"status": "cancelled"}).status_code == 422
    note_outcome(meeting.sides.first(), outcome="agreed", rating=4, note="下周去看厂")
    shown = client.get(page).content.decode()
    assert "下周去看厂" in shown and mark in shown


def test_who_may_not_plan_marks_and_moves_nothing():
    meeting, editor = begun_meeting(), UserFactory(role="Editors")
    with pytest.raises(NotAllowedError):
        mark_meeting(meeting=meeting, status="held", actor=editor)
    for service in (shift_slots, keep_slots):
        with pytest.raises(NotAllowedError):
            service(meeting_round=meeting.round, actor=editor)
    assert status(meeting) == "planned"
