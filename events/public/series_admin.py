"""The series that events belong to, in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.viewsets.model import ModelViewSet

from events.models import EventSeries


class EventSeriesViewSet(ModelViewSet):
    model = EventSeries
    name = "event-series"
    icon = "list-ul"
    menu_label = _("Series of events")
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", "name_en", "slug"]
    search_fields = ["name", "name_en"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("name_en")]),
        FieldPanel("slug"),
        FieldPanel("about"),
        FieldPanel("about_en"),
    ]

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})
