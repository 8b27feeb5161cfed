"""Where the report of a desk stands in the admin, and the reports of all of them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from events.afterwards import views


def desk_urls() -> list:
    """The pages of one desk's report, below the desk's own addresses."""
    report = "<int:desk_id>/report/"
    return [
        path(report, views.ReportView.as_view(), name="report"),
        path(f"{report}report.xlsx", views.ReportFileView.as_view(), name="report_file"),
        path(f"{report}results/", views.DraftResultsView.as_view(), name="draft_results"),
        path(f"{report}follow-up/", views.FollowUpView.as_view(), name="follow_up"),
        path(f"{report}export/", views.ExportView.as_view(), name="export"),
    ]


class ReportMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm(views.REPORT)


class EventReportViewSet(ViewSet):
    name = "event_reports"
    url_prefix = "events/reports"
    icon = "table"
    menu_label = _("Reports of events")
    menu_item_class = ReportMenuItem

    def get_urlpatterns(self):
        return [
            path("", views.SeveralView.as_view(), name="index"),
            path("events.xlsx", views.SeveralFileView.as_view(), name="file"),
        ]
