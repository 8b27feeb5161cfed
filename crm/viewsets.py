from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from crm import mailbox
from crm.desk_lead import LeadView
from crm.desk_list import LeadIndexView
from crm.desk_mail import MailDetailView, MailListView


class LeadMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("crm.view_lead")


class MailMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.is_superuser and mailbox.is_available()


class LeadViewSet(ViewSet):
    """The officers' desk. No adding, editing or deleting: every change is a service."""

    name = "leads"
    icon = "clipboard-list"
    menu_label = _("Leads")
    menu_order = 150
    menu_item_class = LeadMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self):
        return [
            path("", LeadIndexView.as_view(), name="index"),
            path("results/", LeadIndexView.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", LeadView.as_view(), name="detail"),
            path("<int:pk>/<str:action>/", LeadView.as_view(), name="action"),
        ]


class MailViewSet(ViewSet):
    name = "mails"
    icon = "mail"
    menu_label = _("Mails")
    menu_order = 9500
    menu_item_class = MailMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self):
        return [
            path("", MailListView.as_view(), name="index"),
            path("<str:file>/<int:position>/", MailDetailView.as_view(), name="detail"),
        ]
