"""A first timetable without a solver: what stays where it is, then whatever fits."""

from collections.abc import Iterable, Mapping

from events.timetable.problem import Problem, Wish


def fill(
    problem: Problem, wishes: Iterable[Wish], slots: Mapping[int, int] | None = None
) -> dict[int, int]:
    """{wish: slot}: the given timetable, or what of the present one is possible, and more beside it."""
    wishes = list(wishes)
    day = _Day(problem)
    for wish in wishes:
        slot = slots.get(wish.key) if slots is not None else (wish.at and wish.at[0])
        if slot is not None:
            day.put(wish, slot)
    # Whoever has the fewest slots to choose from goes first.
    rest = [wish for wish in wishes if wish.key not in day.slots]
    for wish in sorted(rest, key=lambda wish: (-wish.weight, len(problem.common(wish)), wish.key)):
        for slot in sorted(problem.common(wish), key=lambda slot: -day.tables[slot]):
            if day.put(wish, slot):
                break
    return day.slots


class _Day:
    def __init__(self, problem: Problem):
        self.problem = problem
        self.slots: dict[int, int] = {}
        self.tables = {slot: len(tables) for slot, tables in problem.places.items()}
        self.seats: set[tuple[int, int]] = set()
        self.numbers: dict[int, int] = {}

    def put(self, wish: Wish, slot: int) -> bool:
        """Put a meeting into a slot, if it fits there."""
        persons = (wish.a, wish.b)
        if not self.tables.get(slot) or any(
            slot not in self.problem.free.get(person, ())
            or (person, slot) in self.seats
            or self.numbers.get(person, 0) >= self.problem.most(person)
            for person in persons
        ):
            return False
        self.slots[wish.key] = slot
        self.tables[slot] -= 1
        for person in persons:
            self.seats.add((person, slot))
            self.numbers[person] = self.numbers.get(person, 0) + 1
        return True
