from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from base.models import ArticlePage, ColumnPage
from base.publish_check import Problem
from base.visibility import listed

# 广告法 17: nothing but a medicine may be praised for curing or preventing illness. The district's
# best-known root is also a medicine, so the words are refused on every specialty.
HEALTH_WORDS = (
    "治疗", "疗效", "治愈", "预防疾病", "养生", "保健", "补气", "补血", "抗癌", "降血压", "降血糖",
    "增强免疫", "提高免疫", "延年益寿", "药效", "功效", "滋补", "cures", "heals", "treats",
    "immunity", "anti-cancer", "health benefit", "medicinal effect",
)  # fmt: skip


class ProductIndexPage(ColumnPage):
    """Specialties of the district."""

    column_type = "概况信息"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["products.ProductPage"]

    class Meta:
        verbose_name = _("specialties")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["products"] = listed(ProductPage.objects.child_of(self)).order_by("path")
        return context


class ProductPage(ArticlePage):
    """One specialty: who makes it, when, where. No word about health."""

    producer = models.CharField(_("producer"), max_length=200, blank=True)
    season = models.CharField(_("season"), max_length=100, blank=True)
    origin = models.CharField(_("place of origin"), max_length=200, blank=True)
    certification = models.CharField(
        _("certification"),
        max_length=300,
        blank=True,
        help_text=_("With number, issuer and end; only what can be shown on paper"),
    )
    show_on_home = models.BooleanField(_("in the album of the home page"), default=False)

    parent_page_types = ["products.ProductIndexPage"]
    subpage_types: list[str] = []
    content_panels = ArticlePage.panels_for(
        MultiFieldPanel(
            [
                FieldPanel("producer"),
                FieldPanel("season"),
                FieldPanel("origin"),
                FieldPanel("certification"),
            ],
            heading=_("The product"),
        ),
        FieldPanel("show_on_home"),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("producer"),
        index.SearchField("origin"),
    ]
    override_translatable_fields = [
        *ArticlePage.override_translatable_fields,
        SynchronizedField("show_on_home"),
    ]

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")

    def publish_problems(self) -> list[Problem]:
        problems = super().publish_problems()
        body = self.body.stream_block.get_searchable_content(self.body)
        text = " ".join(
            [self.title, self.summary, self.search_description, *map(str, body)]
        ).lower()
        found = [word for word in HEALTH_WORDS if word in text]
        if found:
            problems.append(
                Problem(
                    "body",
                    gettext("Health claims are forbidden by the Advertising Law (article 17): %s")
                    % "、".join(found),
                )
            )
        return problems

    @property
    def facts(self) -> list[tuple[str, str]]:
        """(label, value) of what is known; what is unknown is left out."""
        pairs = [
            (_("Origin"), self.origin),
            (_("Season"), self.season),
            (_("Producer"), self.producer),
            (_("Certification"), self.certification),
        ]
        return [(label, value) for label, value in pairs if value]
