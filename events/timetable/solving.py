"""The timetable with the most wanted meetings, and among those the one that changes least.

HiGHS decides. Small rounds are given to it whole; of very large ones first the wishes are chosen
that can all have a meeting, then slots for them, then parts of the day are solved anew until time is up.
"""

import math
import sys
import time

from events.timetable.filling import fill
from events.timetable.parts import in_parts
from events.timetable.problem import Problem, Solution, Wish
from events.timetable.program import Program
from events.timetable.seating import seat
from events.timetable.value import Value, at_most

SECONDS = 8.0
# What HiGHS is given at once: columns, one for each wish in each slot that it could be in.
MOST_COLUMNS = 60_000
# For the bound, when the best timetable is not known to be found.
SECONDS_FOR_BOUND = 1.5
# So near to the best choice of wishes is near enough; their number is not touched.
WEIGHT_GAP = 0.005


def solve(problem: Problem, *, seconds: float = SECONDS) -> Solution:
    """Plan as many wanted meetings as can be, within about so many seconds.

    Of the timetables with the most meetings the one is looked for that fulfils wishes of the greatest
    weight, and of those the one that leaves most meetings in their slots.
    """
    begun = time.monotonic()
    until = begun + seconds
    possible = [wish for wish in problem.wishes if is_possible(problem, wish)]
    value = Value(possible)
    most = at_most(problem, possible)
    slots = fill(problem, possible)
    if len(slots) < most or not value.is_full(slots):
        program = Program(problem, possible)
        if len(program) <= MOST_COLUMNS:
            slots, bound = _whole(program, slots, value, until)
        else:
            slots, bound = in_parts(problem, possible, slots, value, until), most
        most = min(most, bound)
        if len(slots) < most:
            most = min(most, _relaxed(program))
    return Solution(seat(problem, slots), most, time.monotonic() - begun)


def _whole(
    program: Program, slots: dict[int, int], value: Value, until: float
) -> tuple[dict[int, int], int]:
    """The most meetings first; then, with as many, the wishes that count most. Also a bound."""
    answer = program.solve(value.of_number, seconds=until - time.monotonic(), first=slots)
    slots = program.slots(answer) or slots
    bound = (
        math.floor(answer.bound / value.unit + 1e-6) if math.isfinite(answer.bound) else sys.maxsize
    )
    left = until - time.monotonic()
    if value.is_mixed and left > 0.5:
        better = program.solve(
            value.of_weight, seconds=left, first=slots, at_least=len(slots), gap=WEIGHT_GAP
        )
        slots = program.slots(better) or slots
    return slots, bound


def _relaxed(program: Program) -> int:
    """How many meetings there could be if people could be in two halves."""
    answer = program.solve(lambda wish, slot: 1, seconds=SECONDS_FOR_BOUND, whole=False)
    return math.floor(answer.bound + 1e-6) if math.isfinite(answer.bound) else sys.maxsize


def is_possible(problem: Problem, wish: Wish) -> bool:
    """Whether the two could meet if nobody else had wishes."""
    return bool(
        wish.a != wish.b and problem.most(wish.a) and problem.most(wish.b) and problem.common(wish)
    )
