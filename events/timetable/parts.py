"""Rounds that are too large to be given to HiGHS whole: wishes first, then some slots at a time."""

import time
from collections.abc import Iterable, Mapping
from itertools import combinations

from events.timetable.filling import fill
from events.timetable.problem import Problem, Wish
from events.timetable.program import Program
from events.timetable.value import Value, at_most

# Slots that are solved anew at once.
WINDOW = 3
MOST_PICKED = 60_000


def in_parts(
    problem: Problem, wishes: list[Wish], slots: Mapping[int, int], value: Value, until: float
) -> dict[int, int]:
    """Begin with the wishes that could all have a meeting, then solve some slots at a time anew."""
    slots = dict(slots)
    picked = _pick(problem, wishes, until)
    program = Program(problem, picked)
    if len(program) <= MOST_PICKED:
        answer = program.solve(value.of_all, seconds=(until - time.monotonic()) / 2)
        found = fill(problem, wishes, program.slots(answer))
        slots = max(slots, found, key=value.total)
    best = at_most(problem, wishes)
    for window in _windows(list(problem.places)):
        left = until - time.monotonic()
        if left < 0.2 or (len(slots) >= best and value.is_full(slots)):
            break
        slots = _anew(problem, wishes, slots, window, value, left)
    return slots


def _pick(problem: Problem, wishes: list[Wish], until: float) -> list[Wish]:
    """Wishes for as many meetings as all the tables and everybody's time allow, slots left aside."""
    tables = sum(len(free) for free in problem.places.values())
    persons = {person for wish in wishes for person in (wish.a, wish.b)}
    one_slot = Problem(
        wishes=tuple(wishes),
        places={0: tuple(range(tables))},
        free={person: frozenset((0,)) for person in persons},
    )
    program = Program(one_slot, wishes, seats=problem.most)
    answer = program.solve(
        lambda wish, slot: wish.weight, seconds=max(0.5, (until - time.monotonic()) / 4)
    )
    picked = program.slots(answer)
    return [wish for wish in wishes if wish.key in picked]


def _windows(slots: list[int]) -> Iterable[tuple[int, ...]]:
    """Slots to be solved together: neighbours first, then every combination."""
    yield from (tuple(slots[i : i + WINDOW]) for i in range(0, len(slots), WINDOW))
    yield from combinations(slots, min(WINDOW, len(slots)))


def _anew(
    problem: Problem,
    wishes: list[Wish],
    slots: Mapping[int, int],
    window: tuple[int, ...],
    value: Value,
    seconds: float,
) -> dict[int, int]:
    """The timetable with the slots of a window solved anew, the others as they are."""
    kept = {key: slot for key, slot in slots.items() if slot not in window}
    by_key = {wish.key: wish for wish in wishes}
    met: dict[int, int] = {}
    for key in kept:
        for person in (by_key[key].a, by_key[key].b):
            met[person] = met.get(person, 0) + 1
    part = Problem(
        wishes=tuple(wish for wish in wishes if wish.key not in kept),
        places={slot: problem.places[slot] for slot in window},
        free=problem.free,
        limits={p: most - met.get(p, 0) for p, most in problem.limits.items()},
    )
    program = Program(part, part.wishes)
    answer = program.solve(
        value.of_all,
        seconds=seconds,
        first={key: slot for key, slot in slots.items() if key not in kept},
    )
    found = kept | program.slots(answer)
    return found if value.total(found) > value.total(slots) else dict(slots)
