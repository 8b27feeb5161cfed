"""The timetable as a table of slots and tables, with what speaks against it and what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from events.choices import MeetingStatus
from events.models import Meeting, MeetingRound, MeetingTable, Participant, TimeSlot
from events.timetable.conflicts import conflicts
from events.timetable.loading import Loaded, load
from events.timetable.reasons import Reason, why_not


@dataclass(frozen=True)
class Cell:
    table: MeetingTable
    meeting: Meeting | None
    names: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    slot: TimeSlot
    cells: list[Cell]


@dataclass(frozen=True)
class Day:
    on: date
    rows: list[Row]


@dataclass(frozen=True)
class Unplaced:
    """A wanted meeting that is not in the timetable. `why` is a sentence."""

    request: int
    names: tuple[str, str]
    why: str


@dataclass(frozen=True)
class Grid:
    days: list[Day]
    tables: list[MeetingTable]
    conflicts: list[Cell]
    unplaced: list[Unplaced]
    number: int


def live_meetings(meeting_round: MeetingRound):
    """All that is planned or took place, with what the screens show of it."""
    return (
        Meeting.objects.filter(round=meeting_round)
        .exclude(status=MeetingStatus.CANCELLED)
        .select_related("slot", "table")
        .prefetch_related("sides__participant__registration")
    )


def names_of(meeting: Meeting) -> list[str]:
    return [str(side.participant) for side in meeting.sides.all()]


def make_grid(meeting_round: MeetingRound) -> Grid:
    """Everything that the page of the timetable shows; the number of queries does not grow."""
    tables, slots = list(meeting_round.tables.all()), list(meeting_round.slots.all())
    meetings = list(live_meetings(meeting_round))
    against = conflicts(meeting_round, meetings)
    at = {(meeting.slot_id, meeting.table_id): meeting for meeting in meetings}
    rows = []
    for slot in slots:
        cells = []
        for table in tables:
            meeting = at.get((slot.pk, table.pk))
            said = against.get(meeting.pk, []) if meeting else []
            cells.append(Cell(table, meeting, names_of(meeting) if meeting else [], said))
        rows.append(Row(slot, cells))
    return Grid(
        days=by_day(rows),
        tables=tables,
        conflicts=[cell for row in rows for cell in row.cells if cell.conflicts],
        unplaced=unplaced(meeting_round, load(meeting_round)),
        number=len(meetings),
    )


def by_day(rows: Iterable[Row]) -> list[Day]:
    days: dict[date, list[Row]] = {}
    for row in rows:
        days.setdefault(timezone.localdate(row.slot.starts_at), []).append(row)
    return [Day(on, of_day) for on, of_day in days.items()]


def unplaced(meeting_round: MeetingRound, loaded: Loaded) -> list[Unplaced]:
    """The wanted meetings that the timetable of now does not have."""
    problem = loaded.problem
    places = {
        wish.key: wish.at for wish in problem.wishes if wish.at and wish.at[0] in problem.places
    }
    reasons = why_not(problem, places)
    reasons |= {request: (Reason.ABSENT, person) for request, person in loaded.absent.items()}
    return in_words(meeting_round, [[request, *why] for request, why in reasons.items()])


def in_words(meeting_round: MeetingRound, rows: list[list]) -> list[Unplaced]:
    """[[request, reason, participant or None], …] for people; what was deleted since is left out."""
    requests = meeting_round.requests.in_bulk([row[0] for row in rows])
    people = Participant.objects.select_related("registration").in_bulk(
        {r.from_participant_id for r in requests.values()}
        | {r.to_participant_id for r in requests.values()}
    )
    found = []
    for request_id, reason, person in rows:
        request = requests.get(request_id)
        if request is None or reason not in Reason.values:
            continue
        names = tuple(
            str(people[one]) for one in (request.from_participant_id, request.to_participant_id)
        )
        name = str(people[person]) if person in people else ""
        found.append(Unplaced(request_id, names, str(Reason(reason).label).format(name=name)))
    return sorted(found, key=lambda one: one.names)
