"""Working days: Monday to Friday, less the days off, plus the weekend days that are worked (调休).

Pure arithmetic on dates; `policies.freshness.holidays` fills it from the editable list.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
WEEKDAYS = 5


@dataclass(frozen=True)
class WorkCalendar:
    """`off` are days without work, `worked` days with it; `worked` wins where a day is in both.

    Days of the week that change nothing (a Sunday off, a Tuesday worked) do no harm.
    """

    off: frozenset[date] = field(default_factory=frozenset)
    worked: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.weekday() < WEEKDAYS and day not in self.off

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative when `end` is earlier.

        From a day to itself there is none, to the next working day one: "N working days left".
        """
        if end < start:
            return -self.between(end, start)
        count = _weekdays(end) - _weekdays(start)
        count -= sum(
            start < day <= end and day.weekday() < WEEKDAYS for day in self.off - self.worked
        )
        count += sum(start < day <= end and day.weekday() >= WEEKDAYS for day in self.worked)
        return count

    def after(self, start: date, days: int) -> date:
        """The day that is so many working days (≥ 1) after `start`, which itself does not count.

        Raises ValueError for fewer than one day, OverflowError past the year 9999.
        """
        if days < 1:
            raise ValueError("at least one working day")
        # Never too far: every working day needs at least one day. Then step by what still lacks.
        day, left = start, days
        while left:
            day += left * DAY
            left = days - self.between(start, day)
        while not self.is_working(day):
            day -= DAY
        return day

    def years(self) -> set[int]:
        """The years that the list says anything about; of others only the weekends are known."""
        return {day.year for day in self.off | self.worked}

    def unknown_years(self, years: Iterable[int]) -> list[int]:
        return sorted(set(years) - self.years())


def _weekdays(day: date) -> int:
    """How many Mondays to Fridays there are from the first day of the calendar up to and with `day`."""
    weeks, rest = divmod(day.toordinal(), 7)  # 1 January of the year 1 is a Monday
    return weeks * WEEKDAYS + min(rest, WEEKDAYS)
