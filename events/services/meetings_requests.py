"""Asking for meetings and answering. Everything here holds the round, so that two never ask past each other."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events.choices import MeetingStatus, RequestStatus
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
from events.matchmaking.notices import (
    other_of,
    tell_answered,
    tell_cancelled,
    tell_requested,
)
from events.matchmaking.taking_part import taking_part
from events.models import Meeting, MeetingRequest, MeetingRound, Participant
from events.services.desks import require
from events.services.rounds import end_meeting, has_begun, lock_round

LIVE = (RequestStatus.OPEN, RequestStatus.ACCEPTED)
# Requests of one participant that may wait for answers at a time: nobody asks everybody.
OPEN_MAX = 10
# So often one may ask the same participant: again after silence, not after a no.
TIMES_MAX = 2


def ask(
    *, from_participant: Participant, to_participant: Participant, message: str = "", actor=None
) -> MeetingRequest:
    """Ask for a meeting; if the other side asks already, this is the yes to it.

    actor: the officer who proposes the meeting to both (NotAllowedError); then neither time, list nor number of open
    requests is asked, and the proposal does not run out.

    Returns the request, accepted when both wanted it. Raises SameParticipantError,
    RequestsClosedError, NotTakingPartError, AskedBeforeError, TurnedDownError, TooManyOpenError,
    EnoughMeetingsError, OtherHasEnoughError.
    """
    require(actor, "plan_meetings")
    if from_participant.pk == to_participant.pk:
        raise SameParticipantError
    with transaction.atomic():
        meeting_round = lock_round(from_participant.round)
        if actor is None and not may_be_asked(meeting_round):
            raise RequestsClosedError
        _check_taking_part(meeting_round, from_participant, to_participant, actor)
        request = _live_between(from_participant, to_participant)
        if request is not None:
            if (
                actor is None
                and request.status == RequestStatus.OPEN
                and (request.by_organiser or request.from_participant_id == to_participant.pk)
            ):
                return _accept(request, by=from_participant)
            raise AskedBeforeError
        if actor is None:
            _check_limits(from_participant, to_participant)
        _check_room(meeting_round, from_participant, EnoughMeetingsError)
        _check_room(meeting_round, to_participant, OtherHasEnoughError)
        request = MeetingRequest.objects.create(
            round=meeting_round,
            from_participant=from_participant,
            to_participant=to_participant,
            message=message.strip(),
            by_organiser=actor is not None,
            expires_at=_until(meeting_round) if actor is None else None,
        )
        tell_requested(request)
    return request


def may_be_asked(meeting_round: MeetingRound) -> bool:
    """Whether participants may ask each other now."""
    return meeting_round.takes_requests and not meeting_round.desk.page.is_called_off


def _until(meeting_round: MeetingRound) -> datetime:
    closes = meeting_round.asks_until or meeting_round.desk.page.starts_at
    return min(timezone.now() + timedelta(hours=meeting_round.request_hours), closes)


def _check_taking_part(meeting_round: MeetingRound, asks, asked, actor) -> None:
    there = dict(
        taking_part(meeting_round).filter(pk__in=[asks.pk, asked.pk]).values_list("pk", "is_listed")
    )
    if len(there) < 2:
        raise NotTakingPartError
    # Who is not in the list is asked by those only whom they asked themselves.
    if actor is None and not there[asked.pk] and _live_between(asks, asked) is None:
        raise NotTakingPartError


def between(one: Participant, other: Participant):
    """The requests of two, whoever asked."""
    return MeetingRequest.objects.filter(
        Q(from_participant=one, to_participant=other)
        | Q(from_participant=other, to_participant=one)
    )


def _live_between(one: Participant, other: Participant) -> MeetingRequest | None:
    return between(one, other).filter(status__in=LIVE).first()


def _check_limits(asks: Participant, asked: Participant) -> None:
    earlier = asks.asked.filter(to_participant=asked, by_organiser=False)
    said_no = earlier.filter(status=RequestStatus.DECLINED).exists()
    if said_no or earlier.count() >= TIMES_MAX:
        raise TurnedDownError
    waiting = asks.asked.filter(status=RequestStatus.OPEN, by_organiser=False)
    if waiting.count() >= OPEN_MAX:
        raise TooManyOpenError


def _check_room(meeting_round: MeetingRound, participant: Participant, error: type) -> None:
    """Raises `error` when somebody has agreed to as many meetings as they may have."""
    if meeting_round.meetings_max is None:
        return
    agreed = MeetingRequest.objects.filter(
        Q(from_participant=participant) | Q(to_participant=participant),
        status=RequestStatus.ACCEPTED,
    )
    if agreed.count() >= meeting_round.meetings_max:
        raise error


def answer(
    request: MeetingRequest, *, participant: Participant, accepts: bool, text: str = ""
) -> MeetingRequest:
    """Say yes or no to a request; what the organiser proposes either side may answer, one no is a no.

    Raises RequestMoveError when it is not open any more or not the participant's to answer,
    NotTakingPartError, EnoughMeetingsError, OtherHasEnoughError.
    """
    with transaction.atomic():
        fresh = _hold(request)
        mine = fresh.to_participant_id == participant.pk or (
            fresh.by_organiser and fresh.from_participant_id == participant.pk
        )
        lapsed = fresh.expires_at is not None and fresh.expires_at <= timezone.now()
        if not mine or lapsed or fresh.status != RequestStatus.OPEN:
            raise RequestMoveError
        if accepts:
            return _accept(fresh, by=participant, text=text)
        return _end(fresh, RequestStatus.DECLINED, by=participant, text=text)


def _hold(request: MeetingRequest) -> MeetingRequest:
    """The request as it is now, nobody else moving it."""
    meeting_round = lock_round(request.round)
    fresh = MeetingRequest.objects.select_related(
        "from_participant__registration", "to_participant__registration"
    ).get(pk=request.pk)
    fresh.round = meeting_round
    return fresh


def _accept(request: MeetingRequest, *, by: Participant, text: str = "") -> MeetingRequest:
    other = other_of(request, by)
    if taking_part(request.round).filter(pk__in=[by.pk, other.pk]).count() < 2:
        raise NotTakingPartError
    _check_room(request.round, by, EnoughMeetingsError)
    _check_room(request.round, other, OtherHasEnoughError)
    return _end(request, RequestStatus.ACCEPTED, by=by, text=text)


def _end(request: MeetingRequest, status: str, *, by: Participant, text: str) -> MeetingRequest:
    """Write what became of a request and tell the other side. The caller holds the round."""
    request.status, request.answered_at = status, timezone.now()
    request.answer = text.strip()[:300]
    request.save(update_fields=["status", "answered_at", "answer"])
    tell_answered(request, other_of(request, by))
    return request


def withdraw(
    request: MeetingRequest, *, participant: Participant, text: str = ""
) -> MeetingRequest:
    """Take back a request that is not answered, or a yes: either side may, until the meeting begins.

    A planned meeting of it is cancelled. Raises RequestMoveError.
    """
    with transaction.atomic():
        fresh = _hold(request)
        if not may_withdraw(fresh, participant):
            raise RequestMoveError
        meetings = _meetings_of(fresh)
        was_open = fresh.status == RequestStatus.OPEN
        fresh.status, fresh.answered_at = RequestStatus.WITHDRAWN, timezone.now()
        if not was_open:
            fresh.answer = text.strip()[:300]
        fresh.save(update_fields=["status", "answered_at", "answer"])
        other = other_of(fresh, participant)
        for meeting in meetings:
            end_meeting(meeting, reason=text)
            tell_cancelled(meeting, participants=[other])
        # One mail is enough: that of the cancelled meeting, where the timetable is known.
        if not was_open and not (meetings and fresh.round.told_at):
            tell_answered(fresh, other)
    return fresh


def may_withdraw(request: MeetingRequest, participant: Participant) -> bool:
    """Who asked may until it is answered, then both may until they have met."""
    asked = request.from_participant_id == participant.pk
    if request.status == RequestStatus.OPEN:
        return asked and not request.by_organiser
    if request.status != RequestStatus.ACCEPTED:
        return False
    is_side = asked or request.to_participant_id == participant.pk
    return is_side and not any(has_begun(meeting) for meeting in _meetings_of(request))


def _meetings_of(request: MeetingRequest) -> list[Meeting]:
    """The planned meetings of the two of a request, whether or not the solver noted the request."""
    pair = (request.from_participant_id, request.to_participant_id)
    found = (
        Meeting.objects.filter(status=MeetingStatus.PLANNED, sides__participant=pair[0])
        .filter(sides__participant=pair[1])
        .select_related("slot", "table", "round")
    )
    return list(found)


def turn_down(meeting: Meeting, *, participant: Participant, text: str = "") -> None:
    """Cancel one's own planned meeting before it begins; the other side is told.

    The request behind it is withdrawn, so that it is not planned again. Raises MeetingMoveError.
    """
    with transaction.atomic():
        meeting_round = lock_round(meeting.round)
        fresh = Meeting.objects.select_related("slot", "table").get(pk=meeting.pk)
        fresh.round = meeting_round
        sides = list(fresh.sides.select_related("participant__registration"))
        others = [side.participant for side in sides if side.participant_id != participant.pk]
        if len(others) == len(sides) or fresh.status != MeetingStatus.PLANNED or has_begun(fresh):
            raise MeetingMoveError
        end_meeting(fresh, reason=text.strip())
        for other in others:
            between(participant, other).filter(status__in=LIVE).update(
                status=RequestStatus.WITHDRAWN,
                answered_at=timezone.now(),
                answer=text.strip()[:300],
            )
        tell_cancelled(fresh, participants=others)


def expire_requests(*, now: datetime | None = None) -> int:
    """End the requests that nobody answered in time and tell those who asked; returns how many."""
    now = now or timezone.now()
    lapsed = MeetingRequest.objects.filter(status=RequestStatus.OPEN, expires_at__lte=now)
    rounds = MeetingRound.objects.filter(pk__in=lapsed.values("round")).order_by("pk")
    ended = 0
    for meeting_round in rounds:
        with transaction.atomic():
            locked = lock_round(meeting_round)
            for request in lapsed.filter(round=locked).select_related(
                "from_participant__registration", "to_participant"
            ):
                request.status, request.answered_at = RequestStatus.EXPIRED, now
                request.save(update_fields=["status", "answered_at"])
                tell_answered(request, request.from_participant)
                ended += 1
    return ended
