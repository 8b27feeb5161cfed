from django.utils.translation import gettext_lazy as _

from base.models import ArticleMixin, BasePage
from base.visibility import visible


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
        context["doors"] = visible(self.get_children()).specific()
        return context
