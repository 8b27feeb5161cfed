"""What every service of meetings begins or ends with."""

from collections.abc import Callable
from functools import wraps

from django.utils import timezone

from events.choices import MeetingStatus
from events.models import Meeting, MeetingRound
from events.services.desks import require


def for_planners(service: Callable) -> Callable:
    """A service that only those may call (`actor=`) who plan meetings; it also raises NotAllowedError."""

    @wraps(service)
    def guarded(*args, **kwargs):
        require(kwargs["actor"], "plan_meetings")
        return service(*args, **kwargs)

    return guarded


def lock_round(meeting_round: MeetingRound) -> MeetingRound:
    """Hold the round until the transaction ends, and read it anew. After the desk, never before it.

    The key is left free: a participant that is being inserted points at it and need not wait.
    """
    return MeetingRound.objects.select_for_update(of=("self",), no_key=True).get(
        pk=meeting_round.pk
    )


def has_begun(meeting: Meeting, now=None) -> bool:
    return meeting.slot is None or meeting.slot.starts_at <= (now or timezone.now())


def end_meeting(meeting: Meeting, *, reason: str = "") -> None:
    """Cancel a meeting: its table and its people are free again. The caller holds the round.

    Nobody is told: that is for the caller, who knows why (`events.matchmaking.notices`).
    """
    meeting.status = MeetingStatus.CANCELLED
    meeting.cancel_reason = reason[:300]
    meeting.save(update_fields=["status", "cancel_reason", "updated_at"])
    meeting.sides.update(is_live=False)
