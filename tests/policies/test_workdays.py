"""Working days: pure arithmetic, compared with counting day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.freshness.workdays import WorkCalendar

pytestmark = pytest.mark.engine_free

DAYS = st.dates(date(2025, 12, 1), date(2027, 2, 28))
CALENDARS = st.builds(
    WorkCalendar, off=st.frozensets(DAYS, max_size=40), worked=st.frozensets(DAYS, max_size=20)
)
# The week of May Day 2026 (国办发明电〔2025〕7号): off from the 1st to the 5th, the 9th is worked.
MAY = WorkCalendar(
    off=frozenset(date(2026, 5, day) for day in range(1, 6)), worked=frozenset({date(2026, 5, 9)})
)


@settings(max_examples=200, deadline=None)
@given(CALENDARS, DAYS, DAYS)
def test_counting_by_weeks_is_counting_day_by_day(calendar, start, end):
    first, last = sorted((start, end))
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    counted = sum(map(calendar.is_working, days))
    assert calendar.between(first, last) == counted
    assert calendar.between(last, first) == -counted


@settings(max_examples=100, deadline=None)
@given(CALENDARS, DAYS, DAYS, DAYS)
def test_spans_add_up(calendar, a, b, c):
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)


@settings(max_examples=100, deadline=None)
@given(CALENDARS, DAYS, st.integers(1, 60))
def test_the_day_after_n_is_n_away_and_worked(calendar, start, n):
    day = calendar.after(start, n)
    assert day > start
    assert calendar.is_working(day)
    assert calendar.between(start, day) == n


def test_may_day_2026():
    assert [MAY.is_working(date(2026, 5, day)) for day in (1, 5, 6, 8, 9, 10)] == [
        False, False, True, True, True, False,
    ]  # fmt: skip
    assert MAY.between(date(2026, 4, 30), date(2026, 5, 11)) == 5
    assert MAY.after(date(2026, 4, 30), 4) == date(2026, 5, 9)


def test_far_days_cost_nothing_and_none_is_refused():
    assert WorkCalendar().between(date.min, date.max) == 2_608_614
    with pytest.raises(ValueError, match="one working day"):
        WorkCalendar().after(date(2026, 1, 1), 0)
    with pytest.raises(OverflowError):
        WorkCalendar().after(date(9999, 12, 1), 400)


def test_years_without_a_list_are_told():
    assert MAY.unknown_years([2026, 2027]) == [2027]
