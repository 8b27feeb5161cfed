"""What came of an event, in figures: everything is counted from rows, nothing is kept beside them.

Persons are counted, not registrations, wherever it says so. Nobody is named: organisations are, because
they are whom the window is opened for.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from events.choices import (
    Attendance,
    MeetingStatus,
    Outcome,
    PoolKind,
    RegistrationStatus,
    RequestStatus,
    Source,
)
from events.models import Attendee, Meeting, MeetingRequest, MeetingSide, RegistrationDesk

CONFIRMED = RegistrationStatus.CONFIRMED
MOST_ORGANISATIONS = 200


@dataclass(frozen=True)
class Row:
    """One line of a table: `came` of `expected` persons."""

    label: str
    expected: int
    came: int

    @property
    def share(self) -> int | None:
        """Per cent of the expected that came, None where nobody was expected."""
        return round(100 * self.came / self.expected) if self.expected else None


@dataclass(frozen=True)
class Attended:
    """`absent` is None until the event is over: before, nobody has stayed away."""

    expected: int
    came: int
    absent: int | None


def persons(desk: RegistrationDesk) -> QuerySet:
    """Everybody with a confirmed seat, companions too."""
    return Attendee.objects.filter(registration__desk=desk, registration__status=CONFIRMED)


def attended(desk: RegistrationDesk) -> Attended:
    counts = persons(desk).aggregate(
        expected=Count("pk"), came=Count("pk", filter=Q(entered_at__isnull=False))
    )
    over = desk.page.status == "past"
    absent = counts["expected"] - counts["came"] if over else None
    return Attended(counts["expected"], counts["came"], absent)


def _grouped(desk: RegistrationDesk, key: str) -> list[tuple[object, int, int]]:
    found = (
        persons(desk)
        .order_by()
        .values(key)
        .annotate(expected=Count("pk"), came=Count("pk", filter=Q(entered_at__isnull=False)))
        .order_by("-expected", key)
    )
    return [(row[key], row["expected"], row["came"]) for row in found]


def by_source(desk: RegistrationDesk) -> list[Row]:
    labels = dict(Source.choices)
    rows = _grouped(desk, "registration__source")
    return [Row(str(labels.get(code, code)), expected, came) for code, expected, came in rows]


def by_attendance(desk: RegistrationDesk) -> list[Row]:
    labels = dict(Attendance.choices)
    rows = _grouped(desk, "registration__attendance")
    return [Row(str(labels.get(code, code)), expected, came) for code, expected, came in rows]


def by_session(desk: RegistrationDesk) -> list[Row]:
    """How many had a seat in each session, and how many of these came to the event."""
    counted = {pk: (expected, came) for pk, expected, came in _grouped(desk, "registration__pools")}
    sessions = desk.pools.filter(kind=PoolKind.SESSION)
    return [Row(str(pool), *counted.get(pool.pk, (0, 0))) for pool in sessions]


def by_organisation(desk: RegistrationDesk) -> list[Row]:
    rows = _grouped(desk, "registration__organisation_name")[: MOST_ORGANISATIONS + 1]
    return [Row(str(name), expected, came) for name, expected, came in rows if name]


def by_day(desk: RegistrationDesk) -> list[tuple[date, int]]:
    """How many registrations came on which day, by the clock of the house."""
    found = (
        desk.registrations.order_by()
        .annotate(day=TruncDate("created_at", tzinfo=timezone.get_default_timezone()))
        .values("day")
        .annotate(number=Count("pk"))
        .order_by("day")
    )
    return [(row["day"], row["number"]) for row in found]


@dataclass(frozen=True)
class MeetingFigures:
    """`outcomes` counts what sides said; `rating` is the mean of 1 to 5 of those who gave one."""

    participants: int
    asked: int
    accepted: int
    planned: int
    held: int
    missed: int
    cancelled: int
    outcomes: list[tuple[str, int]]
    rating: float | None


def meetings(desk: RegistrationDesk) -> MeetingFigures | None:
    """The one-to-one meetings, None for an event without."""
    round_ = getattr(desk, "meeting_round", None)
    if round_ is None:
        return None
    requests = MeetingRequest.objects.filter(round=round_)
    status = Count("pk")
    by_status = dict(
        Meeting.objects.filter(round=round_).order_by().values_list("status").annotate(status)
    )
    sides = MeetingSide.objects.filter(meeting__round=round_)
    said = dict(sides.order_by().exclude(outcome="").values_list("outcome").annotate(Count("pk")))
    return MeetingFigures(
        participants=round_.participants.count(),
        asked=requests.count(),
        accepted=requests.filter(status=RequestStatus.ACCEPTED).count(),
        # Whatever was put into the timetable and not taken out again.
        planned=sum(n for code, n in by_status.items() if code != MeetingStatus.CANCELLED),
        held=by_status.get(MeetingStatus.HELD, 0),
        missed=by_status.get(MeetingStatus.MISSED, 0),
        cancelled=by_status.get(MeetingStatus.CANCELLED, 0),
        outcomes=[(str(label), said.get(code, 0)) for code, label in Outcome.choices if code],
        rating=sides.aggregate(mean=Avg("rating"))["mean"],
    )


def leads(desk: RegistrationDesk) -> int:
    """How many leads the event has brought to the CRM and are still known to be of it."""
    return desk.registrations.exclude(lead=None).count()
