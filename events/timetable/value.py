"""What a timetable is worth: first the number of meetings, then the weight of the wishes, then the peace."""

from collections.abc import Iterable, Mapping

from events.timetable.problem import Problem, Wish


class Value:
    """The worth of one meeting in one slot, as whole numbers that never overtake each other.

    `unit` is more than all meetings together can gain by staying in their slots.
    """

    def __init__(self, wishes: Iterable[Wish]):
        self.wishes = list(wishes)
        self.kept = sum(1 for wish in self.wishes if wish.at)
        self.unit = self.kept + 1
        self.weights = sum(wish.weight for wish in self.wishes)
        self.is_mixed = len({wish.weight for wish in self.wishes}) > 1

    def of_number(self, wish: Wish, slot: int) -> int:
        """All wishes alike."""
        return self.unit + self._stays(wish, slot)

    def of_weight(self, wish: Wish, slot: int) -> int:
        """For timetables with the same number of meetings."""
        return self.unit * wish.weight + self._stays(wish, slot)

    def of_all(self, wish: Wish, slot: int) -> int:
        """Number, weight and peace in one figure."""
        return self.unit * (self.weights + 1 + wish.weight) + self._stays(wish, slot)

    def total(self, slots: Mapping[int, int]) -> int:
        return sum(self.of_all(wish, slots[wish.key]) for wish in self.wishes if wish.key in slots)

    def is_full(self, slots: Mapping[int, int]) -> bool:
        """Whether no timetable with as many meetings can be better."""
        stay = sum(1 for wish in self.wishes if wish.at and slots.get(wish.key) == wish.at[0])
        return stay == self.kept and (not self.is_mixed or len(slots) == len(self.wishes))

    @staticmethod
    def _stays(wish: Wish, slot: int) -> int:
        return 1 if wish.at and wish.at[0] == slot else 0


def at_most(problem: Problem, wishes: list[Wish]) -> int:
    """A bound that needs no solver: tables, and the meetings that everybody can have."""
    wanted: dict[int, int] = {}
    for wish in wishes:
        for person in (wish.a, wish.b):
            wanted[person] = wanted.get(person, 0) + 1
    persons = sum(min(number, problem.most(person)) for person, number in wanted.items())
    tables = sum(len(free) for free in problem.places.values())
    return min(len(wishes), tables, persons // 2)
