"""The solver: no conflict ever, never more than its bound, and the best where the best is known."""

import random
import subprocess
import sys
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.timetable import solving
from events.timetable.problem import Problem, Wish, faults
from events.timetable.reasons import Reason, why_not
from events.timetable.solving import solve

pytestmark = pytest.mark.engine_free


def problem_of(wishes, *, slots=3, tables=2, free=None, limits=None) -> Problem:
    """`wishes`: pairs or Wish; everybody has time unless `free` says otherwise."""
    made = tuple(
        one if isinstance(one, Wish) else Wish(key, *one) for key, one in enumerate(wishes, 1)
    )
    persons = {person for wish in made for person in (wish.a, wish.b)}
    always = frozenset(range(slots))
    return Problem(
        wishes=made,
        places={slot: tuple(range(100, 100 + tables)) for slot in range(slots)},
        free=dict.fromkeys(persons, always) | (free or {}),
        limits=limits or {},
    )


@st.composite
def problems(draw) -> Problem:
    """Small rounds of every kind: mixed sides, absent people, no tables, limits, a timetable before."""
    persons = draw(st.integers(2, 7))
    slots, tables = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    pairs = [(a, b) for a in range(persons) for b in range(a + 1, persons)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8))
    place = st.tuples(st.integers(0, 3), st.integers(100, 102))
    wishes = tuple(
        Wish(key, *both, weight=draw(st.sampled_from([1, 2])), at=draw(st.none() | place))
        for key, both in enumerate(chosen)
    )
    times = st.frozensets(st.integers(0, max(0, slots - 1)))
    return Problem(
        wishes=wishes,
        places={slot: tuple(range(100, 100 + tables)) for slot in range(slots)},
        free={person: draw(times) for person in range(persons)},
        limits=draw(st.dictionaries(st.integers(0, persons - 1), st.integers(0, 2))),
    )


def best_by_trying(problem: Problem) -> tuple[int, int]:
    """The most meetings of any timetable and the greatest weight of so many, by trying all of them."""
    options = [[None, *problem.common(wish)] for wish in problem.wishes]
    best = 0, 0
    for slots in product(*options):
        seats, numbers, tables = set(), {}, {}
        meetings, weight = 0, 0
        for wish, slot in zip(problem.wishes, slots, strict=True):
            if slot is None:
                continue
            tables[slot] = tables.get(slot, 0) + 1
            for person in (wish.a, wish.b):
                if (person, slot) in seats:
                    break
                seats.add((person, slot))
                numbers[person] = numbers.get(person, 0) + 1
            else:
                meetings, weight = meetings + 1, weight + wish.weight
                continue
            break
        else:
            if all(n <= problem.limits.get(p, n) for p, n in numbers.items()) and all(
                n <= len(problem.places[slot]) for slot, n in tables.items()
            ):
                best = max(best, (meetings, weight))
    return best


@settings(max_examples=150, deadline=None)
@given(problems())
def test_any_round_is_planned_without_conflict_and_within_the_bound(problem):
    solution = solve(problem, seconds=5)
    assert faults(problem, solution.places) == []
    assert solution.number <= solution.bound
    placed = [wish for wish in problem.wishes if wish.key in solution.places]
    assert set(why_not(problem, solution.places)) == {w.key for w in problem.wishes} - {
        w.key for w in placed
    }
    if len(problem.wishes) <= 6:
        assert (len(placed), sum(wish.weight for wish in placed)) == best_by_trying(problem)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_round_that_is_too_large_for_one_go_is_planned_in_parts(problem):
    before, solving.MOST_COLUMNS = solving.MOST_COLUMNS, 3
    try:
        solution = solve(problem, seconds=5)
    finally:
        solving.MOST_COLUMNS = before
    assert faults(problem, solution.places) == []
    assert solution.number <= solution.bound


def many(seed: int, *, per: int, away: float = 0.0, hot: int = 0, mixed: bool = False) -> Problem:
    """Sixty and sixty, fifteen tables, sixteen slots."""
    dice = random.Random(seed)
    pairs = set()
    for investor in range(60):
        for firm in range(hot) if hot else dice.sample(range(60), per):
            both = dice.sample(range(120), 2) if mixed else (investor, 60 + firm)
            pairs.add((min(both), max(both)))
    free = {p: frozenset(s for s in range(16) if dice.random() >= away) for p in range(120)}
    return problem_of(sorted(pairs), slots=16, tables=15, free=free)


@pytest.mark.parametrize(
    "problem",
    [
        many(1, per=10),
        many(2, per=10, hot=10),
        many(3, per=4, away=0.6),
        many(4, per=4, mixed=True),
    ],
    ids=["usual", "everybody wants the same ten", "much away", "mixed sides"],
)
def test_sixty_and_sixty_in_ten_seconds(problem):
    solution = solve(problem)
    assert faults(problem, solution.places) == []
    assert solution.seconds <= 10
    assert solution.number >= 0.95 * solution.bound


def test_three_who_all_want_each_other_meet_one_after_the_other():
    triangle = [(1, 2), (2, 3), (1, 3)]
    assert solve(problem_of(triangle, slots=1)).number == 1
    two = solve(problem_of(triangle, slots=2))
    assert (two.number, two.bound, two.is_best) == (2, 2, True)
    assert solve(problem_of(triangle, slots=3)).number == 3


@pytest.mark.parametrize("problem", [problem_of([]), problem_of([(1, 2)], slots=0)])
def test_nothing_to_plan_is_an_empty_timetable(problem):
    solution = solve(problem)
    assert (solution.number, solution.bound, solution.is_best) == (0, 0, True)


def test_what_both_agreed_to_goes_before_what_the_organiser_thought_of():
    wishes = [Wish(1, 1, 2, weight=1), Wish(2, 1, 3, weight=2)]
    assert set(solve(problem_of(wishes, slots=1)).places) == {2}


def test_a_timetable_that_is_as_good_stays_as_it_is():
    wishes = [Wish(1, 1, 2, at=(2, 101)), Wish(2, 3, 4, at=(2, 100)), Wish(3, 1, 3)]
    places = solve(problem_of(wishes)).places
    assert places[1] == (2, 101)
    assert places[2] == (2, 100)
    assert places[3][0] != 2


def test_only_what_has_to_is_moved_to_make_room():
    free = {5: frozenset([0])}
    wishes = [Wish(1, 1, 2, at=(0, 100)), Wish(2, 3, 4, at=(1, 100)), Wish(3, 1, 5)]
    places = solve(problem_of(wishes, tables=1, free=free)).places
    assert places[3] == (0, 100)
    assert places[2] == (1, 100)
    assert places[1] == (2, 100)


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (problem_of([(1, 2)], tables=0), (Reason.NO_PLACES, None)),
        (problem_of([(1, 2)], free={2: frozenset()}), (Reason.NO_TIME, 2)),
        (
            problem_of([(1, 2)], free={1: frozenset([0]), 2: frozenset([1])}),
            (Reason.NO_COMMON_TIME, None),
        ),
        (problem_of([(1, 2)], limits={1: 0}), (Reason.LIMIT, 1)),
    ],
)
def test_why_one_meeting_has_no_place(problem, reason):
    assert why_not(problem, solve(problem).places) == {1: reason}


def test_why_a_meeting_gave_way_to_others():
    full = problem_of([(1, 2), (1, 3)], slots=1)
    assert why_not(full, {1: (0, 100)}) == {2: (Reason.FULL, 1)}
    no_table = problem_of([(1, 2), (3, 4)], slots=1, tables=1)
    assert why_not(no_table, {1: (0, 100)}) == {2: (Reason.NO_TABLE, None)}
    crossed = problem_of([(1, 2), (3, 4), (1, 4)], slots=2)
    assert why_not(crossed, {1: (0, 100), 2: (1, 100)}) == {3: (Reason.CROSSED, None)}


def test_what_fits_and_is_not_planned_yet_is_said_to_be_that():
    problem = problem_of([(1, 2), (3, 4)], slots=1, tables=2)
    assert why_not(problem, {}) == dict.fromkeys((1, 2), (Reason.OPEN, None))


def test_the_solver_says_nothing_at_the_terminal():
    """In a process of its own: it introduces itself once, with the first solver."""
    script = (
        "from events.timetable.problem import Problem, Wish; from events.timetable.program import Program;"
        "p = Problem(wishes=[Wish(1, 1, 2)], places={1: [1]}, free={1: {1}, 2: {1}}, limits={});"
        "print(Program(p, p.wishes).solve(lambda wish, slot: 1, seconds=5).chosen)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[0]\n", "")
