from django.utils.translation import gettext_lazy as _

from base.models import ArticleMixin, BasePage
from base.visibility import listed

from .industries import IndustryIndexPage
from .parks import ParkIndexPage
from .sites import SiteIndexPage


class GuidePage(ArticleMixin, BasePage):
    """The investment guide: the door to industries, parks and sites."""

    column_type = "办事服务"
    requires_source = False
    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = [
        "investment.IndustryIndexPage",
        "investment.ParkIndexPage",
        "investment.SiteIndexPage",
        "home.StandardPage",
    ]
    content_panels = [*BasePage.content_panels, *ArticleMixin.body_panels]
    search_fields = [*BasePage.search_fields, *ArticleMixin.body_search_fields]

    class Meta:
        verbose_name = _("investment guide")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        kinds = (IndustryIndexPage, ParkIndexPage, SiteIndexPage)
        context["doors"] = [page for kind in kinds for page in listed(kind.objects.child_of(self))]
        return context
