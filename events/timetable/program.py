"""The timetable as an integer program for HiGHS: one column for each wish in each slot it could be in."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import highspy
import numpy as np

from events.timetable.problem import Problem, Wish

Pair = tuple[Wish, int]


@dataclass(frozen=True)
class Answer:
    """`chosen` are the columns that are 1; `bound` is at least the best objective there can be."""

    chosen: list[int]
    bound: float
    is_best: bool


@cache
def _say_no_hello() -> None:
    """Have the first solver of this process made while nobody listens: it prints two lines about itself.

    It does so in its constructor, before it can be told to be quiet. It writes to the file descriptor and
    flushes, past `sys.stdout`.
    """
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


class Program:
    """Rows of "at most so many": a wish once, a person in one place, the tables, the person's limit.

    All coefficients are 1. For two sides and free choice of slots its relaxation is nearly always whole,
    so that HiGHS needs no branching; elsewhere it cuts and branches.
    """

    def __init__(
        self,
        problem: Problem,
        wishes: Iterable[Wish],
        *,
        seats: Callable[[int], int] = lambda person: 1,
    ):
        """`seats`: in how many meetings of one slot a person may be."""
        self.pairs: list[Pair] = [(wish, slot) for wish in wishes for slot in problem.common(wish)]
        self._rows: dict[tuple, int] = {}
        self._most: list[float] = []
        self._starts, self._index = [0], []
        for wish, slot in self.pairs:
            self._add(("wish", wish.key), 1)
            self._add(("slot", slot), len(problem.places[slot]))
            for person in (wish.a, wish.b):
                self._add(("seat", person, slot), seats(person))
                if person in problem.limits:
                    self._add(("limit", person), problem.limits[person])
            self._starts.append(len(self._index))

    def __len__(self) -> int:
        return len(self.pairs)

    def _add(self, row: tuple, most: int) -> None:
        number = self._rows.setdefault(row, len(self._rows))
        if number == len(self._most):
            self._most.append(max(0, most))
        self._index.append(number)

    def solve(
        self,
        value: Callable[[Wish, int], float],
        *,
        seconds: float,
        whole: bool = True,
        first: Mapping[int, int] | None = None,
        at_least: int = 0,
        gap: float = 0.0,
    ) -> Answer:
        """Choose columns with the greatest sum of `value(wish, slot)`.

        whole: False solves the relaxation, whose bound is all that is of use.
        first: {wish: slot}, a timetable to begin with.
        at_least: so many columns have to be chosen.
        gap: the share of the bound that an answer may lack.
        """
        _say_no_hello()
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("parallel", "off")  # the machine has other work
        solver.setOptionValue("time_limit", max(0.1, seconds))
        # The objective is whole: what is less than one away from the bound is the best.
        solver.setOptionValue("mip_abs_gap", 0.999)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.passModel(self._model(value, whole))
        if at_least:
            columns = np.arange(len(self), dtype=np.int32)
            solver.addRow(at_least, highspy.kHighsInf, len(self), columns, np.ones(len(self)))
        if first:
            chosen = [i for i, (wish, slot) in enumerate(self.pairs) if first.get(wish.key) == slot]
            index = np.array(chosen, dtype=np.int32)
            solver.setSolution(len(chosen), index, np.ones(len(chosen)))
        solver.run()
        return self._answer(solver, whole)

    def slots(self, answer: Answer) -> dict[int, int]:
        """{wish: slot} of the chosen columns."""
        return {wish.key: slot for wish, slot in (self.pairs[i] for i in answer.chosen)}

    def _model(self, value: Callable[[Wish, int], float], whole: bool) -> highspy.HighsLp:
        size = len(self.pairs)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = size, len(self._most)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = np.array([value(wish, slot) for wish, slot in self.pairs], dtype=float)
        model.col_lower_, model.col_upper_ = np.zeros(size), np.ones(size)
        model.row_lower_ = np.full(len(self._most), -highspy.kHighsInf)
        model.row_upper_ = np.array(self._most, dtype=float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.array(self._starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(self._index, dtype=np.int32)
        model.a_matrix_.value_ = np.ones(len(self._index))
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * size
        return model

    def _answer(self, solver: highspy.Highs, whole: bool) -> Answer:
        status, info = solver.getModelStatus(), solver.getInfo()
        is_best = status == highspy.HighsModelStatus.kOptimal
        if not whole:
            return Answer([], info.objective_function_value if is_best else np.inf, is_best)
        values: Sequence[float] = solver.getSolution().col_value
        has_one = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        chosen = [i for i, v in enumerate(values) if v > 0.5] if has_one else []
        return Answer(chosen, info.mip_dual_bound, is_best)
