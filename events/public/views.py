"""Files of events: calendars to subscribe to or to keep, and posters."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Locale

from base.client_address import client_address
from base.made_files import BusyError, file_name, kept_or_made
from base.page_access import for_readers_of
from base.typesetting import TypesettingError
from base.visibility import visible
from events.calendars import CONTENT_TYPE, event_entry, event_file, write
from events.choices import Attendance
from events.models import EventPage
from events.public.listing import EventFilter, read_rows
from events.public.poster import Poster

# What a calendar takes at once; beyond it nobody looks ahead.
MOST = 500
# Seconds that a calendar's answer may be kept on its way.
FRESH = 15 * 60


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """All public events to come in the language of the address, narrowed like the list of events."""
    rows = read_rows(visible(EventPage.objects.filter(locale=Locale.get_active())))
    chosen = EventFilter.read(request.GET)
    keys = [row.pk for row in rows if chosen.keeps(row) and not row.is_past][:MOST]
    found = EventPage.objects.in_lists().select_related("locale").in_bulk(keys)
    source = f"{settings.BASE_URL}{request.get_full_path()}"
    content = write(
        (event_entry(found[pk]) for pk in keys if pk in found),
        name=_("Events of Shangdang District and its enclaves"),
        source=source,
    )
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    patch_cache_control(response, public=True, max_age=FRESH)
    return response


@for_readers_of(EventPage)
def event_calendar(request: HttpRequest, page: EventPage) -> HttpResponse:
    """One event as a file; `?attendance=` says whether its reader comes or looks on."""
    asked = request.GET.get("attendance", "")
    attendance = asked if asked in Attendance.values else ""
    content = event_file(page, attendance=attendance)
    return _file(content, CONTENT_TYPE, file_name(page.title, ".ics", default="event"))


@for_readers_of(EventPage)
def poster(request: HttpRequest, page: EventPage, size: str) -> HttpResponse:
    """The poster as PDF; in plain words why there is none."""
    sheet = Poster(page, size)
    try:
        content = kept_or_made(sheet.key, sheet.make, address=client_address(request))
    except BusyError:
        message = _("Too many files are being made just now. Please try again in some minutes.")
        response = render(
            request, "events/no_file.html", {"page": page, "message": message}, status=429
        )
        response["Retry-After"] = "300"
        return response
    except TypesettingError:
        message = _("This poster could not be made.")
        return render(
            request, "events/no_file.html", {"page": page, "message": message}, status=422
        )
    return _file(content, "application/pdf", poster_name(page, size), as_attachment=False)


def poster_name(page: EventPage, size: str) -> str:
    return file_name(page.title, f"-{size.upper()}.pdf", default="poster")


def _file(content: bytes, kind: str, name: str, *, as_attachment: bool = True) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=as_attachment, filename=name
    )
    return response
