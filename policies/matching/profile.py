"""What is known of a company. Every fact may be unknown, or known in part."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Range:
    """A number that lies somewhere between two ends, both included; None is an open end."""

    low: Decimal | None = None
    high: Decimal | None = None

    @classmethod
    def exactly(cls, number: Decimal | int) -> "Range":
        return cls(Decimal(number), Decimal(number))

    @property
    def is_known(self) -> bool:
        return self.low is not None or self.high is not None


@dataclass(frozen=True)
class Marks:
    """A set of which some members are known to be in it, some not to be; of the others nothing is known."""

    held: frozenset[str] = NONE
    lacking: frozenset[str] = NONE


ANY = Range()
NO_MARKS = Marks()


@dataclass(frozen=True)
class Profile:
    """A company on the day it asks. Codes are those of `policies.matching.vocabulary`.

    place           the smallest place that is known to contain it; "" is unknown
    industries      divisions, or sections where the division is not known; empty is unknown
    sizes           the sizes it may have; empty is unknown
    age             in months since it was founded, days as parts of a month
    revenue         of last year, in 10,000 yuan
    rd_share        R&D expenditure in per cent of revenue
    """

    place: str = ""
    industries: frozenset[str] = NONE
    sizes: frozenset[str] = NONE
    age: Range = ANY
    revenue: Range = ANY
    rd_share: Range = ANY
    staff: Range = ANY
    qualifications: Marks = NO_MARKS
    projects: Marks = NO_MARKS


def age_in_months(founded: date, on: date) -> Decimal:
    """Whole months from `founded` to `on`, and the days beyond them as parts of 31; 0 before the founding.

    A company of three years and a day is older than 36 months, as "within three years" means it.
    """
    if on <= founded:
        return Decimal(0)
    months = (on.year - founded.year) * 12 + on.month - founded.month
    if _months_later(founded, months) > on:
        months -= 1
    return months + Decimal((on - _months_later(founded, months)).days) / 31


def age_range(first: date, last: date, on: date) -> Range:
    """The age of a company founded on a day between `first` and `last`."""
    return Range(age_in_months(last, on), age_in_months(first, on))


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
