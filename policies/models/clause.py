from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations

from policies.choices import CapUnit, ClauseState, Review, Support
from policies.clauses.rules import form_problems
from policies.models.clause_query import ClauseManager, ClausePart

# What only the service of publishing writes.
SERVICE_FIELDS = (
    "state",
    "published_digest",
    "live_digest",
    "published_at",
    "published_by",
    "in_search",
)


class ClauseWords(models.Model):
    """What a clause says in one language. Chinese is the clause's own, others are translations of it."""

    title = models.CharField(_("title"), max_length=120)
    audience = models.TextField(_("who it is for"), max_length=500, blank=True)
    offer = models.TextField(_("what is given"), max_length=1000, blank=True)
    requirements = models.TextField(_("conditions in words"), max_length=2000, blank=True)
    materials = models.TextField(
        _("materials"), max_length=2000, blank=True, help_text=_("One a line")
    )
    apply_at = models.CharField(_("where to apply"), max_length=300, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def texts(self) -> list[str]:
        """What is said beside the title, in the order of the form."""
        values = (self.audience, self.offer, self.requirements, self.materials)
        return [text for text in (*values, self.apply_at, self.contact) if text]

    @property
    def material_list(self) -> list[str]:
        return [line.strip() for line in self.materials.splitlines() if line.strip()]


class Clause(ClauseWords, ClusterableModel):
    """One clause of support (扶持条款) of a policy: who gets what, on which conditions, until when.

    It belongs to the policy's Chinese page and is one for all languages; `ClauseTranslation` has its
    words in others. Only the service of publishing changes `state`.
    """

    Support, CapUnit, Review, State = Support, CapUnit, Review, ClauseState

    policy = models.ForeignKey(
        "policies.PolicyPage",
        verbose_name=_("policy"),
        on_delete=models.CASCADE,
        related_name="clauses",
    )
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    locator = models.CharField(
        _("place in the document"), max_length=60, blank=True, help_text=_("Such as 第五条第二款")
    )
    quote = models.TextField(
        _("sentence of the policy"),
        max_length=1000,
        blank=True,
        help_text=_("Word for word, as the document has it"),
    )
    support = models.CharField(_("kind of support"), max_length=12, choices=Support.choices)
    cap = models.DecimalField(
        _("at most"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cap_unit = models.CharField(_("unit"), max_length=12, choices=CapUnit.choices, blank=True)
    opens_on = models.DateField(_("applications from"), null=True, blank=True)
    closes_on = models.DateField(_("applications until"), null=True, blank=True)
    ends_on = models.DateField(_("support ends on"), null=True, blank=True)
    apply_url = models.URLField(_("address for applications"), max_length=500, blank=True)
    legal_basis = models.TextField(_("legal basis"), max_length=500, blank=True)
    # 公平竞争审查条例: the review's conclusion, day and body; who may benefit is open to all that fit.
    review = models.CharField(
        _("fairness review: conclusion"), max_length=12, choices=Review.choices, blank=True
    )
    reviewed_on = models.DateField(_("fairness review: day"), null=True, blank=True)
    reviewed_by = models.CharField(_("fairness review: body"), max_length=120, blank=True)
    review_reasons = models.TextField(
        _("fairness review: reasons of the exception"),
        max_length=1000,
        blank=True,
        help_text=_(
            "Only for an exception of article 12: which of its cases it is, and why nothing else "
            "would restrict competition less"
        ),
    )
    open_to_all = models.BooleanField(
        _("open to everyone who meets the conditions"),
        default=False,
        help_text=_("The conditions are objective, clear and name no certain enterprise"),
    )
    # Clauses with the same mark exclude each other: a company may take one of them.
    exclusive_group = models.CharField(_("excludes others of the group"), max_length=60, blank=True)
    is_sample = models.BooleanField(
        _("sample"),
        default=False,
        help_text=_("Made up for a trial: marked as a sample wherever it appears"),
    )

    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ClauseState.choices,
        default=ClauseState.DRAFT,
        editable=False,
    )
    # What was published, and what stands here now, as digests (policies/clauses/digest.py). The second
    # is emptied by whatever writes the clause, so a clause changed past the gate is not shown any more.
    published_digest = models.CharField(max_length=64, blank=True, editable=False)
    live_digest = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    # Whether the policy is found by the clause's words.
    in_search = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClauseManager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["policy", "sort_order", "pk"]
        permissions = [("publish_clause", "Can publish and withdraw clauses")]
        indexes = [models.Index(fields=["state", "ends_on"], name="policies_clause_shown")]

    def __str__(self) -> str:
        return self.title

    def clean(self):
        super().clean()
        if problems := form_problems(self):
            raise ValidationError(problems)

    def save(self, **kwargs):
        """Write what an officer may write.

        The state stays as the row has it: a copy read before somebody published would set it back.
        """
        self.live_digest = ""
        if self._state.adding:
            for name in SERVICE_FIELDS:
                setattr(self, name, self._meta.get_field(name).get_default())
        elif not kwargs.get("force_insert"):
            names = kwargs.get("update_fields")
            if names is None:
                names = {field.name for field in self._meta.concrete_fields} - {"id"}
                names |= {rel.get_accessor_name() for rel in get_all_child_relations(self)}
            kwargs["update_fields"] = {*names, "updated_at"} - set(SERVICE_FIELDS) | {"live_digest"}
        with transaction.atomic():
            super().save(**kwargs)

    def words_in(self, code: str) -> ClauseWords:
        """Its words in a language; its own where no translation says who gets what."""
        whole = (words for words in self.translations.all() if words.audience and words.offer)
        return next((words for words in whole if words.language == code), self)

    @property
    def is_sealed(self) -> bool:
        """Whether it stands as it was published; whether it is shown, `objects.public()` knows."""
        return (
            self.state == ClauseState.PUBLISHED
            and self.published_digest != ""
            and self.published_digest == self.live_digest
        )


def other_languages() -> list[tuple[str, str]]:
    """The languages that a clause can be translated into."""
    return [pair for pair in settings.LANGUAGES if pair[0] != settings.LANGUAGE_CODE]


class ClauseTranslation(ClausePart, ClauseWords):
    """The words of a clause in another language."""

    clause = ParentalKey(Clause, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=12, choices=other_languages)

    class Meta:
        verbose_name = _("translation of a clause")
        verbose_name_plural = _("translations of a clause")
        constraints = [
            models.UniqueConstraint("clause", "language", name="policies_clause_language_once")
        ]

    def __str__(self) -> str:
        return self.title
