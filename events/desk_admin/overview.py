from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from events.desk_admin.base import DeskMixin


class OverviewView(DeskMixin, TemplateView):
    template_name = "events/desk_admin/desk.html"
    page_title = _("Registrations")
