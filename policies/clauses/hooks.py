from django.contrib.auth.models import Permission
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from policies.clauses.word_admin import OverridesReportView


class OverridesMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("policies.view_clauselog")


@hooks.register("register_reports_menu_item")
def register_overrides_report():
    return OverridesMenuItem(
        _("Warnings overridden"),
        reverse("clause_overrides"),
        name="clause-overrides",
        icon_name="warning",
        order=1260,
    )


@hooks.register("register_admin_urls")
def register_overrides_urls():
    results = OverridesReportView.as_view(results_only=True)
    return [
        path("reports/clause-overrides/", OverridesReportView.as_view(), name="clause_overrides"),
        path("reports/clause-overrides/results/", results, name="clause_overrides_results"),
    ]


@hooks.register("register_permissions")
def register_clause_permissions():
    """Offer them in the group form, so that an owner can make further roles."""
    models = ("clause", "clauselog", "gateword")
    return Permission.objects.filter(
        content_type__app_label="policies", content_type__model__in=models
    )
