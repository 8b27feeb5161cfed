"""The working days of the site: the editable list of holidays as a calendar."""

from policies.freshness.workdays import WorkCalendar
from policies.models import Holiday


def work_calendar() -> WorkCalendar:
    """The calendar of today's list; one query."""
    off, worked = set(), set()
    for day, is_workday in Holiday.objects.order_by().values_list("day", "is_workday"):
        (worked if is_workday else off).add(day)
    return WorkCalendar(frozenset(off), frozenset(worked))
