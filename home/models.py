from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField

from base.blocks import KeyFiguresBlock
from base.fields import BodyField
from base.models import ArticlePage, BasePage, ColumnPage
from base.visibility import listed
from home.landing import landing_context


class HomePage(BasePage):
    """The landing page: composes what the other rooms publish."""

    column_type = "首页"
    requires_source = False
    max_count_per_parent = 1

    headline = models.CharField(_("title on the picture"), max_length=60)
    inscription = models.TextField(
        _("inscription"), max_length=200, blank=True, help_text=_("One line for each line")
    )
    lede = models.TextField(_("first words"), max_length=400, blank=True)
    call_label = models.CharField(_("words on the button"), max_length=40, blank=True)
    call_note = models.CharField(_("note below the button"), max_length=200, blank=True)
    key_figures = BodyField(KeyFiguresBlock(), blank=True, verbose_name=_("numbers"))

    parent_page_types = ["wagtailcore.Page"]
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("headline"),
                FieldPanel("inscription"),
                FieldPanel("lede"),
                FieldPanel("call_label"),
                FieldPanel("call_note"),
            ],
            heading=_("Opening"),
        ),
        FieldPanel("key_figures"),
    ]

    class Meta:
        verbose_name = _("home page")

    def route(self, request, path_components):
        """Find the page by its whole address at once, not one step after the other.

        Wagtail asks twice for every step of the way; nothing on this site routes by itself.
        """
        if not path_components:
            return super().route(request, path_components)
        address = f"{self.url_path}{'/'.join(path_components)}/"
        # By the slug, which has an index: the whole address has none.
        pages = Page.objects.live().filter(slug=path_components[-1], url_path=address)
        page = pages.first()
        if page is None:
            raise Http404
        return RouteResult(page.specific)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context.update(landing_context(self, CulturePage.objects))
        return context


class CultureIndexPage(ColumnPage):
    """The place: its history, heritage and scenery."""

    column_type = "概况信息"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.CulturePage"]

    class Meta:
        verbose_name = _("the place")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        pages = list(listed(CulturePage.objects.child_of(self)).order_by("path"))
        context["groups"] = [
            (kind.label, [page for page in pages if page.kind == kind.value])
            for kind in CulturePage.Kind
            if any(page.kind == kind.value for page in pages)
        ]
        return context


class CulturePage(ArticlePage):
    """History, heritage or scenery."""

    class Kind(models.TextChoices):
        HISTORY = "history", _("History")
        HERITAGE = "heritage", _("Heritage")
        SCENERY = "scenery", _("Scenery and travel")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    place = models.CharField(_("place"), max_length=100, blank=True)
    show_on_home = models.BooleanField(_("in the album of the home page"), default=False)

    parent_page_types = ["home.CultureIndexPage"]
    subpage_types: list[str] = []
    content_panels = ArticlePage.panels_for(
        FieldPanel("kind"),
        FieldPanel("place"),
        FieldPanel("show_on_home"),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("place"),
        index.FilterField("kind"),
    ]
    override_translatable_fields = [
        *ArticlePage.override_translatable_fields,
        SynchronizedField("kind"),
        SynchronizedField("show_on_home"),
    ]

    class Meta:
        verbose_name = _("culture page")
        verbose_name_plural = _("culture pages")

    @property
    def kind_label(self) -> str:
        return self.get_kind_display()

    @property
    def search_facts(self) -> list[str]:
        return [self.place] if self.place else []

    def search_facets(self) -> dict[str, list[str]]:
        return {"topic": [self.kind]}


class StandardPage(ArticlePage):
    """A plain page: about, accessibility, protection of personal data."""

    parent_page_types = ["home.HomePage", "home.StandardPage", "investment.GuidePage"]
    subpage_types = ["home.StandardPage"]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")
