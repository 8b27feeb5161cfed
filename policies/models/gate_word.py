from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.clauses.text import LONGEST_PHRASE, phrase_problem


class GateWordQuerySet(models.QuerySet):
    def active(self) -> "GateWordQuerySet":
        return self.filter(active=True)


class GateWord(models.Model):
    """A phrase that a clause is looked through for, and the rule that it touches.

    A plain phrase, in which “…” stands for a few characters of the same sentence: 先征…后返.
    """

    class Severity(models.TextChoices):
        BLOCK = "block", _("Refused")
        WARN = "warn", _("Needs a publisher’s reason")

    class Place(models.TextChoices):
        EVERYWHERE = "everywhere", _("everywhere")
        AUDIENCE = "audience", _("where it says who may have it")

    phrase = models.CharField(
        _("phrase"),
        max_length=LONGEST_PHRASE,
        unique=True,
        help_text=_("As it is written; “…” stands for up to twelve characters of one sentence"),
    )
    severity = models.CharField(
        _("what it does"), max_length=8, choices=Severity.choices, default=Severity.WARN
    )
    rule = models.CharField(
        _("rule"), max_length=120, help_text=_("Such as 公平竞争审查条例第十条第（二）项")
    )
    explanation = models.CharField(_("explanation"), max_length=300, blank=True)
    place = models.CharField(
        _("looked for"), max_length=12, choices=Place.choices, default=Place.EVERYWHERE
    )
    harmless_in = models.TextField(
        _("harmless in"),
        max_length=2000,
        blank=True,
        help_text=_(
            "Longer words in which it means something else, one a line: there a refusal becomes a "
            "warning, and a warning is not given"
        ),
    )
    unless_lawful = models.BooleanField(
        _("a law may allow it"),
        default=False,
        help_text=_(
            "As in article 10: a refusal becomes a warning when the review found a law, an "
            "administrative regulation or the State Council’s approval behind the clause"
        ),
    )
    active = models.BooleanField(_("in use"), default=True)
    delivered = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = models.Manager.from_queryset(GateWordQuerySet)()

    class Meta:
        verbose_name = _("word of the gate")
        verbose_name_plural = _("words of the gate")
        ordering = ["severity", "phrase"]

    def __str__(self) -> str:
        return self.phrase

    def clean(self):
        super().clean()
        if problem := phrase_problem(self.phrase):
            raise ValidationError({"phrase": problem})
