from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from base.models import ArticlePage, ColumnPage
from base.publish_check import Problem
from base.visibility import visible


class Level(models.TextChoices):
    """Levels of government. The district's plan names four, without the province."""

    NATION = "nation", _("National")
    PROVINCE = "province", _("Provincial")
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    PARK = "park", _("Park")


class Validity(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    PARTLY_VOID = "partly_void", _("Partly void")
    VOID = "void", _("Void")
    ABOLISHED = "abolished", _("Abolished")
    AMENDED = "amended", _("Amended")
    DRAFT = "draft", _("Draft for comment")


class Disclosure(models.TextChoices):
    PROACTIVE = "proactive", _("Published proactively")
    ON_REQUEST = "on_request", _("On request")


LEVEL_NOTES = {
    Level.NATION: _("Laws, administrative regulations and ministry rules"),
    Level.PROVINCE: _("Regulations of Shanxi Province"),
    Level.CITY: _("Measures of Changzhi City"),
    Level.DISTRICT: _("Plans and rules of Shangdang District"),
    Level.PARK: _("Admission rules of the development zone and the enclaves"),
}
TONES = {
    Validity.IN_FORCE: "force",
    Validity.DRAFT: "draft",
    Validity.AMENDED: "draft",
    Validity.PARTLY_VOID: "draft",
}


class PolicyQuerySet(PageQuerySet):
    def at_level(self, level: str):
        return self.filter(level=level)

    def in_force(self):
        return self.filter(validity=Validity.IN_FORCE)

    def level_counts(self) -> dict[str, int]:
        """Number of policies by level; levels without a policy are absent."""
        rows = self.order_by().values_list("level").annotate(n=Count("pk"))
        return dict(rows)


PolicyManager = PageManager.from_queryset(PolicyQuerySet)


class PolicyIndexPage(ColumnPage):
    """The policy library: `?level=` one level, `?in_force=1` only what is in force, `?page=`."""

    column_type = "政策文件"
    per_page = 15
    parent_page_types = ["home.HomePage"]
    subpage_types = ["policies.PolicyPage"]

    class Meta:
        verbose_name = _("policy library")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        everything = visible(PolicyPage.objects.child_of(self))
        level = request.GET.get("level", "")
        level = level if level in Level.values else ""
        only_in_force = request.GET.get("in_force") == "1"
        query = request.GET.get("q", "").strip()[:100]
        counted = everything.in_force() if only_in_force else everything
        for word in query.split():
            counted = counted.filter(
                models.Q(title__icontains=word)
                | models.Q(summary__icontains=word)
                | models.Q(document_number__icontains=word)
            )
        counts = counted.level_counts()
        chosen = counted.at_level(level) if level else counted
        paginator = Paginator(chosen.order_by("-adopted_on", "path"), self.per_page)
        context.update(
            policies=paginator.get_page(request.GET.get("page")),
            levels=level_tabs(counts, level),
            level=level,
            only_in_force=only_in_force,
            query=query,
        )
        return context


def level_tabs(counts: dict[str, int], current: str) -> list[dict]:
    """All levels as tabs (`value`, `label`, `note`, `count`, `current`); the province only when used."""
    return [
        {
            "value": level.value,
            "label": level.label,
            "note": LEVEL_NOTES[level],
            "count": counts.get(level.value, 0),
            "current": level.value == current,
        }
        for level in Level
        if level != Level.PROVINCE or counts.get(level.value)
    ]


class PolicyPage(ArticlePage):
    """One document, with the official data that a reader needs to rely on it."""

    Level, Validity, Disclosure = Level, Validity, Disclosure

    level = models.CharField(_("level"), max_length=10, choices=Level.choices, db_index=True)
    place_name = models.CharField(_("place"), max_length=100, blank=True)
    index_number = models.CharField(_("index number (索引号)"), max_length=60, blank=True)
    subject = models.CharField(_("subject category"), max_length=100, blank=True)
    issuing_body = models.CharField(_("issued by"), max_length=200, blank=True)
    document_number = models.CharField(_("document number"), max_length=100, blank=True)
    adopted_on = models.DateField(_("formed on"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    disclosure = models.CharField(
        _("disclosure"),
        max_length=12,
        choices=Disclosure.choices,
        default=Disclosure.PROACTIVE,
    )
    validity = models.CharField(
        _("validity"), max_length=12, choices=Validity.choices, default=Validity.IN_FORCE
    )
    contact = models.CharField(_("contact"), max_length=200, blank=True)

    objects = PolicyManager()

    parent_page_types = ["policies.PolicyIndexPage"]
    subpage_types: list[str] = []
    content_panels = ArticlePage.panels_for(
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("level"), FieldPanel("validity")]),
                FieldRowPanel([FieldPanel("issuing_body"), FieldPanel("place_name")]),
                FieldRowPanel([FieldPanel("document_number"), FieldPanel("index_number")]),
                FieldRowPanel([FieldPanel("adopted_on"), FieldPanel("published_on")]),
                FieldRowPanel([FieldPanel("in_force_from"), FieldPanel("in_force_until")]),
                FieldRowPanel([FieldPanel("subject"), FieldPanel("disclosure")]),
                FieldPanel("contact"),
            ],
            heading=_("Official data"),
        ),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("issuing_body"),
        index.SearchField("document_number"),
        index.FilterField("level"),
        index.FilterField("validity"),
        index.FilterField("adopted_on"),
    ]
    override_translatable_fields = [
        *ArticlePage.override_translatable_fields,
        SynchronizedField("level"),
        SynchronizedField("validity"),
        SynchronizedField("disclosure"),
        SynchronizedField("index_number"),
    ]

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def publish_problems(self) -> list[Problem]:
        problems = super().publish_problems()
        if not self.issuing_body.strip():
            problems.append(Problem("issuing_body", gettext("The issuing body is missing.")))
        if not (self.adopted_on or self.published_on or self.in_force_from):
            problems.append(
                Problem(
                    "adopted_on",
                    gettext("The document has no date: formed, published or in force."),
                )
            )
        if self.in_force_from and self.in_force_until and self.in_force_until < self.in_force_from:
            problems.append(
                Problem("in_force_until", gettext("The end lies before the beginning."))
            )
        return problems

    @property
    def validity_tone(self) -> str:
        """The modifier of the tag: `force`, `draft` or `void`."""
        return TONES.get(self.validity, "void")

    @property
    def metadata(self) -> list[tuple[str, str]]:
        """The document's data as (label, value), in the order readers know; "" where the text is silent."""

        def day(value):
            return date_format(value, "DATE_FORMAT") if value else ""

        return [
            (_("Issued by"), self.issuing_body),
            (_("Document number"), self.document_number),
            (_("Index number"), self.index_number),
            (_("Formed on"), day(self.adopted_on)),
            (_("Published on"), day(self.published_on)),
            (_("In force from"), day(self.in_force_from)),
            (_("In force until"), day(self.in_force_until)),
            (_("Level"), self.get_level_display()),
            (_("Place"), self.place_name),
            (_("Subject category"), self.subject),
            (_("Disclosure"), self.get_disclosure_display()),
            (_("Contact"), self.contact),
        ]
