"""What came of a meeting, as each side says it, and what the CRM hears of it.

The note of one side is for that side and the organiser: the other side never sees it, and it goes into
no lead but that of its own writer.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from events.choices import MeetingStatus, Outcome
from events.matchmaking.crm_record import record_meeting
from events.matchmaking.errors import OutcomeClosedError, OutcomeMissingError, RatingError
from events.matchmaking.notices import ask_how_it_was
from events.models import Meeting, MeetingSide, Participant, Registration
from events.services.planning import note as write_log
from events.services.rounds import for_planners, has_begun, lock_round
from events.timetable.errors import MeetingOverError, NotBegunError

# How long after a meeting it can be noted and changed.
NOTED_FOR = timedelta(days=14)


def may_note(meeting: Meeting, *, now=None) -> bool:
    """From the beginning of a meeting that was not cancelled until two weeks after it."""
    now = now or timezone.now()
    if meeting.status == MeetingStatus.CANCELLED or meeting.slot is None:
        return False
    return meeting.slot.starts_at <= now < meeting.slot.ends_at + NOTED_FOR


def note_outcome(
    side: MeetingSide, *, outcome: str, rating: int | None = None, note: str = ""
) -> MeetingSide:
    """Write down how a meeting was, for one side; again to change it.

    The first word and every change go to the CRM (`record_meeting`). Raises OutcomeMissingError,
    RatingError, OutcomeClosedError.
    """
    if outcome not in Outcome.values or outcome == Outcome.NONE:
        raise OutcomeMissingError
    if rating is not None and not 1 <= rating <= 5:
        raise RatingError
    note = note.strip()
    with transaction.atomic():
        meeting, sides = _hold(side.meeting_id)
        if not may_note(meeting):
            raise OutcomeClosedError
        (fresh,) = [one for one in sides if one.pk == side.pk]
        said = (fresh.outcome, fresh.note)
        is_first = not any(one.outcome for one in sides)
        fresh.outcome, fresh.rating, fresh.note = outcome, rating, note
        fresh.noted_at = timezone.now()
        fresh.save(update_fields=["outcome", "rating", "note", "noted_at"])
        meeting.status = _status(sides)
        meeting.save(update_fields=["status", "updated_at"])
        if said != (outcome, note):
            record_meeting(meeting, fresh, sides, is_first=is_first, is_change=bool(said[0]))
    return fresh


@for_planners
def mark_meeting(*, meeting: Meeting, status: str, actor) -> Meeting:
    """Say for both sides whether a meeting took place: held, missed, or planned to take that back.

    For those who were seen at their table and wrote nothing down, or were waited for. What a side says
    afterwards counts again. The CRM hears of outcomes alone, and this is none.
    Raises NotAllowedError, NotBegunError, and MeetingOverError for one that was cancelled.
    """
    with transaction.atomic():
        meeting_round = lock_round(meeting.round)
        rows = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("slot")
        fresh = rows.filter(pk=meeting.pk).first()
        if fresh is None or fresh.status == MeetingStatus.CANCELLED:
            raise MeetingOverError
        if not has_begun(fresh):
            raise NotBegunError
        fresh.status = MeetingStatus(status)
        fresh.save(update_fields=["status", "updated_at"])
        write_log(meeting_round, actor, "meeting_mark", meeting=fresh.pk, status=status)
    return fresh


def _hold(meeting_id: int) -> tuple[Meeting, list[MeetingSide]]:
    """The meeting and its sides as they are now, nobody else writing them or making their leads.

    The registrations first, as all of the room does it (see `seats`).
    """
    registrations = {
        row.pk: row
        for row in Registration.objects.select_for_update(of=("self",), no_key=True)
        .filter(participant__meeting_sides__meeting=meeting_id)
        .select_related("lead__organisation", "organisation")
        .order_by("pk")
    }
    meeting = (
        Meeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("slot", "round__desk__page")
        .get(pk=meeting_id)
    )
    sides = list(meeting.sides.select_related("participant"))
    for side in sides:
        side.participant.registration = registrations[side.participant.registration_id]
    return meeting, sides


def _status(sides: list[MeetingSide]) -> str:
    """A meeting of which one side tells something took place; else it did not, if somebody missed it."""
    said = {side.outcome for side in sides} - {""}
    if said - {Outcome.ABSENT}:
        return MeetingStatus.HELD
    return MeetingStatus.MISSED if said else MeetingStatus.PLANNED


def ask_how_meetings_were(*, now=None) -> int:
    """Ask everybody whose last meeting is over; returns how many mails were written."""
    now = now or timezone.now()
    over = (
        MeetingSide.objects.filter(
            is_live=True,
            meeting__round__told_at__isnull=False,
            slot__ends_at__lte=now,
            slot__ends_at__gt=now - NOTED_FOR,
        )
        .exclude(participant__registration__mails__purpose="rate")
        .values("participant")
    )
    waiting = MeetingSide.objects.filter(is_live=True, slot__ends_at__gt=now)
    asked = 0
    for participant in (
        Participant.objects.filter(pk__in=over)
        .exclude(pk__in=waiting.values("participant"))
        .select_related("registration")
    ):
        with transaction.atomic():
            asked += ask_how_it_was(participant)
    return asked
