"""Why a wanted meeting is not in the timetable."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.timetable.problem import Place, Problem, Wish


class Reason(models.TextChoices):
    """`{name}` is the participant that it is about."""

    ABSENT = "absent", _("{name} is not registered any more.")
    NO_PLACES = "no_places", _("There is no free table in any time slot.")
    NO_TIME = "no_time", _("{name} has no time in any of the slots.")
    NO_COMMON_TIME = "no_common", _("The two have no time slot in common.")
    LIMIT = "limit", _("{name} has as many meetings as a participant may have.")
    FULL = "full", _("{name} has other meetings in every slot in which both have time.")
    NO_TABLE = "no_table", _("In the slots in which both are free all tables are taken.")
    OPEN = "open", _("There is room for it; it has not been planned yet.")
    CROSSED = "crossed", _("Whenever one of the two is free, the other has a meeting.")


Unplaced = tuple[str, int | None]


def why_not(problem: Problem, places: Mapping[int, Place]) -> dict[int, Unplaced]:
    """{wish: (reason, participant it is about or None)} of all wishes without a place."""
    state = _State(problem, places)
    return {wish.key: state.reason(wish) for wish in problem.wishes if wish.key not in places}


class _State:
    """Who is where in a finished timetable."""

    def __init__(self, problem: Problem, places: Mapping[int, Place]):
        self.problem = problem
        self.seats: set[tuple[int, int]] = set()
        self.numbers: dict[int, int] = {}
        self.tables = {slot: len(tables) for slot, tables in problem.places.items()}
        for wish in problem.wishes:
            if wish.key in places:
                slot = places[wish.key][0]
                self.tables[slot] -= 1
                for person in (wish.a, wish.b):
                    self.seats.add((person, slot))
                    self.numbers[person] = self.numbers.get(person, 0) + 1

    def reason(self, wish: Wish) -> Unplaced:
        problem = self.problem
        if not any(problem.places.values()):
            return Reason.NO_PLACES, None
        for person in (wish.a, wish.b):
            if not problem.free.get(person):
                return Reason.NO_TIME, person
        common = problem.common(wish)
        if not common:
            return Reason.NO_COMMON_TIME, None
        for person in (wish.a, wish.b):
            limit = problem.limits.get(person)
            if limit is not None and self.numbers.get(person, 0) >= limit:
                return Reason.LIMIT, person
        for person in (wish.a, wish.b):
            if all((person, slot) in self.seats for slot in common):
                return Reason.FULL, person
        both_free = [
            slot
            for slot in common
            if (wish.a, slot) not in self.seats and (wish.b, slot) not in self.seats
        ]
        if any(self.tables[slot] > 0 for slot in both_free):
            return Reason.OPEN, None
        return (Reason.NO_TABLE if both_free else Reason.CROSSED), None
