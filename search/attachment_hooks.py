from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents.permissions import permission_policy

from search.attachment_admin import WithoutTextReportView


class WithoutTextMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return permission_policy.user_has_any_permission(request.user, ["change"])


@hooks.register("register_reports_menu_item")
def register_attachments_report():
    return WithoutTextMenuItem(
        _("Attachments without text"),
        reverse("attachments_without_text"),
        name="attachments-without-text",
        icon_name="doc-full-inverse",
        order=1260,
    )


@hooks.register("register_admin_urls")
def register_attachment_urls():
    view = WithoutTextReportView
    address = "reports/attachments-without-text/"
    return [
        path(address, view.as_view(), name="attachments_without_text"),
        path(
            f"{address}results/",
            view.as_view(results_only=True),
            name="attachments_without_text_results",
        ),
    ]
