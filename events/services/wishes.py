"""What the organiser does to a request for a meeting."""

from django.db import transaction
from django.utils import timezone

from events.choices import MeetingStatus, RequestStatus
from events.matchmaking.errors import RequestMoveError
from events.matchmaking.notices import tell_answered, tell_cancelled
from events.models import MeetingRequest
from events.services.planning import LIVE, meeting_between, note
from events.services.rounds import end_meeting, for_planners, has_begun, lock_round


@for_planners
def end_wish(*, request: MeetingRequest, actor) -> MeetingRequest:
    """Withdraw a request for its two participants, cancel what is planned of it, and tell both.

    Raises RequestMoveError when it has ended already or the meeting has begun.
    """
    with transaction.atomic():
        meeting_round = lock_round(request.round)
        fresh = (
            MeetingRequest.objects.select_related(
                "from_participant__registration", "to_participant__registration"
            )
            .filter(pk=request.pk, status__in=LIVE)
            .first()
        )
        if fresh is None:
            raise RequestMoveError
        persons = [fresh.from_participant, fresh.to_participant]
        meeting = meeting_between(*persons)
        if meeting is not None:
            if meeting.status != MeetingStatus.PLANNED or has_begun(meeting):
                raise RequestMoveError
            meeting.round = meeting_round
            end_meeting(meeting)
            tell_cancelled(meeting, participants=persons)
        fresh.status, fresh.answered_at = RequestStatus.WITHDRAWN, timezone.now()
        fresh.save(update_fields=["status", "answered_at"])
        # One mail is enough: that of the cancelled meeting, where the timetable is known.
        if meeting is None or meeting_round.told_at is None:
            tell_answered(fresh, *persons)
        note(meeting_round, actor, "wish_end", request=fresh.pk)
    return fresh
