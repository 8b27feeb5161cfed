"""A round of meetings with those who take part, for tests."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from events.choices import Side
from events.matchmaking.joining import join
from events.models import (
    Meeting,
    MeetingRound,
    MeetingSide,
    MeetingTable,
    Participant,
    RegistrationDesk,
    TimeSlot,
)
from tests.factories.events import book, event_consents, make_desk, make_guest


def make_round(desk: RegistrationDesk | None = None, **fields) -> MeetingRound:
    """The meetings of an event with enough seats, its requests open."""
    return MeetingRound.objects.create(desk=desk or make_desk(capacity=None), **fields)


def make_participant(
    meeting_round: MeetingRound,
    side: str = Side.FIRM,
    *,
    offers: str = "光伏组件",
    seeks: str = "资金",
    chains: Sequence[str] = (),
    is_listed: bool = True,
    consents: Sequence[str] = ("meeting",),
    **guest,
) -> Participant:
    """Somebody who registered and joined, with the consents that this takes."""
    registration = book(meeting_round.desk, make_guest(**guest), consents=event_consents(*consents))
    participant = join(
        registration, side=side, offers=offers, seeks=seeks, chains=chains, is_listed=is_listed
    )
    participant.round = meeting_round
    return participant


def make_slot(meeting_round: MeetingRound, minutes: float, length: int = 20) -> TimeSlot:
    """A slot that begins in so many minutes."""
    begins = timezone.now() + timedelta(minutes=minutes)
    return meeting_round.slots.create(starts_at=begins, ends_at=begins + timedelta(minutes=length))


def make_meeting(
    one: Participant, other: Participant, slot: TimeSlot, table: MeetingTable | None = None
) -> Meeting:
    """A planned meeting of the two, the timetable told."""
    meeting_round = one.round
    if meeting_round.told_at is None:
        meeting_round.told_at = timezone.now()
        meeting_round.save()
        other.round = meeting_round
    table = table or meeting_round.tables.get_or_create(name="3号桌")[0]
    meeting = Meeting.objects.create(round=meeting_round, slot=slot, table=table)
    MeetingSide.objects.bulk_create(
        MeetingSide(meeting=meeting, participant=participant, slot=slot)
        for participant in (one, other)
    )
    return meeting


def purposes(participant: Participant) -> list[str]:
    """The mails about meetings that somebody was sent, in their order."""
    ours = ("requested", "answered", "schedule", "meeting_changed", "rate")
    mails = participant.registration.mails.filter(purpose__in=ours)
    return list(mails.values_list("purpose", flat=True))
