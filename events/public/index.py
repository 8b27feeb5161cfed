"""What the list of events shows: those to come, and the archive of past ones with their results."""

from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict

from base.visibility import listed, visible
from events.models import EventIndexPage, EventPage
from events.public.listing import NAMES, EventFilter, list_context

PER_PAGE = 20
# More than a year's events; those beyond it are found by month.
MOST_UPCOMING = 100


def index_context(page: EventIndexPage, request: HttpRequest) -> dict:
    chosen = EventFilter.read(request.GET)
    every = EventPage.objects.child_of(page)
    events = chosen.apply(listed(every).in_lists())
    path = page.get_url(request) or request.path
    return {
        "upcoming": events.upcoming()[:MOST_UPCOMING],
        "past": Paginator(events.past(), PER_PAGE).get_page(request.GET.get("page")),
        "path": path,
        **list_context(visible(every), chosen, path),
    }


def plain_address(page: EventIndexPage, request: HttpRequest) -> str:
    """The one address of what is asked for, "" when this is it. Foreign parameters stay as they are."""
    given = request.GET
    chosen = EventFilter.read(given)
    ours = [(name, code) for name in NAMES for code in given.getlist(name)]
    is_plain = ours == [(name, code) for name in NAMES if (code := getattr(chosen, name))]
    if is_plain and given.get("page") not in ("", "1"):
        return ""
    query = QueryDict(chosen.query.removeprefix("?"), mutable=True)
    for name, codes in given.lists():
        if name not in NAMES and not (name == "page" and codes[-1] in ("", "1")):
            query.setlist(name, codes)
    path = page.get_url(request) or request.path
    return f"{path}?{query.urlencode()}" if query else path
