"""The timetable with the most wanted meetings, and among those the one that changes least.

HiGHS decides. Small rounds are given to it whole; of very large ones first the wishes are chosen
that can all have a meeting, then slots for them, then parts of the day are solved anew until time is up.
"""

import math
import time
from collections.abc import Iterable, Mapping
from itertools import combinations

from events.timetable.filling import fill
from events.timetable.problem import Problem, Solution, Wish
from events.timetable.program import Program
from events.timetable.seating import seat

SECONDS = 8.0
# What HiGHS is given at once: columns, one for each wish in each slot that it could be in.
MOST_COLUMNS = 60_000
# Part of the day that is solved anew at once, of a round that is too large to be solved whole.
WINDOW = 3
# For the bound, when the best timetable is not known to be found.
SECONDS_FOR_BOUND = 1.5


def solve(problem: Problem, *, seconds: float = SECONDS) -> Solution:
    """Plan as many wanted meetings as can be, within about so many seconds.

    `Solution.bound` holds for the number of meetings. Wishes of a greater weight go first; of two
    timetables that are worth the same, the one that leaves more meetings in their slots is taken.
    """
    begun = time.monotonic()
    possible = [wish for wish in problem.wishes if is_possible(problem, wish)]
    if not possible:
        return Solution({}, 0, True, time.monotonic() - begun)
    slots = fill(problem, possible)
    weights = {wish.weight for wish in possible}
    value = _Value(possible)
    program = Program(problem, possible)
    if len(program) <= MOST_COLUMNS:
        answer = program.solve(value, seconds=seconds, first=slots)
        if answer.chosen:
            slots = chosen(program, answer.chosen)
        is_best = answer.is_best
        bound = math.floor(answer.bound / value.least + 1e-6)
        if is_best and len(weights) == 1:
            bound = len(slots)
    else:
        slots = _in_parts(problem, possible, slots, value, begun + seconds)
        is_best, bound = False, len(possible)
    bound = min(bound, _most(problem, possible))
    if bound > len(slots) and (len(weights) > 1 or not is_best):
        relaxed = program.solve(lambda wish, slot: 1, seconds=SECONDS_FOR_BOUND, whole=False)
        if math.isfinite(relaxed.bound):
            bound = min(bound, math.floor(relaxed.bound + 1e-6))
    is_best = is_best or (bound == len(slots) and len(weights) == 1 and not value.kept)
    return Solution(seat(problem, slots), bound, is_best, time.monotonic() - begun)


class _Value:
    """What a meeting is worth: far more than any number of meetings that stay in their slots."""

    def __init__(self, wishes: Iterable[Wish]):
        wishes = list(wishes)
        self.kept = sum(1 for wish in wishes if wish.at)
        self.unit = self.kept + 1
        self.least = self.unit * min(wish.weight for wish in wishes)

    def __call__(self, wish: Wish, slot: int) -> int:
        return self.unit * wish.weight + (1 if wish.at and wish.at[0] == slot else 0)


def is_possible(problem: Problem, wish: Wish) -> bool:
    """Whether the two could meet if nobody else had wishes."""
    return bool(
        wish.a != wish.b and problem.most(wish.a) and problem.most(wish.b) and problem.common(wish)
    )


def chosen(program: Program, columns: Iterable[int]) -> dict[int, int]:
    """{wish: slot} of the chosen columns."""
    return {wish.key: slot for wish, slot in (program.pairs[i] for i in columns)}


def _most(problem: Problem, wishes: list[Wish]) -> int:
    """A bound that needs no solver: tables, and the meetings that everybody can have."""
    wanted: dict[int, int] = {}
    for wish in wishes:
        for person in (wish.a, wish.b):
            wanted[person] = wanted.get(person, 0) + 1
    persons = sum(min(number, problem.most(person)) for person, number in wanted.items())
    tables = sum(len(free) for free in problem.places.values())
    return min(len(wishes), tables, persons // 2)


# --- Very large rounds ----------------------------------------------------------------------


def _in_parts(
    problem: Problem, wishes: list[Wish], slots: Mapping[int, int], value: _Value, until: float
) -> dict[int, int]:
    """Begin with the wishes that could all have a meeting, then solve some slots at a time anew."""
    slots = dict(slots)
    picked = _pick(problem, wishes, until)
    program = Program(problem, picked)
    if len(program) <= MOST_COLUMNS:
        answer = program.solve(value, seconds=(until - time.monotonic()) / 2)
        found = fill(problem, wishes, chosen(program, answer.chosen))
        slots = max(slots, found, key=lambda some: _worth(wishes, some, value))
    best = _most(problem, wishes)
    for window in _windows(list(problem.places)):
        left = until - time.monotonic()
        if left < 0.2 or (len(slots) >= best and not value.kept):
            break
        slots = _anew(problem, wishes, slots, window, value, left)
    return slots


def _worth(wishes: list[Wish], slots: Mapping[int, int], value: _Value) -> int:
    return sum(value(wish, slots[wish.key]) for wish in wishes if wish.key in slots)


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
    return [program.pairs[i][0] for i in answer.chosen]


def _windows(slots: list[int]) -> Iterable[tuple[int, ...]]:
    """Slots to be solved together: neighbours first, then every combination."""
    yield from (tuple(slots[i : i + WINDOW]) for i in range(0, len(slots), WINDOW))
    yield from combinations(slots, min(WINDOW, len(slots)))


def _anew(
    problem: Problem,
    wishes: list[Wish],
    slots: Mapping[int, int],
    window: tuple[int, ...],
    value: _Value,
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
        value, seconds=seconds, first={k: s for k, s in slots.items() if k not in kept}
    )
    found = kept | chosen(program, answer.chosen)
    better = _worth(wishes, found, value) > _worth(wishes, slots, value)
    return found if better else dict(slots)
