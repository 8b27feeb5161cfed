from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from policies.alerts.admin import SubscriptionIndexView
from policies.freshness.admin import VIEW, BoardView
from policies.models import Holiday


class BoardMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm(VIEW)


class BoardViewSet(ViewSet):
    name = "freshness"
    url_prefix = "policies/freshness"
    icon = "calendar-check"
    menu_label = _("What is due")
    menu_item_class = BoardMenuItem

    def get_urlpatterns(self):
        return [path("", BoardView.as_view(), name="index")]


class HolidayViewSet(ModelViewSet):
    """The days off and the weekend days that are worked, for counting working days."""

    model = Holiday
    name = "holidays"
    url_prefix = "policies/holidays"
    icon = "calendar-alt"
    menu_label = _("Holidays")
    inspect_view_enabled = False
    copy_view_enabled = False
    list_filter = ["is_workday"]
    search_fields = ["name", "source"]
    list_display = [
        "day",
        "name",
        StatusTagColumn(
            "is_workday",
            label=_("State"),
            accessor=lambda day: (
                _("worked") if day.is_workday else pgettext_lazy("of a day", "off")
            ),
            primary=lambda day: day.is_workday,
        ),
        "source",
    ]
    panels = [
        FieldPanel("day"),
        FieldPanel("name"),
        FieldPanel("is_workday"),
        FieldPanel("source"),
    ]

    def get_common_view_kwargs(self, **kwargs):
        # Nothing refers to a day.
        return super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})


class SubscriptionMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("policies.view_subscription")


class SubscriptionViewSet(ViewSet):
    """Who follows what, for looking only: no addresses in full, no file."""

    name = "subscriptions"
    url_prefix = "policies/subscriptions"
    icon = "mail"
    menu_label = _("Alert subscriptions")
    menu_item_class = SubscriptionMenuItem

    def get_urlpatterns(self):
        return [
            path("", SubscriptionIndexView.as_view(), name="index"),
            path(
                "results/", SubscriptionIndexView.as_view(results_only=True), name="index_results"
            ),
        ]
