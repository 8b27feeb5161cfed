"""Meetings set by hand, tables and slots, proposals: every way they can end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.choices import MeetingStatus, PoolKind, RequestStatus
from events.matchmaking.errors import RequestMoveError
from events.models import (
    EventMail,
    EventPage,
    Meeting,
    MeetingSide,
    Registration,
    SeatPool,
    TimetableProposal,
)
from events.services.places import (
    add_slots,
    add_tables,
    change_round,
    create_round,
    move_slot,
    remove_slot,
    remove_table,
    rename_table,
)
from events.services.planning import (
    add_meeting,
    cancel_meeting,
    cancel_meetings_of,
    move_meeting,
    set_fixed,
    swap_meetings,
)
from events.services.proposals import accept, discard, propose, tell, work_out
from events.services.wishes import end_wish
from events.timetable.errors import (
    ConflictsError,
    MeetAlreadyError,
    MeetingOverError,
    NameTakenError,
    NothingToPlanError,
    NothingToTellError,
    NotOfThisRoundError,
    PlaceTakenError,
    PlaceUsedError,
    ProposalOutdatedError,
    ProposalOverError,
    ProposalRunningError,
    RoundExistsError,
    SamePersonError,
    SlotOrderError,
    SlotsOverlapError,
    TooManyPlacesError,
    TwoPlacesError,
)
from events.timetable.grid import make_grid
from tests.factories.events import make_desk, make_event
from tests.factories.timetable import make_people, make_round, want

pytestmark = pytest.mark.django_db


def places_of(meeting_round) -> tuple[list, list]:
    return list(meeting_round.slots.all()), list(meeting_round.tables.all())


def cast(number=4, **fields):
    """A round with its people, slots and tables."""
    meeting_round = make_round(**fields)
    people = make_people(meeting_round, number)
    return meeting_round, people, *places_of(meeting_round)


def meet(first, second, slot, table, **options) -> Meeting:
    return add_meeting(first=first, second=second, slot=slot, table=table, actor=None, **options)


def told(meeting_round) -> None:
    meeting_round.told_at = timezone.now()
    meeting_round.save()


def purposes(person) -> list[str]:
    return list(person.registration.mails.values_list("purpose", flat=True))


def where(meeting) -> tuple[int, int]:
    meeting.refresh_from_db()
    assert {side.slot_id for side in meeting.sides.all()} == {meeting.slot_id}
    return meeting.slot_id, meeting.table_id


def proposal_for(meeting_round) -> TimetableProposal:
    proposal = propose(meeting_round=meeting_round, actor=None)
    assert work_out(proposal.pk) == "ready"
    proposal.refresh_from_db()
    return proposal


def plan(meeting_round) -> TimetableProposal:
    return accept(proposal=proposal_for(meeting_round), actor=None)


# --- By hand --------------------------------------------------------------------------------


def test_a_meeting_set_by_hand_fulfils_the_request_and_stays_where_it_is():
    meeting_round, (a, b, *_), slots, tables = cast()
    request = want(b, a)
    meeting = meet(a, b, slots[1], tables[1])
    assert (meeting.request, meeting.is_fixed, meeting.sides.count()) == (request, True, 2)
    plan(meeting_round)
    assert where(meeting) == (slots[1].pk, tables[1].pk)
    assert meeting_round.meetings.count() == 1


def test_what_can_not_be_is_refused_with_nothing_stored():
    meeting_round, (a, b, c, d), slots, tables = cast()
    meet(a, b, slots[0], tables[0])
    with pytest.raises(SamePersonError):
        meet(a, a, slots[1], tables[0])
    with pytest.raises(MeetAlreadyError):
        meet(b, a, slots[1], tables[0])
    with pytest.raises(PlaceTakenError):
        meet(c, d, slots[0], tables[0])
    with pytest.raises(TwoPlacesError, match=f"{a}.*1"):
        meet(a, c, slots[0], tables[1])
    other = make_round(make_desk(page=make_other_event(), capacity=None))
    with pytest.raises(NotOfThisRoundError):
        meet(c, d, other.slots.first(), tables[1])
    with pytest.raises(NotOfThisRoundError):
        meet(c, d, slots[1], other.tables.first())
    with pytest.raises(NotOfThisRoundError):
        meet(c, make_people(other, 1)[0], slots[1], tables[1])
    assert meeting_round.meetings.count() == 1


def make_other_event():
    return make_event(EventPage.objects.exclude(slug="solar-chain-meeting").first().slug)


def test_what_speaks_against_it_is_said_and_can_be_overruled():
    meeting_round, (a, b, c, _), slots, tables = cast(meetings_max=1)
    meet(a, c, slots[1], tables[0])
    b.away.add(slots[0])
    pool = SeatPool.objects.create(
        desk=meeting_round.desk,
        kind=PoolKind.SESSION,
        name="开幕",
        starts_at=slots[0].starts_at,
        ends_at=slots[0].ends_at,
    )
    a.registration.pools.add(pool)
    Registration.objects.filter(pk=b.registration_id).update(status="cancelled")
    with pytest.raises(ConflictsError) as refusal:
        meet(a, b, slots[0], tables[0])
    assert len(refusal.value.conflicts) == 4
    assert "开幕" in refusal.value.conflicts[0]
    meeting = meet(a, b, slots[0], tables[0], anyway=True)
    grid = make_grid(meeting_round)
    assert [cell.meeting for cell in grid.conflicts if cell.meeting == meeting] == [meeting]


def test_a_meeting_is_moved_and_both_are_told_once_the_timetable_was_sent():
    meeting_round, (a, b, c, d), slots, tables = cast()
    meeting, other = meet(a, b, slots[0], tables[0]), meet(c, d, slots[1], tables[0])
    move_meeting(meeting=meeting, slot=slots[0], table=tables[1], actor=None)
    assert purposes(a) == []
    told(meeting_round)
    move_meeting(meeting=meeting, slot=slots[2], table=tables[0], actor=None)
    assert where(meeting) == (slots[2].pk, tables[0].pk)
    assert (purposes(a), purposes(b), purposes(c)) == (["meeting_changed"], ["meeting_changed"], [])
    assert move_meeting(meeting=meeting, slot=slots[2], table=tables[0], actor=None) == meeting
    assert len(purposes(a)) == 1
    with pytest.raises(PlaceTakenError):
        move_meeting(meeting=meeting, slot=slots[1], table=tables[0], actor=None)
    b.away.add(slots[0])
    with pytest.raises(ConflictsError):
        move_meeting(meeting=meeting, slot=slots[0], table=tables[0], actor=None)
    cancel_meeting(meeting=other, actor=None)
    with pytest.raises(MeetingOverError):
        move_meeting(meeting=other, slot=slots[0], table=tables[0], actor=None)


def test_two_meetings_change_places_also_when_they_share_somebody():
    meeting_round, (a, b, c, d), slots, tables = cast()
    one, other = meet(a, b, slots[0], tables[0]), meet(a, c, slots[1], tables[1])
    swap_meetings(first=one, second=other, actor=None)
    assert where(one) == (slots[1].pk, tables[1].pk)
    assert where(other) == (slots[0].pk, tables[0].pk)
    with pytest.raises(NotOfThisRoundError):
        swap_meetings(first=one, second=one, actor=None)
    third = meet(b, d, slots[0], tables[1])
    with pytest.raises(TwoPlacesError):  # a would be twice in the first slot
        swap_meetings(first=one, second=third, actor=None)
    d.away.add(slots[1])
    cancel_meeting(meeting=other, actor=None)
    with pytest.raises(ConflictsError):
        swap_meetings(first=one, second=third, actor=None)
    swap_meetings(first=one, second=third, actor=None, anyway=True)
    assert where(third) == (slots[1].pk, tables[1].pk)


def test_a_cancelled_meeting_frees_its_place_and_ends_the_request():
    meeting_round, (a, b, *_), slots, tables = cast()
    told(meeting_round)
    request = want(a, b)
    meeting = cancel_meeting(
        meeting=meet(a, b, slots[0], tables[0]), actor=None, reason="生病", still_wanted=True
    )
    request.refresh_from_db()
    assert (meeting.status, request.status) == (MeetingStatus.CANCELLED, RequestStatus.ACCEPTED)
    mail = a.registration.mails.get(data__change="cancelled")
    assert mail.data["reason"] == "生病"
    cancel_meeting(meeting=meet(a, b, slots[0], tables[0]), actor=None)
    request.refresh_from_db()
    assert request.status == RequestStatus.WITHDRAWN
    with pytest.raises(MeetingOverError):
        cancel_meeting(meeting=meeting, actor=None)


def test_whoever_does_not_come_has_no_meetings_and_the_others_are_told():
    meeting_round, (a, b, c, _), slots, tables = cast()
    meet(a, b, slots[0], tables[0])
    kept = meet(b, c, slots[1], tables[0])
    told(meeting_round)
    assert cancel_meetings_of(a) == 1
    assert cancel_meetings_of(a) == 0
    assert (purposes(a), purposes(b)) == ([], ["meeting_changed"])
    assert where(kept) == (slots[1].pk, tables[0].pk)


def test_a_request_is_ended_with_its_meeting_and_both_are_told():
    meeting_round, (a, b, *_), slots, tables = cast()
    request = want(a, b)
    end_wish(request=request, actor=None)
    assert purposes(a) == purposes(b) == ["answered"]
    with pytest.raises(RequestMoveError):
        end_wish(request=request, actor=None)
    told(meeting_round)
    again = want(a, b)
    meeting = meet(a, b, slots[0], tables[0])
    end_wish(request=again, actor=None)
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.CANCELLED
    assert purposes(a)[1:] == ["meeting_changed", "meeting_changed"]


# --- Tables and slots -----------------------------------------------------------------------


def test_an_event_has_one_round():
    desk = make_desk()
    meeting_round = create_round(desk=desk, actor=None, asking="organiser", meetings_max=5)
    with pytest.raises(RoundExistsError):
        create_round(desk=desk, actor=None)
    assert change_round(meeting_round=meeting_round, actor=None, meetings_max=None).asking == (
        "organiser"
    )


def test_tables_are_numbered_on_and_have_names_of_their_own():
    meeting_round = make_round(tables=1)
    made = add_tables(meeting_round=meeting_round, number=2, actor=None)
    assert [table.name for table in made] == ["2", "3"]
    assert add_tables(meeting_round=meeting_round, number=1, prefix="A", actor=None)[0].name == "A1"
    with pytest.raises(TooManyPlacesError):
        add_tables(meeting_round=meeting_round, number=500, actor=None)
    first = meeting_round.tables.first()
    with pytest.raises(NameTakenError):
        rename_table(table=first, name="A1", actor=None)
    assert rename_table(table=first, name=" 窗边 ", actor=None).name == "窗边"
    first.delete()
    with pytest.raises(NotOfThisRoundError):
        rename_table(
            table=meeting_round.tables.model(pk=0, round=meeting_round), name="x", actor=None
        )


def test_who_sits_at_a_renamed_table_is_told_once():
    meeting_round, (a, b, c, _), slots, tables = cast()
    meet(a, b, slots[0], tables[0])
    meet(a, c, slots[1], tables[0])
    told(meeting_round)
    rename_table(table=tables[0], name="窗边", actor=None)
    assert (purposes(a), purposes(b)) == (["schedule"], ["schedule"])


def test_the_meetings_of_a_removed_table_go_to_another_or_are_cancelled():
    meeting_round, (a, b, c, d), slots, tables = cast()
    one, other = meet(a, b, slots[0], tables[0]), meet(c, d, slots[0], tables[1])
    free = meet(a, c, slots[1], tables[0])
    request = want(a, b)
    told(meeting_round)
    assert remove_table(table=tables[0], actor=None, reason="少一张桌") == (1, 1)
    one.refresh_from_db()
    assert (one.status, one.table) == (MeetingStatus.CANCELLED, None)
    assert where(free) == (slots[1].pk, tables[1].pk)
    assert where(other) == (slots[0].pk, tables[1].pk)
    request.refresh_from_db()
    assert request.status == RequestStatus.ACCEPTED
    assert (purposes(a), purposes(b), purposes(d)) == (
        ["meeting_changed", "schedule"],
        ["meeting_changed"],
        [],
    )
    with pytest.raises(NotOfThisRoundError):
        remove_table(table=tables[0], actor=None)


def test_slots_follow_each_other_and_never_overlap():
    meeting_round = make_round(slots=1)
    last = meeting_round.slots.get()
    options = {"meeting_round": meeting_round, "minutes": 20, "pause": 5, "actor": None}
    made = add_slots(starts_at=last.ends_at, number=2, **options)
    assert made[1].starts_at - made[0].ends_at == timedelta(minutes=5)
    with pytest.raises(SlotsOverlapError):
        add_slots(starts_at=last.starts_at - timedelta(minutes=30), number=3, **options)
    with pytest.raises(SlotOrderError):
        add_slots(starts_at=last.ends_at, number=1, **options | {"minutes": 0})
    with pytest.raises(TooManyPlacesError):
        add_slots(starts_at=last.ends_at, number=999, **options)
    assert meeting_round.slots.count() == 3
    with pytest.raises(SlotsOverlapError):
        move_slot(slot=last, starts_at=last.starts_at, ends_at=made[0].ends_at, actor=None)
    with pytest.raises(SlotOrderError):
        move_slot(slot=last, starts_at=last.ends_at, ends_at=last.ends_at, actor=None)


def test_a_slot_that_moves_takes_its_meetings_along():
    meeting_round, (a, b, *_), slots, tables = cast()
    meet(a, b, slots[0], tables[0])
    told(meeting_round)
    earlier = slots[0].starts_at - timedelta(minutes=30)
    times = {"starts_at": earlier, "ends_at": earlier + timedelta(minutes=20)}
    move_slot(slot=slots[0], actor=None, **times)
    mail = a.registration.mails.get()
    assert mail.data["new"]["starts_at"] == earlier.isoformat()
    assert mail.data["old"]["starts_at"] == slots[0].starts_at.isoformat()
    move_slot(slot=slots[0], actor=None, **times)
    assert a.registration.mails.count() == 1
    slots[0].delete()
    with pytest.raises(NotOfThisRoundError):
        move_slot(slot=meeting_round.slots.model(pk=0, round=meeting_round), actor=None, **times)


def test_a_removed_slot_tells_the_people_in_it():
    meeting_round, (a, b, c, d), slots, tables = cast(slots=3, tables=1)
    one, other = meet(a, b, slots[0], tables[0]), meet(c, d, slots[1], tables[0])
    told(meeting_round)
    assert remove_slot(slot=slots[0], actor=None) == (1, 0)
    assert where(one) == (slots[2].pk, tables[0].pk)
    assert remove_slot(slot=slots[1], actor=None, reason="提前结束") == (0, 1)
    other.refresh_from_db()
    assert (other.status, other.slot) == (MeetingStatus.CANCELLED, None)
    assert c.registration.mails.get().data["reason"] == "提前结束"
    assert remove_slot(slot=slots[2], actor=None, elsewhere=False) == (0, 1)
    with pytest.raises(NotOfThisRoundError):
        remove_slot(slot=slots[2], actor=None)


def test_where_meetings_took_place_nothing_is_taken_away():
    _round, (a, b, *_), slots, tables = cast()
    meeting = meet(a, b, slots[0], tables[0])
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD)
    with pytest.raises(PlaceUsedError):
        remove_slot(slot=slots[0], actor=None)
    with pytest.raises(PlaceUsedError):
        remove_table(table=tables[0], actor=None)


# --- Proposals ------------------------------------------------------------------------------


def test_a_proposal_changes_nothing_until_it_is_accepted():
    meeting_round, (a, b, c, d), slots, tables = cast(slots=1)
    want(a, b)
    want(c, d, status=RequestStatus.OPEN, by_organiser=True)
    want(a, c, status=RequestStatus.OPEN)  # nobody has answered
    lost = want(b, d)
    proposal = proposal_for(meeting_round)
    assert (proposal.number, proposal.bound, proposal.is_best) == (2, 2, True)
    assert Meeting.objects.filter(round=meeting_round).count() == 0
    assert [row[0] for row in proposal.unplaced] == [lost.pk]
    accept(proposal=proposal, actor=None)
    assert meeting_round.meetings.count() == 2
    assert MeetingSide.objects.filter(meeting__round=meeting_round, is_live=True).count() == 4
    with pytest.raises(ProposalOverError):
        accept(proposal=proposal, actor=None)


def test_time_sessions_limits_and_absence_are_respected():
    meeting_round, (a, b, c, d), slots, tables = cast(slots=2, tables=3, meetings_max=1)
    a.away.add(slots[0])
    pool = SeatPool.objects.create(
        desk=meeting_round.desk,
        kind=PoolKind.SESSION,
        starts_at=slots[1].starts_at + timedelta(minutes=5),
        ends_at=slots[1].ends_at + timedelta(minutes=5),
    )
    b.registration.pools.add(pool)
    crossed, fine, gone = want(a, b), want(a, c), want(c, d)
    Registration.objects.filter(pk=d.registration_id).update(status="cancelled")
    proposal = plan(meeting_round)
    assert proposal.places == [[fine.pk, slots[1].pk, tables[0].pk]]
    assert {row[0]: row[1] for row in proposal.unplaced} == {
        crossed.pk: "no_common",
        gone.pk: "absent",
    }


def test_one_meeting_for_a_pair_however_many_requests():
    meeting_round, (a, b, *_), _slots, _tables = cast()
    want(a, b)
    want(b, a)
    assert plan(meeting_round).number == 1


def test_without_tables_or_slots_there_is_nothing_to_plan():
    with pytest.raises(NothingToPlanError):
        propose(meeting_round=make_round(tables=0), actor=None)


def test_one_proposal_is_worked_out_at_a_time_and_a_lost_one_is_given_up():
    meeting_round, *_ = cast()
    first = propose(meeting_round=meeting_round, actor=None)
    with pytest.raises(ProposalRunningError):
        propose(meeting_round=meeting_round, actor=None)
    TimetableProposal.objects.filter(pk=first.pk).update(
        created_at=timezone.now() - timedelta(hours=1)
    )
    second = proposal_for(meeting_round)
    first.refresh_from_db()
    assert first.state == "failed"
    assert work_out(first.pk) == "failed"
    proposal_for(meeting_round)
    second.refresh_from_db()
    assert second.state == "discarded"
    with pytest.raises(ProposalOverError):
        discard(proposal=second, actor=None)
    assert work_out(0) == ""


def test_a_proposal_that_does_not_fit_any_more_is_not_accepted():
    meeting_round, (a, b, *_), slots, tables = cast(slots=1, tables=1)
    want(a, b)
    proposal = proposal_for(meeting_round)
    a.away.add(slots[0])
    with pytest.raises(ProposalOutdatedError):
        accept(proposal=proposal, actor=None)
    assert meeting_round.meetings.count() == 0


def test_a_new_timetable_moves_drops_and_adds_and_tells_whom_it_concerns():
    meeting_round, (a, b, c, d), slots, tables = cast(slots=2, tables=2)
    ab, cd = want(a, b), want(c, d)
    plan(meeting_round)
    assert tell(meeting_round=meeting_round, actor=None) == 4
    meetings = {meeting.request_id: meeting for meeting in meeting_round.meetings.all()}
    before = where(meetings[cd.pk])
    ab.status = RequestStatus.WITHDRAWN
    ab.save()
    want(a, d)
    plan(meeting_round)
    gone = meetings[ab.pk]
    gone.refresh_from_db()
    assert gone.status == MeetingStatus.CANCELLED
    assert where(meetings[cd.pk]) == before
    assert purposes(c) == ["schedule"]
    assert purposes(a) == purposes(b) == purposes(d) == ["schedule", "schedule"]
    assert tell(meeting_round=meeting_round, actor=None) == 0


def test_many_meetings_exchange_places_in_one_step():
    meeting_round, (a, b, c, d), slots, tables = cast(slots=2, tables=1)
    want(a, b)
    want(c, d)
    plan(meeting_round)
    one, other = meeting_round.meetings.order_by("slot__starts_at")
    for side in one.sides.all():  # whoever had the first slot has time in the second only
        side.participant.away.add(slots[0])
    plan(meeting_round)
    assert where(one)[0] == slots[1].pk
    assert where(other)[0] == slots[0].pk


def test_a_meeting_that_may_be_moved_again_is_given_to_the_solver():
    meeting_round, (a, b, *_), slots, tables = cast(slots=2, tables=1)
    want(a, b)
    meeting = meet(a, b, slots[0], tables[0])
    a.away.add(slots[0])
    plan(meeting_round)
    assert where(meeting)[0] == slots[0].pk
    set_fixed(meeting=meeting, is_fixed=False, actor=None)
    plan(meeting_round)
    assert where(meeting)[0] == slots[1].pk


def test_on_the_day_what_has_begun_stays():
    meeting_round, (a, b, c, _), slots, tables = cast(slots=2, tables=1)
    want(a, b)
    plan(meeting_round)
    meeting = meeting_round.meetings.get()
    begun = meeting.slot
    shift = timezone.now() - timedelta(minutes=5) - begun.starts_at
    begun.starts_at, begun.ends_at = begun.starts_at + shift, begun.ends_at + shift
    begun.save()
    a.away.add(begun)
    want(a, c)
    plan(meeting_round)
    assert where(meeting)[0] == begun.pk
    assert meeting_round.meetings.exclude(pk=meeting.pk).get().slot != begun


def test_an_empty_timetable_is_not_sent():
    meeting_round, *_ = cast()
    with pytest.raises(NothingToTellError):
        tell(meeting_round=meeting_round, actor=None)
    assert EventMail.objects.filter(registration__desk=meeting_round.desk).count() == 0
