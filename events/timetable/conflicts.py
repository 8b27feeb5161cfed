"""What speaks against a meeting at a time, in words. The database itself refuses the rest."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from events.choices import MeetingStatus
from events.matchmaking.taking_part import taking_part
from events.models import Meeting, MeetingRound, MeetingSide, Participant, TimeSlot
from events.timetable.times import busy_slots


def objections(
    meeting_round: MeetingRound, persons: Iterable[Participant], slot: TimeSlot, *, more: int = 1
) -> list[str]:
    """Sentences against these two meeting in this slot; `more`: by how many meetings each would have more."""
    persons = list(persons)
    ids = [person.pk for person in persons]
    facts = _Facts(meeting_round, [slot], ids)
    found = [facts.time(person, slot) for person in persons]
    found += [facts.number(person, more) for person in persons]
    found += [facts.presence(person) for person in persons]
    if slot.starts_at <= timezone.now():
        found.append(_("This time slot has begun."))
    return [sentence for sentence in found if sentence]


def conflicts(meeting_round: MeetingRound, meetings: Iterable[Meeting]) -> dict[int, list[str]]:
    """{meeting: sentences} for the planned meetings that something speaks against.

    The meetings come with their slots and `sides__participant__registration`.
    """
    facts = _Facts(meeting_round, meeting_round.slots.all())
    found: dict[int, list[str]] = {}
    for meeting in meetings:
        if meeting.status != MeetingStatus.PLANNED or meeting.slot is None:
            continue
        persons = [side.participant for side in meeting.sides.all()]
        said = [facts.time(person, meeting.slot) for person in persons]
        said += [facts.number(person, 0) for person in persons]
        said += [facts.presence(person) for person in persons]
        if len(persons) < 2:
            said.append(_("One side of this meeting was erased."))
        if any(said):
            found[meeting.pk] = [sentence for sentence in said if sentence]
    return found


class _Facts:
    def __init__(
        self, meeting_round: MeetingRound, slots: Iterable[TimeSlot], ids: list[int] | None = None
    ):
        self.most = meeting_round.meetings_max
        self.busy = busy_slots(meeting_round, slots, ids)
        there = taking_part(meeting_round)
        self.coming = set(
            (there if ids is None else there.filter(pk__in=ids)).values_list("pk", flat=True)
        )
        self.numbers: dict[int, int] = {}
        if self.most is not None:
            sides = MeetingSide.objects.filter(is_live=True, participant__round=meeting_round)
            for person in sides.values_list("participant", flat=True):
                self.numbers[person] = self.numbers.get(person, 0) + 1

    def time(self, person: Participant, slot: TimeSlot) -> str:
        why = self.busy.get(person.pk, {}).get(slot.pk)
        if not why:
            return ""
        return _("%(name)s has no time then: %(why)s.") % {"name": person, "why": why}

    def number(self, person: Participant, more: int) -> str:
        number = self.numbers.get(person.pk, 0) + more
        if self.most is None or number <= self.most:
            return ""
        data = {"name": person, "number": number, "most": self.most}
        return _("%(name)s has %(number)s meetings; %(most)s are the most.") % data

    def presence(self, person: Participant) -> str:
        if person.pk in self.coming:
            return ""
        return _("%(name)s does not take part any more.") % {"name": person}
