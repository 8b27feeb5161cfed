"""Every service that an account calls asks for its permission, whatever the views have asked before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.desk_errors import NotAllowedError
from events.matchmaking.joining import join, leave
from events.models import Meeting, MeetingRequest, MeetingRound, Participant, Registration
from events.services import approve, cancel, change, places, planning, proposals, reject
from events.services.desk_work import approve_several, enter_by_hand, reveal, set_note
from events.services.meetings_requests import ask
from events.services.wishes import end_wish
from tests.factories.crm import UserFactory
from tests.factories.events import book, event_consents, make_desk, make_guest
from tests.factories.meetings import make_meeting, make_participant, make_round, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["Editors", "Publishers", ""])
def outsider(request):
    return UserFactory(role=request.param)


def rows() -> list:
    """All that those without the permission must leave as it was."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Registration, MeetingRound, Participant, MeetingRequest, Meeting)
    ]


def refused(*calls) -> None:
    before = rows()
    for call in calls:
        with pytest.raises(NotAllowedError):
            call()
    assert rows() == before


def test_registrations_are_moved_by_those_who_work_on_them(outsider):
    desk = make_desk(needs_approval=True)
    row = book(desk)
    refused(
        lambda: approve(row, actor=outsider),
        lambda: reject(row, actor=outsider),
        lambda: cancel(row, actor=outsider),
        lambda: change(row, guest=make_guest(), actor=outsider),
        lambda: approve_several(registrations=[row], actor=outsider),
        lambda: set_note(registration=row, text="好", actor=outsider),
        lambda: reveal(registration=row, actor=outsider),
        lambda: enter_by_hand(
            desk=desk, guest=make_guest(), actor=outsider, consents=event_consents(), language="en"
        ),
    )
    officer = UserFactory(role="CRM officers")
    assert approve(row, actor=officer).status == "confirmed"
    assert cancel(row, actor=officer).status == "cancelled"


def test_meetings_are_planned_by_those_who_may(outsider):
    meeting_round = make_round()
    one, other, third = (make_participant(meeting_round) for _ in range(3))
    request = ask(from_participant=one, to_participant=third)
    slot, later = make_slot(meeting_round, 30), make_slot(meeting_round, 60)
    meeting = make_meeting(one, other, slot)
    second = make_meeting(other, third, later)
    table, now = meeting.table, timezone.now()
    by = {"actor": outsider}
    refused(
        lambda: places.create_round(desk=meeting_round.desk, **by),
        lambda: places.change_round(meeting_round=meeting_round, request_hours=1, **by),
        lambda: places.add_tables(meeting_round=meeting_round, number=1, **by),
        lambda: places.rename_table(table=table, name="甲", **by),
        lambda: places.remove_table(table=table, **by),
        lambda: places.add_slots(
            meeting_round=meeting_round, starts_at=now, minutes=9, pause=0, number=1, **by
        ),
        lambda: places.move_slot(slot=slot, starts_at=now, ends_at=now + timedelta(hours=1), **by),
        lambda: places.remove_slot(slot=slot, **by),
        lambda: planning.add_meeting(first=one, second=third, slot=slot, table=table, **by),
        lambda: planning.move_meeting(meeting=meeting, slot=later, table=table, **by),
        lambda: planning.swap_meetings(first=meeting, second=second, **by),
        lambda: planning.cancel_meeting(meeting=meeting, **by),
        lambda: planning.set_fixed(meeting=meeting, is_fixed=True, **by),
        lambda: proposals.propose(meeting_round=meeting_round, **by),
        lambda: proposals.tell(meeting_round=meeting_round, **by),
        lambda: end_wish(request=request, **by),
        lambda: ask(from_participant=one, to_participant=other, **by),
        lambda: join(one.registration, side="firm", offers="铁", **by),
        lambda: leave(one.registration, **by),
    )
    officer = UserFactory(role="CRM officers")
    assert planning.set_fixed(meeting=meeting, is_fixed=True, actor=officer).is_fixed
