"""The timetable of a day of meetings, measured: how many, of how many, in how long.

    python -m tests.bench.events_timetable

Sixty investors and sixty firms, fifteen tables, sixteen slots, in rounds of several kinds; prints
`timetable: N of bound B in S s` for each, and exits non-zero when one takes more than ten seconds or has
less than 95 % of the bound.
"""

import random
import sys
from dataclasses import dataclass

from events.timetable.problem import Problem, Wish, faults
from events.timetable.solving import solve

INVESTORS, FIRMS, TABLES, SLOTS = 60, 60, 15, 16
MOST_SECONDS, LEAST_SHARE = 10.0, 0.95


@dataclass(frozen=True)
class Kind:
    """`per`: wishes of each investor; `away`: the share of slots in which somebody has no time; `hot`: all

    want these first firms; `mixed`: anybody may want anybody; `tables` and `limit` as they say.
    """

    name: str
    per: int = 10
    away: float = 0.0
    hot: int = 0
    mixed: bool = False
    tables: int = TABLES
    limit: int | None = None


KINDS = (
    Kind("usual"),
    Kind("everybody wants everybody", per=60),
    Kind("everybody wants the same ten", hot=10),
    Kind("half of the time away", away=0.5),
    Kind("four of five slots away", away=0.8),
    Kind("mixed sides", mixed=True),
    Kind("mixed sides, half of the time away", mixed=True, away=0.5),
    Kind("at most three meetings each", limit=3),
    Kind("a table for everybody", per=14, tables=60),
    Kind("a table for everybody, a third away", per=14, tables=60, away=0.3),
)


def make(kind: Kind, seed: int = 1) -> Problem:
    """A round of a kind, the same for the same seed."""
    dice = random.Random(seed)
    number = INVESTORS + FIRMS
    pairs = set()
    for investor in range(INVESTORS):
        firms = range(kind.hot) if kind.hot else dice.sample(range(FIRMS), kind.per)
        for firm in firms:
            both = dice.sample(range(number), 2) if kind.mixed else (investor, INVESTORS + firm)
            pairs.add((min(both), max(both)))
    slots = range(SLOTS)
    return Problem(
        wishes=tuple(Wish(key, *both) for key, both in enumerate(sorted(pairs))),
        places={slot: tuple(range(kind.tables)) for slot in slots},
        free={
            person: frozenset(slot for slot in slots if dice.random() >= kind.away)
            for person in range(number)
        },
        limits=dict.fromkeys(range(number), kind.limit) if kind.limit else {},
    )


def measure() -> bool:
    """Print a line for each kind; whether all figures are reached."""
    reached = True
    for kind in KINDS:
        problem = make(kind)
        solution = solve(problem)
        wrong = faults(problem, solution.places)
        good = (
            not wrong
            and solution.seconds <= MOST_SECONDS
            and solution.number >= LEAST_SHARE * solution.bound
        )
        reached = reached and good
        print(
            f"timetable: {solution.number} of bound {solution.bound} in {solution.seconds:.2f} s"
            f" ({kind.name}; {len(problem.wishes)} wishes){'' if good else '  MISSED'}",
            flush=True,
        )
    return reached


if __name__ == "__main__":
    sys.exit(0 if measure() else 1)
