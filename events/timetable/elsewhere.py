"""Where a meeting can go whose slot or table is taken away."""

from django.utils import timezone

from events.choices import MeetingStatus
from events.models import Meeting, MeetingRound, MeetingSide, MeetingTable, TimeSlot
from events.timetable.times import busy_slots


def taken_places(meeting_round: MeetingRound) -> set[tuple[int, int]]:
    meetings = Meeting.objects.filter(round=meeting_round).exclude(status=MeetingStatus.CANCELLED)
    return set(meetings.values_list("slot", "table"))


class Rooms:
    """Where the meetings of a slot that goes away can go."""

    def __init__(self, meeting_round: MeetingRound, leaving: TimeSlot):
        later = meeting_round.slots.exclude(pk=leaving.pk).filter(starts_at__gt=timezone.now())
        self.slots = sorted(later, key=lambda slot: abs(slot.starts_at - leaving.starts_at))
        self.tables = list(meeting_round.tables.all())
        self.taken = taken_places(meeting_round)
        self.busy = busy_slots(meeting_round, self.slots)
        self.seats = set(
            MeetingSide.objects.filter(is_live=True, meeting__round=meeting_round).values_list(
                "participant", "slot"
            )
        )

    def find(self, meeting: Meeting) -> tuple[TimeSlot, MeetingTable] | None:
        """The nearest free place, which is then taken."""
        persons = [person.pk for person in (side.participant for side in meeting.sides.all())]
        for slot in self.slots:
            if any(slot.pk in self.busy.get(p, {}) or (p, slot.pk) in self.seats for p in persons):
                continue
            free = [table for table in self.tables if (slot.pk, table.pk) not in self.taken]
            if free:
                table = meeting.table if meeting.table in free else free[0]
                self.taken.add((slot.pk, table.pk))
                self.seats |= {(person, slot.pk) for person in persons}
                return slot, table
        return None
