from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from base.models import ArticleMixin, BasePage
from base.visibility import listed


class ParkIndexPage(ArticleMixin, BasePage):
    """The parks (园区) in which sites lie."""

    column_type = "概况信息"
    requires_source = False
    max_count_per_parent = 1
    parent_page_types = ["investment.GuidePage"]
    subpage_types = ["investment.ParkPage"]
    content_panels = [*BasePage.content_panels, *ArticleMixin.body_panels]
    search_fields = [*BasePage.search_fields, *ArticleMixin.body_search_fields]

    class Meta:
        verbose_name = _("parks")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["parks"] = listed(ParkPage.objects.child_of(self)).order_by("path")
        return context


class ParkPage(ArticleMixin, BasePage):
    """A park or development zone."""

    location = models.CharField(_("location"), max_length=200, blank=True)
    operator = models.CharField(_("operator"), max_length=200, blank=True)

    parent_page_types = ["investment.ParkIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("location"),
        FieldPanel("operator"),
        *ArticleMixin.body_panels,
        *BasePage.source_panels,
    ]
    search_fields = [
        *BasePage.search_fields,
        *ArticleMixin.body_search_fields,
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
