"""The poster in the admin, also of a page that is not published yet."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets import Button

from base.page_access import LARGEST_KEY
from events.models import EventPage
from events.public.poster import SIZES, Poster
from events.public.views import poster_name


@hooks.register("register_page_header_buttons")
def poster_buttons(page, user, view_name, next_url=None):
    """In the menu beside an event's title, for those who may edit or publish it."""
    if not isinstance(page.specific_deferred, EventPage) or not _may_see(page, user):
        return
    for priority, size in enumerate(SIZES, start=45):
        yield Button(
            _("Poster %(size)s (PDF)") % {"size": size.upper()},
            reverse("event_poster", args=[page.pk, size]),
            icon_name="print",
            priority=priority,
            attrs={"target": "_blank", "rel": "noopener"},
        )


@hooks.register("register_admin_urls")
def poster_urls():
    return [path("events/poster/<int:pk>/<slug:size>/", draft_poster, name="event_poster")]


def draft_poster(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """The poster of the newest draft, for those who may edit or publish the page."""
    if pk > LARGEST_KEY or size not in SIZES:
        raise Http404
    page = get_object_or_404(EventPage, pk=pk)
    if not _may_see(page, request.user):
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    response = HttpResponse(Poster(draft, size).make(), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=False, filename=poster_name(draft, size)
    )
    return response


def _may_see(page, user) -> bool:
    may = page.permissions_for_user(user)
    return may.can_edit() or may.can_publish()
