from decimal import Decimal

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from base.models import ArticlePage, ColumnPage
from base.page_links import shown_page
from base.publish_check import Problem
from base.visibility import listed


class SiteIndexPage(ColumnPage):
    """The sites (载体): `?kind=` land, standard land, workshop or office."""

    column_type = "数据开放"
    parent_page_types = ["investment.GuidePage"]
    subpage_types = ["investment.SitePage"]

    class Meta:
        verbose_name = _("sites")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        sites = listed(SitePage.objects.child_of(self)).order_by("path")
        kind = request.GET.get("kind", "")
        kind = kind if kind in SitePage.Kind.values else ""
        used = set(sites.order_by().values_list("kind", flat=True))
        context["kinds"] = [
            {"value": k.value, "label": k.label, "current": k.value == kind}
            for k in SitePage.Kind
            if k.value in used
        ]
        context["kind"] = kind
        context["sites"] = sites.filter(kind=kind) if kind else sites
        return context


class SitePage(ArticlePage):
    """A piece of land or a building that an investor can move into (载体)."""

    class Kind(models.TextChoices):
        LAND = "land", _("Land")
        STANDARD_LAND = "standard_land", _("Standard land")
        WORKSHOP = "workshop", _("Workshop")
        OFFICE = "office", _("Office floor")

    class Status(models.TextChoices):
        AVAILABLE = "available", _("Available")
        RESERVED = "reserved", _("Reserved")
        OCCUPIED = "occupied", _("Occupied")

    class AreaBasis(models.TextChoices):
        GROSS = "gross", _("gross floor area")
        NET = "net", _("net floor area")
        LAND = "land", _("land area")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.AVAILABLE
    )
    park = models.ForeignKey(
        "investment.ParkPage",
        verbose_name=_("park"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    floor_area_sqm = models.DecimalField(
        _("area in ㎡"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    # 广告法 26: an area must say which one it is.
    area_basis = models.CharField(
        _("kind of area"), max_length=5, choices=AreaBasis.choices, default=AreaBasis.GROSS
    )
    min_divisible_sqm = models.DecimalField(
        _("smallest part in ㎡"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    ceiling_height_m = models.DecimalField(
        _("clear height in m"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    floor_load_kn_per_sqm = models.DecimalField(
        _("floor load in kN/㎡"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    column_grid = models.CharField(_("column grid in m"), max_length=50, blank=True)
    crane = models.CharField(_("overhead crane"), max_length=100, blank=True)
    power_kva = models.PositiveIntegerField(_("power in kVA"), null=True, blank=True)
    water = models.CharField(_("water"), max_length=100, blank=True)
    gas = models.CharField(_("gas"), max_length=100, blank=True)
    tenure = models.CharField(_("tenure"), max_length=100, blank=True)
    price_note = models.CharField(_("price, with basis and date"), max_length=200, blank=True)
    checked_on = models.DateField(_("data checked on"), null=True, blank=True)

    parent_page_types = ["investment.SiteIndexPage"]
    subpage_types: list[str] = []
    content_panels = ArticlePage.panels_for(
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("kind"), FieldPanel("status")]),
                FieldRowPanel([FieldPanel("park"), FieldPanel("address")]),
                FieldRowPanel([FieldPanel("floor_area_sqm"), FieldPanel("area_basis")]),
                FieldRowPanel([FieldPanel("min_divisible_sqm"), FieldPanel("tenure")]),
                FieldRowPanel([FieldPanel("ceiling_height_m"), FieldPanel("column_grid")]),
                FieldRowPanel([FieldPanel("floor_load_kn_per_sqm"), FieldPanel("crane")]),
                FieldRowPanel([FieldPanel("power_kva"), FieldPanel("water"), FieldPanel("gas")]),
                FieldRowPanel([FieldPanel("price_note"), FieldPanel("checked_on")]),
            ],
            heading=_("The site"),
        ),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("address"),
        index.FilterField("kind"),
        index.FilterField("status"),
    ]
    override_translatable_fields = [
        *ArticlePage.override_translatable_fields,
        SynchronizedField("kind"),
        SynchronizedField("status"),
        SynchronizedField("area_basis"),
        SynchronizedField("column_grid"),
    ]

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def publish_problems(self) -> list[Problem]:
        problems = super().publish_problems()
        if self.floor_area_sqm is None:
            problems.append(Problem("floor_area_sqm", gettext("The area is missing.")))
        if self.checked_on is None:
            problems.append(
                Problem("checked_on", gettext("The day on which the data were checked is missing."))
            )
        return problems

    @property
    def shown_park(self) -> Page | None:
        """The park's page as the reader may see it, or None."""
        return shown_page(self.park_id)

    @property
    def status_tone(self) -> str:
        return {"available": "force", "reserved": "draft"}.get(self.status, "void")

    @property
    def search_status(self) -> tuple[str, str, bool]:
        return self.status, self.get_status_display(), True

    @property
    def search_tone(self) -> str:
        return self.status_tone

    @property
    def search_facts(self) -> list[str]:
        return [self.get_kind_display()]

    def search_facets(self) -> dict[str, list[str]]:
        return {"status": [self.status]}

    @property
    def spec_groups(self) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
        """(group, [(label, value, unit, note)]) of what is known about the site."""
        smallest = self.min_divisible_sqm
        note = gettext("can be divided, from %s m²") % _number(smallest) if smallest else ""
        building = [
            (self.get_area_basis_display().capitalize(), _number(self.floor_area_sqm), "m²", note),
            (_("Clear height"), _number(self.ceiling_height_m), "m", ""),
            (_("Column grid"), self.column_grid, "m", ""),
            (_("Floor load"), _number(self.floor_load_kn_per_sqm), "kN/m²", ""),
            (_("Overhead crane"), self.crane, "", ""),
        ]
        supply = [
            (_("Power"), _number(self.power_kva), "kVA", ""),
            (_("Water"), self.water, "", ""),
            (_("Gas"), self.gas, "", ""),
        ]
        checked = date_format(self.checked_on, "DATE_FORMAT") if self.checked_on else ""
        terms = [
            (_("Tenure"), self.tenure, "", ""),
            (_("Price"), self.price_note, "", ""),
            (_("Data checked on"), checked, "", ""),
        ]
        groups = [(_("Building and land"), building), (_("Supply"), supply), (_("Terms"), terms)]
        return [
            (label, [row for row in rows if row[1]])
            for label, rows in groups
            if any(row[1] for row in rows)
        ]

    @property
    def headline_figures(self) -> list[tuple[str, str, str]]:
        """Up to four (label, value, unit) for the head of the page."""
        rows = [
            (self.get_area_basis_display().capitalize(), _number(self.floor_area_sqm), "m²"),
            (_("Clear height"), _number(self.ceiling_height_m), "m"),
            (_("Floor load"), _number(self.floor_load_kn_per_sqm), "kN/m²"),
            (_("Power"), _number(self.power_kva), "kVA"),
        ]
        return [row for row in rows if row[1]]


def _number(value) -> str:
    """A number with separators and without idle zeros, "" for None.

    The comma stands at thousands in both languages, as on the page of figures; Django's own
    Chinese format would group by four digits.
    """
    if value is None:
        return ""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text
