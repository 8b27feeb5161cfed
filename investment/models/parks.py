from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from base.models import ArticlePage, ColumnPage
from base.visibility import listed


class ParkIndexPage(ColumnPage):
    """The parks (园区) in which sites lie."""

    column_type = "概况信息"
    parent_page_types = ["investment.GuidePage"]
    subpage_types = ["investment.ParkPage"]

    class Meta:
        verbose_name = _("parks")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["parks"] = listed(ParkPage.objects.child_of(self)).order_by("path")
        return context


class ParkPage(ArticlePage):
    """A park or development zone."""

    location = models.CharField(_("location"), max_length=200, blank=True)
    operator = models.CharField(_("operator"), max_length=200, blank=True)

    parent_page_types = ["investment.ParkIndexPage"]
    subpage_types: list[str] = []
    content_panels = ArticlePage.panels_for(
        FieldPanel("location"),
        FieldPanel("operator"),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("location"),
    ]

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")

    def get_context(self, request, *args, **kwargs):
        from .sites import SitePage

        context = super().get_context(request, *args, **kwargs)
        context["sites"] = listed(
            SitePage.objects.filter(
                park__translation_key=self.translation_key, locale_id=self.locale_id
            )
        ).order_by("path")
        return context
