import re
from datetime import date

from django.db import models
from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from base.models import ArticlePage
from base.publish_check import Problem
from policies.choices import INVALID, OWN_CITY, RANKS, TONES, Disclosure, Level, Validity
from policies.clause_panel import ClausesPanel
from policies.clause_search import searchable_texts, with_clause_mark

# "甲、乙" are two; a comma with a blank behind it belongs to an English name.
JOINED = re.compile(r"[、，；]|,(?!\s)")
SUBJECTS = re.compile(r"[、，；;]|,(?!\s)")


class PolicyQuerySet(PageQuerySet):
    def level_counts(self) -> dict[str, int]:
        """Number of policies by level; levels without a policy are absent."""
        rows = self.order_by().values_list("level").annotate(n=Count("pk"))
        return dict(rows)


PolicyManager = PageManager.from_queryset(PolicyQuerySet)


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
        ClausesPanel(),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("issuing_body"),
        index.SearchField("document_number"),
        index.SearchField("clause_texts"),
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
    def current_validity(self) -> Validity:
        """The validity of today: past its end a document is void, whatever was entered."""
        ended = self.in_force_until and self.in_force_until < timezone.localdate()
        if ended and self.validity not in INVALID:
            return Validity.VOID
        return Validity(self.validity)

    @property
    def validity_label(self) -> str:
        return str(self.current_validity.label)

    @property
    def validity_tone(self) -> str:
        """The modifier of the tag: `force`, `draft` or `void`."""
        return TONES.get(self.current_validity, "void")

    @property
    def search_date(self) -> date | None:
        """The date of the document, which a reader knows it by, not that of its page here."""
        return self.adopted_on or self.published_on or self.in_force_from

    @property
    def search_status(self) -> tuple[str, str, bool]:
        validity = self.current_validity
        return validity.value, self.validity_label, validity not in INVALID

    @property
    def search_valid_until(self) -> date | None:
        return self.in_force_until

    @property
    def search_tone(self) -> str:
        return self.validity_tone

    @property
    def search_rank(self) -> int:
        own = self.level == Level.CITY and self.place_name.startswith(OWN_CITY)
        return 3 if own else RANKS.get(self.level, 0)

    @property
    def search_place(self) -> str:
        return self.place_name

    @property
    def search_facts(self) -> list[str]:
        return [fact for fact in (self.get_level_display(), self.document_number) if fact]

    def search_facets(self) -> dict[str, list[str]]:
        facets = {
            "level": [self.level],
            "topic": _parts(SUBJECTS, self.subject),
            "issuer": _parts(JOINED, self.issuing_body),
            "status": [self.search_status[0]],
            "year": [str(self.search_date.year)] if self.search_date else [],
        }
        return {name: codes for name, codes in facets.items() if codes}

    @classmethod
    def get_indexed_objects(cls):
        """Pages that say whether they have clauses at all: most have none, and are asked no more."""
        return with_clause_mark(super().get_indexed_objects())

    def clause_texts(self) -> str:
        """The words of the policy's public clauses in the page's language, for the search."""
        return searchable_texts(self)

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


def _parts(separators: re.Pattern, text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in separators.split(text) if part.strip()))
