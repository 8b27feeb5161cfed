"""A round of meetings as a problem: who wants to meet whom, when each has time, where there is a place.

Pure: numbers instead of rows, so that it can be solved, tested and measured without a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# A slot and a table in it, by their ids.
Place = tuple[int, int]


@dataclass(frozen=True)
class Wish:
    """Two participants who should meet, once.

    `key` is the request's id; `weight` (1 or more) says how much the meeting counts; `at` is the place
    that it has in the timetable of now, which may be changed but better is not.
    """

    key: int
    a: int
    b: int
    weight: int = 1
    at: Place | None = None


@dataclass(frozen=True)
class Problem:
    """`places`: the tables that are free, for each slot in the order of time. `free`: the slots in which a
    participant has time (whoever is missing has none). `limits`: how many more meetings a participant
    may have (whoever is missing: as many as there is time for).
    """

    wishes: tuple[Wish, ...]
    places: Mapping[int, tuple[int, ...]]
    free: Mapping[int, frozenset[int]]
    limits: Mapping[int, int] = field(default_factory=dict)

    def common(self, wish: Wish) -> list[int]:
        """The slots in which both have time and there is a table, in the order of time."""
        both = self.free.get(wish.a, frozenset()) & self.free.get(wish.b, frozenset())
        return [slot for slot, tables in self.places.items() if tables and slot in both]

    def most(self, person: int) -> int:
        """How many meetings somebody can have at most."""
        slots = sum(1 for slot in self.free.get(person, ()) if self.places.get(slot))
        return max(0, min(slots, self.limits.get(person, slots)))


@dataclass(frozen=True)
class Solution:
    """`bound`: no timetable has more meetings than that."""

    places: Mapping[int, Place]
    bound: int
    seconds: float

    @property
    def number(self) -> int:
        return len(self.places)

    @property
    def is_best(self) -> bool:
        """Whether it is known that no timetable has more meetings."""
        return self.number == self.bound


def faults(problem: Problem, places: Mapping[int, Place]) -> list[str]:
    """What is wrong with a timetable, for tests and before it is stored; empty when nothing is."""
    found: list[str] = []
    wishes = {wish.key: wish for wish in problem.wishes}
    tables: set[Place] = set()
    seats: set[tuple[int, int]] = set()
    numbers: dict[int, int] = {}
    for key, (slot, table) in places.items():
        wish = wishes.get(key)
        if wish is None:
            found.append(f"{key} is not wished")
            continue
        if table not in problem.places.get(slot, ()) or (slot, table) in tables:
            found.append(f"{key}: table {table} is not free in slot {slot}")
        tables.add((slot, table))
        for person in (wish.a, wish.b):
            if slot not in problem.free.get(person, ()):
                found.append(f"{key}: {person} has no time in slot {slot}")
            if (slot, person) in seats:
                found.append(f"{key}: {person} is in two places in slot {slot}")
            seats.add((slot, person))
            numbers[person] = numbers.get(person, 0) + 1
    for person, number in numbers.items():
        if number > problem.limits.get(person, number):
            found.append(f"{person} has {number} meetings")
    return found
