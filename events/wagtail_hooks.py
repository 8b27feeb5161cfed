"""The screens of events in the admin, in one menu; what else is said there, each part registers itself."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from events.afterwards import hooks as report_hooks  # noqa: F401
from events.afterwards.viewset import EventReportViewSet
from events.desk_admin import hooks as desk_hooks  # noqa: F401
from events.desk_admin.viewset import DeskViewSet
from events.public import hooks as public_hooks  # noqa: F401
from events.public.series_admin import EventSeriesViewSet
from events.timetable import hooks as timetable_hooks  # noqa: F401

VIEWSETS: tuple = (DeskViewSet(), EventSeriesViewSet(), EventReportViewSet())


class EventViewSetGroup(ViewSetGroup):
    items = VIEWSETS
    menu_label = _("Events")
    menu_name = "events"
    menu_icon = "date"
    menu_order = 180


@hooks.register("register_admin_viewset")
def register_event_viewsets():
    return EventViewSetGroup()
