from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from base.chains import Chain
from base.models import ArticlePage, ColumnPage
from base.visibility import listed


class IndustryIndexPage(ColumnPage):
    """The industry chains of the district."""

    column_type = "概况信息"
    parent_page_types = ["investment.GuidePage"]
    subpage_types = ["investment.IndustryPage"]

    class Meta:
        verbose_name = _("industries")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["industries"] = listed(IndustryPage.objects.child_of(self)).order_by("path")
        return context


class IndustryPage(ArticlePage):
    """One industry chain (产业链)."""

    chain = models.CharField(_("chain"), max_length=20, choices=Chain.district())
    lead_company = models.CharField(_("lead company (链主)"), max_length=100, blank=True)
    lead_company_note = models.CharField(
        _("how the company is named in the source"), max_length=100, blank=True
    )
    divisions = models.CharField(
        _("divisions of GB/T 4754"),
        max_length=200,
        blank=True,
        help_text=_("Codes separated by commas, such as C27"),
    )

    parent_page_types = ["investment.IndustryIndexPage"]
    subpage_types: list[str] = []
    content_panels = ArticlePage.panels_for(
        MultiFieldPanel(
            [
                FieldPanel("chain"),
                FieldPanel("lead_company"),
                FieldPanel("lead_company_note"),
                FieldPanel("divisions"),
            ],
            heading=_("The chain"),
        ),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("lead_company"),
        index.FilterField("chain"),
    ]
    override_translatable_fields = [
        *ArticlePage.override_translatable_fields,
        SynchronizedField("chain"),
        SynchronizedField("divisions"),
    ]

    class Meta:
        verbose_name = _("industry chain")
        verbose_name_plural = _("industry chains")

    def search_facets(self) -> dict[str, list[str]]:
        return {"industry": [self.chain]}
