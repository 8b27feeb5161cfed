"""Rounds of meetings with tables, slots, participants and wishes, for tests and the bench."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from crm.models import ConsentText
from events.choices import RegistrationStatus, RequestStatus
from events.models import (
    EventConsent,
    MeetingRequest,
    MeetingRound,
    MeetingTable,
    Participant,
    Registration,
    RegistrationDesk,
    TimeSlot,
)
from tests.factories.events import make_desk

_number = count(1)
SLOT = timedelta(minutes=20)


def make_round(
    desk: RegistrationDesk | None = None, *, tables: int = 2, slots: int = 3, **fields
) -> MeetingRound:
    """A round on the day of its event: so many tables named 1, 2 …, so many slots of twenty minutes."""
    desk = desk or make_desk(capacity=None)
    meeting_round = MeetingRound.objects.create(desk=desk, **fields)
    MeetingTable.objects.bulk_create(
        MeetingTable(round=meeting_round, name=str(n), sort_order=n) for n in range(1, tables + 1)
    )
    begins = desk.page.starts_at.replace(second=0, microsecond=0)
    TimeSlot.objects.bulk_create(
        TimeSlot(round=meeting_round, starts_at=begins + SLOT * n, ends_at=begins + SLOT * (n + 1))
        for n in range(slots)
    )
    return meeting_round


def make_people(meeting_round: MeetingRound, number: int, **fields) -> list[Participant]:
    """So many confirmed registrations with a profile, written as rows: nobody is asked for anything."""
    today = timezone.localdate()
    registrations = Registration.objects.bulk_create(
        Registration(
            desk=meeting_round.desk,
            reference=f"T-{n}",
            identity=f"taker{n}@example.org",
            email=f"taker{n}@example.org",
            name=f"人{n}",
            organisation_name=f"单位{n}",
            status=RegistrationStatus.CONFIRMED,
            keep_until=today + timedelta(days=90),
        )
        for n in (next(_number) for _ in range(number))
    )
    # Who takes part agreed to being shown to the others.
    text = ConsentText.objects.current("zh-hans")["meeting"]
    EventConsent.objects.bulk_create(
        EventConsent(registration=one, kind="meeting", text=text, shown_text=text.statement)
        for one in registrations
    )
    return Participant.objects.bulk_create(
        Participant(
            **{
                "round": meeting_round,
                "registration": one,
                "side": "firm",
                "offers": "加工",
                **fields,
            }
        )
        for one in registrations
    )


def want(
    first: Participant,
    second: Participant,
    *,
    status: str = RequestStatus.ACCEPTED,
    by_organiser: bool = False,
) -> MeetingRequest:
    return MeetingRequest.objects.create(
        round=first.round,
        from_participant=first,
        to_participant=second,
        status=status,
        by_organiser=by_organiser,
    )
