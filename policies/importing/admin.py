from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from policies.exporting.views import admin_export
from policies.importing import screens


class ExchangeMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm(screens.IMPORT_PERMISSION)


class ExchangeViewSet(ViewSet):
    """Policies in and out. What is written is written by services."""

    name = "policy_exchange"
    url_prefix = "policy-exchange"
    icon = "upload"
    menu_label = _("Import and export")
    menu_item_class = ExchangeMenuItem

    def get_urlpatterns(self):
        return [
            path("", screens.IndexView.as_view(), name="index"),
            path("template.xlsx", screens.TemplateFileView.as_view(), name="template"),
            path("all.xlsx", admin_export, {"kind": "xlsx"}, name="export_xlsx"),
            path("all.json", admin_export, {"kind": "json"}, name="export_json"),
            path("<int:pk>/", screens.JobView.as_view(), name="job"),
            path("<int:pk>/run/", screens.RunView.as_view(), name="run"),
            path("<int:pk>/discard/", screens.DiscardView.as_view(), name="discard"),
            path("<int:pk>/errors.xlsx", screens.ErrorsView.as_view(), name="errors"),
        ]


def register_log_actions(actions) -> None:
    actions.register_action("policies.export", _("Export policies"), _("Exported all policies"))
