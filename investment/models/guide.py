from django.utils.translation import gettext_lazy as _

from base.models import ColumnPage
from base.visibility import listed

from .industries import IndustryIndexPage
from .parks import ParkIndexPage
from .sites import SiteIndexPage


class GuidePage(ColumnPage):
    """The investment guide: the door to industries, parks and sites."""

    column_type = "办事服务"
    parent_page_types = ["home.HomePage"]
    subpage_types = [
        "investment.IndustryIndexPage",
        "investment.ParkIndexPage",
        "investment.SiteIndexPage",
        "home.StandardPage",
    ]

    class Meta:
        verbose_name = _("investment guide")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        kinds = (IndustryIndexPage, ParkIndexPage, SiteIndexPage)
        context["doors"] = [page for kind in kinds for page in listed(kind.objects.child_of(self))]
        return context
