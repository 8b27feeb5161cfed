"""The desks in the admin: their list, and the pages of each."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from events.desk_admin.overview import OverviewView
from events.desk_admin.setup import RulesView


class DeskMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("events.view_registrationdesk")


class DeskViewSet(ViewSet):
    name = "desks"
    url_prefix = "events/desk"
    icon = "clipboard-list"
    menu_label = _("Registration desks")
    menu_item_class = DeskMenuItem

    def get_urlpatterns(self):
        return [
            path("", OverviewView.as_view(), name="index"),
            path("<int:desk_id>/", OverviewView.as_view(), name="overview"),
            path("<int:desk_id>/rules/", RulesView.as_view(), name="rules"),
            path("<int:desk_id>/seats/", RulesView.as_view(), name="seats"),
            path("<int:desk_id>/questions/", RulesView.as_view(), name="questions"),
            path("<int:desk_id>/codes/", RulesView.as_view(), name="codes"),
        ]
