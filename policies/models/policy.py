from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from base.models import ArticlePage
from base.publish_check import Problem
from policies import statute
from policies.choices import (
    TONES,
    Disclosure,
    Level,
    Validity,
)
from policies.clauses.panel import ClausesPanel
from policies.models.found import JOINED, SUBJECTS, FoundMixin, parts_of
from policies.models.freshness import FreshnessMixin
from policies.models.layout import OfficialLayoutMixin
from policies.record.document_number import DocumentNumberError
from policies.record.document_number import normalise as normal_number
from policies.record.drawing import draw
from policies.record.family import Family, effects_on, family_of
from policies.record.relation_check import RelationsPanel, relation_problems, relation_warnings
from policies.record.validity import Facts, Standing, coming_sentence, contradiction, sentence
from policies.record.validity import standing as standing_of
from policies.subject_field import SubjectInput, joined, unknown


class PolicyQuerySet(PageQuerySet):
    def level_counts(self) -> dict[str, int]:
        """Number of policies by level; levels without a policy are absent."""
        rows = self.order_by().values_list("level").annotate(n=Count("pk"))
        return dict(rows)


PolicyManager = PageManager.from_queryset(PolicyQuerySet)


class PolicyPage(FoundMixin, OfficialLayoutMixin, FreshnessMixin, ArticlePage):
    """One document, with the official data that a reader needs to rely on it."""

    Level, Validity, Disclosure = Level, Validity, Disclosure

    level = models.CharField(_("level"), max_length=10, choices=Level.choices, db_index=True)
    place_name = models.CharField(_("place"), max_length=100, blank=True)
    index_number = models.CharField(_("index number (索引号)"), max_length=60, blank=True)
    subject = models.CharField(_("subject category"), max_length=100, blank=True)
    issuing_body = models.CharField(
        _("issued by"),
        max_length=200,
        blank=True,
        help_text=_("Several bodies are separated by 、"),
    )
    document_number = models.CharField(
        _("document number"),
        max_length=100,
        blank=True,
        help_text=_(
            "Such as 长政发〔2024〕3号 or 国务院令第722号; brackets of any kind become 〔〕"
        ),
    )
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
        _("validity"),
        max_length=12,
        choices=Validity.choices,
        default=Validity.IN_FORCE,
        help_text=_("It follows the dates and the relations; what contradicts them is refused"),
    )
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    # Kept by policies.record.effects: what was entered, what that came to when it was last looked at, and the
    # last day on which it holds as far as is known.
    validity_said = models.CharField(max_length=12, blank=True, editable=False)
    validity_settled = models.CharField(max_length=12, blank=True, editable=False)
    validity_until = models.DateField(null=True, editable=False, db_index=True)

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
                FieldRowPanel(
                    [
                        FieldPanel("subject", widget=SubjectInput),
                        FieldPanel("disclosure"),
                    ]
                ),
                FieldPanel("contact"),
            ],
            heading=_("Official data"),
        ),
        RelationsPanel("relations", heading=_("Relations"), label=_("Relation")),
        OfficialLayoutMixin.layout_panel,
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
        # A translation shows the relations of its Chinese page.
        BaseTranslatableField("relations"),
        *OfficialLayoutMixin.layout_translatable_fields,
    ]

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def clean(self):
        super().clean()
        if self.in_source_language:
            self.issuing_body = joined(JOINED, self.issuing_body)
            try:
                self.document_number = normal_number(self.document_number)
            except DocumentNumberError as error:
                raise ValidationError({"document_number": str(error)}) from error
        else:  # No. 722 of the State Council: translations have no rule
            self.document_number = " ".join(self.document_number.split())

    @property
    def in_source_language(self) -> bool:
        """Whether this is the page that the document's relations and validity are kept on."""
        return self.locale_id is None or self.locale.language_code == settings.LANGUAGE_CODE

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
        elif self.in_source_language:  # translations follow
            problems += self._contradictions()
        if self.is_full_text and not len(self.body):
            problems.append(Problem("body", gettext("The page has no text to be the full text.")))
        return problems

    def _contradictions(self) -> list[Problem]:
        known = effects_on([self.translation_key])[self.translation_key] if self.pk else []
        # What the form shows, even where something else was said before.
        shown = Facts(self.validity, self.in_force_from, self.in_force_until, tuple(known))
        reason = contradiction(shown, timezone.localdate())
        problems = [Problem("validity", reason)] if reason else []
        found = relation_problems(self, self.relations.all())
        return problems + [Problem("", problem.message) for problem in found]

    def publish_warnings(self) -> list[Problem]:
        warnings = super().publish_warnings()
        if not self.in_source_language:
            return warnings
        warnings += relation_warnings(self)
        if self.document_number and self.issuing_body:
            same = PolicyPage.objects.filter(
                document_number=self.document_number, issuing_body=self.issuing_body
            ).exclude(translation_key=self.translation_key)
            if title := same.values_list("title", flat=True).first():
                text = gettext("“%(title)s” has the same document number and issuing body.")
                warnings.append(Problem("document_number", text % {"title": title}))
        if strange := unknown(parts_of(SUBJECTS, self.subject)):
            text = gettext("Not in the list of subject categories: %(subjects)s.")
            warnings.append(Problem("subject", text % {"subjects": "、".join(strange)}))
        return warnings

    @property
    def entered_validity(self) -> str:
        """What somebody entered: what was said, unless another value was chosen since."""
        if self.validity_said and self.validity == self.validity_settled:
            return self.validity_said
        return self.validity

    def facts(self, effects=()) -> Facts:
        """What `policies.record.validity` computes from."""
        return Facts(self.entered_validity, self.in_force_from, self.in_force_until, tuple(effects))

    @cached_property
    def family(self) -> Family:
        """The documents around this one, and its interpretations, in the active language: two queries."""
        return family_of(self)

    @cached_property
    def standing(self) -> Standing:
        """Where the document stands today by all that is known, its relations included.

        Lists go by what is stored (`current_validity`), which follows within minutes.
        """
        return standing_of(self.facts(self.family.effects), timezone.localdate())

    @property
    def standing_reason(self) -> str:
        facts = self.facts(self.family.effects)
        return sentence(self.standing, facts, timezone.localdate())

    @property
    def standing_to_come(self) -> str:
        return coming_sentence(self.standing)

    def get_context(self, request, *args, **kwargs):
        if not getattr(request, "is_preview", False):  # served pages are in the active language
            self.family = family_of(self, is_source=get_language() == settings.LANGUAGE_CODE)
        # The page says how it is today, even where the stored value has still to follow.
        self.validity = self.standing.validity
        context = super().get_context(request, *args, **kwargs)
        context["family"] = self.family
        context["drawing"] = draw(self.family)
        return context

    @property
    def _stored_standing(self) -> Standing:
        stored = Facts(self.validity, self.in_force_from, self.in_force_until)
        return standing_of(stored, timezone.localdate())

    @property
    def current_validity(self) -> Validity:
        """The validity of today: past its end a document is void, whatever is stored."""
        return self._stored_standing.validity

    @property
    def validity_label(self) -> str:
        return self._stored_standing.label

    @property
    def validity_tone(self) -> str:
        """The modifier of the tag: `force`, `draft` or `void`."""
        standing = self._stored_standing
        return "draft" if standing.is_pending else TONES.get(standing.validity, "void")

    @cached_property
    def statute(self) -> statute.Statute | None:
        """The text as parts, chapters and articles, when it is that of a statute."""
        return statute.read(self.body)

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
