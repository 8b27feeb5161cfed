"""Tables for meetings whose slots are known: who sits somewhere stays there if possible."""

from collections import Counter
from collections.abc import Mapping

from events.timetable.problem import Place, Problem, Wish


def seat(problem: Problem, slots: Mapping[int, int]) -> dict[int, Place]:
    """{wish: (slot, table)}. A meeting that stays in its slot stays at its table, too.

    Of the others, the one of the two with more meetings stays at the table of the meeting before:
    a firm that many want to see hardly walks.
    """
    meetings = Counter(
        person for wish in problem.wishes if wish.key in slots for person in (wish.a, wish.b)
    )
    wishes = {wish.key: wish for wish in problem.wishes}
    placed: dict[int, Place] = {}
    home: dict[int, int] = {}
    for slot, tables in problem.places.items():
        here = [wishes[key] for key in slots if slots[key] == slot]
        free = list(tables)
        for wish in here:
            if wish.at and wish.at[0] == slot and wish.at[1] in free:
                free.remove(wish.at[1])
                placed[wish.key] = wish.at
        rest = [wish for wish in here if wish.key not in placed]
        for wish in sorted(rest, key=lambda wish: (-_busiest(wish, meetings)[0], wish.key)):
            table = _table(wish, free, home, meetings)
            free.remove(table)
            placed[wish.key] = (slot, table)
        for wish in here:
            home[wish.a] = home[wish.b] = placed[wish.key][1]
    return placed


def _busiest(wish: Wish, meetings: Counter) -> tuple[int, int, int]:
    a, b = meetings[wish.a], meetings[wish.b]
    return (a, wish.a, wish.b) if a >= b else (b, wish.b, wish.a)


def _table(wish: Wish, free: list[int], home: dict[int, int], meetings: Counter) -> int:
    """The table where one of the two is sitting, else one that is nobody's, else any."""
    _number, first, second = _busiest(wish, meetings)
    for person in (first, second):
        if home.get(person) in free:
            return home[person]
    taken = set(home.values())
    return next((table for table in free if table not in taken), free[0])
