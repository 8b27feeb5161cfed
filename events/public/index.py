"""What the list of events shows: those to come, and the archive of past ones with their results."""

from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict

from base.visibility import visible
from events.models import EventIndexPage, EventPage
from events.public.listing import NAMES, EventFilter, list_context, read_rows

PER_PAGE = 20
# More than a year's events; those beyond it are found by month.
MOST_UPCOMING = 100


def index_context(page: EventIndexPage, request: HttpRequest) -> dict:
    chosen = EventFilter.read(request.GET)
    rows = read_rows(visible(EventPage.objects.child_of(page)))
    kept = [row for row in rows if chosen.keeps(row)]
    upcoming = [row for row in kept if not row.is_past][:MOST_UPCOMING]
    past = Paginator([row for row in reversed(kept) if row.is_past], PER_PAGE)
    past = past.get_page(request.GET.get("page"))
    pages = EventPage.objects.in_lists().select_related("series")
    found = pages.in_bulk([row.pk for row in [*upcoming, *past]])
    past.object_list = [found[row.pk] for row in past if row.pk in found]
    path = page.get_url(request) or request.path
    return {
        "upcoming": [found[row.pk] for row in upcoming if row.pk in found],
        "past": past,
        "path": path,
        # The series that was chosen, as its first event knows it.
        "series": next((one.series for one in found.values()), None) if chosen.series else None,
        **list_context(rows, chosen, path, page.body),
    }


def plain_address(page: EventIndexPage, request: HttpRequest) -> str:
    """The one address of what is asked for, "" when this is it. Foreign parameters stay as they are."""
    given = request.GET
    chosen = EventFilter.read(given)
    ours = [(name, code) for name, codes in given.lists() if name in NAMES for code in codes]
    is_plain = ours == [(name, code) for name in NAMES if (code := getattr(chosen, name))]
    if is_plain and given.get("page") not in ("", "1"):
        return ""
    query = QueryDict(chosen.query.removeprefix("?"), mutable=True)
    for name, codes in given.lists():
        if name not in NAMES and not (name == "page" and codes[-1] in ("", "1")):
            query.setlist(name, codes)
    path = page.get_url(request) or request.path
    return f"{path}?{query.urlencode()}" if query else path
