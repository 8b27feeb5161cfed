"""Mails about meetings: written with their cause, in its transaction.

A mail says when, where and what kind of participant, and leads to the page that says who: names and
organisations were agreed to be seen "through their own links", not to be mailed about.
"""

import hashlib
from collections.abc import Iterable

from events.models import EventMail, Meeting, MeetingRequest, MeetingRound, Participant
from events.outbox import queue_mail

Purpose = EventMail.Purpose


def tell_requested(request: MeetingRequest) -> None:
    """Somebody asks for a meeting; what the organiser proposes both sides hear of."""
    asked = [request.to_participant]
    if request.by_organiser:
        asked.append(request.from_participant)
    for participant in asked:
        other = other_of(request, participant)
        queue_mail(
            participant.registration,
            Purpose.REQUESTED,
            once=f"requested:{request.pk}",
            request=request.pk,
            side=other.side,
            by_organiser=request.by_organiser,
            until=request.expires_at.isoformat() if request.expires_at else "",
        )


def tell_answered(request: MeetingRequest, *participants: Participant) -> None:
    """What became of a request, told to those who did not do it themselves."""
    for participant in participants:
        queue_mail(
            participant.registration,
            Purpose.ANSWERED,
            once=f"answered:{request.pk}:{request.status}",
            request=request.pk,
            side=other_of(request, participant).side,
            status=request.status,
            by_organiser=request.by_organiser,
        )


def other_of(request: MeetingRequest, participant: Participant) -> Participant:
    if request.from_participant_id == participant.pk:
        return request.to_participant
    return request.from_participant


def place_of(meeting: Meeting) -> dict:
    """When and where a meeting is, as a mail keeps it: the slot or table may be gone when it is read."""
    slot, table = meeting.slot, meeting.table
    return {
        "starts_at": slot.starts_at.isoformat() if slot else "",
        "ends_at": slot.ends_at.isoformat() if slot else "",
        "table": table.name if table else "",
    }


def tell_schedule(participant: Participant) -> bool:
    """Send somebody their timetable, unless it is what they were told last. True when it is sent.

    What the mail lists is read when it leaves, so that it is never older than the page.
    """
    sides = (
        participant.meeting_sides.filter(is_live=True)
        .select_related("meeting__slot", "meeting__table")
        .order_by("slot__starts_at", "pk")
    )
    rows = [
        repr(sorted({"id": side.meeting_id, **place_of(side.meeting)}.items())) for side in sides
    ]
    digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]
    earlier = participant.registration.mails.filter(purpose=Purpose.SCHEDULE)
    last = earlier.last()
    if last is not None and last.data.get("digest") == digest:
        return False
    mail = queue_mail(
        participant.registration,
        Purpose.SCHEDULE,
        # With its number: a timetable that came back is told again.
        once=f"schedule:{earlier.count() + 1}:{digest}",
        digest=digest,
    )
    return mail is not None


def tell_timetable(meeting_round: MeetingRound) -> int:
    """Send everybody of a round their timetable; returns how many mails were written."""
    participants = meeting_round.participants.filter(meeting_sides__is_live=True).distinct()
    return sum(tell_schedule(one) for one in participants.select_related("registration"))


def tell_cancelled(
    meeting: Meeting, *, participants: Iterable[Participant] | None = None, reason: str = ""
) -> None:
    """A meeting was cancelled. `reason` is the organiser's, fit to be read by everybody."""
    _tell(meeting, "cancelled", participants, old=place_of(meeting), reason=reason)


def tell_moved(meeting: Meeting, *, old: dict, reason: str = "") -> None:
    """A meeting has another time or table. `old`: its `place_of` before."""
    _tell(meeting, "moved", None, old=old, new=place_of(meeting), reason=reason)


def tell_added(meeting: Meeting) -> None:
    """A meeting came into a timetable that was told already."""
    _tell(meeting, "added", None, new=place_of(meeting))


def _tell(
    meeting: Meeting, change: str, participants: Iterable[Participant] | None, **data
) -> None:
    """Nobody hears of changes to a timetable that they were not told yet."""
    if meeting.round.told_at is None:
        return
    if participants is None:
        participants = [
            side.participant for side in meeting.sides.select_related("participant__registration")
        ]
    for participant in participants:
        queue_mail(
            participant.registration,
            Purpose.MEETING_CHANGED,
            change=change,
            meeting=meeting.pk,
            **data,
        )


def ask_how_it_was(participant: Participant) -> bool:
    """Ask once, after the last meeting of somebody. True when the mail is written."""
    mail = queue_mail(participant.registration, Purpose.RATE, once=f"rate:{participant.round_id}")
    return mail is not None
