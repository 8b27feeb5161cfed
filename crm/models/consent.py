import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.lead import Lead


class ConsentKind(models.TextChoices):
    PROCESSING = "processing", _("Answering the inquiry")
    SHARING = "sharing", _("Passing it on")
    EVENT = "event", _("Taking part in an event")
    MEETING = "meeting", _("Being shown to the participants of meetings")
    EVENT_LEAD = "event_lead", _("Being contacted about investing")


# What the inquiry form asks for; the others belong to the forms of events.
INQUIRY_KINDS = (ConsentKind.PROCESSING, ConsentKind.SHARING)
# What a lead may rest on: withdrawn, nothing is left that would allow to keep it.
LEAD_KINDS = (ConsentKind.PROCESSING, ConsentKind.EVENT_LEAD)


class ConsentTextQuerySet(models.QuerySet):
    def current(self, language: str) -> dict[str, "ConsentText"]:
        """The texts in force by kind, in `language` or else in the site's first language."""
        texts: dict[str, ConsentText] = {}
        candidates = self.filter(
            language__in={language, settings.LANGUAGE_CODE}, in_force_from__lte=timezone.localdate()
        ).order_by("in_force_from", "pk")
        for text in sorted(candidates, key=lambda t: t.language == language):
            texts[text.kind] = text
        return texts


class ConsentText(models.Model):
    """One wording of a consent. A changed wording is a new version, never an edited row."""

    kind = models.CharField(_("kind"), max_length=12, choices=ConsentKind.choices)
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=12)
    statement = models.TextField(_("what is agreed to"), help_text=_("Stands beside the box"))
    purpose = models.TextField(_("purpose"))
    manner = models.TextField(_("manner"))
    data_kinds = models.TextField(_("kinds of data"))
    in_force_from = models.DateField(_("in force from"))

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version", "language"], name="crm_consent_text_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version} ({self.language})"

    def shown(self, *, handler: str, notice: Sequence[str] = ()) -> str:
        """All that the visitor was told, as one text: what the receipt keeps.

        `notice` has what the form said besides: contact, the last day, the rights.
        """
        parts = (self.statement, self.purpose, self.manner, self.data_kinds, *notice)
        return "\n".join(part.replace("{handler}", handler) for part in parts)


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class ConsentQuerySet(models.QuerySet):
    def active(self) -> "ConsentQuerySet":
        return self.filter(withdrawn_at=None)


class ConsentReceipt(models.Model):
    """The receipt: who agreed to which wording, when, where and how. It outlives the data."""

    class Method(models.TextChoices):
        FORM = "form", _("Box ticked in the form")
        PAPER = "paper", _("Said or signed at the door")

    kind = models.CharField(_("kind"), max_length=12, choices=ConsentKind.choices)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    shown_text = models.TextField(_("text shown"))
    shown_text_hash = models.CharField(max_length=64)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    source_url = models.CharField(_("address of the form"), max_length=500, blank=True)
    method = models.CharField(
        _("method"), max_length=12, choices=Method.choices, default=Method.FORM
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["pk"]
        default_permissions = ("view",)
        abstract = True

    @property
    def first_line(self) -> str:
        """The sentence that was ticked, without the notice around it."""
        return self.shown_text.partition("\n")[0]


class Consent(ConsentReceipt):
    """The receipt of a consent given with an inquiry."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="consents")

    class Meta(ConsentReceipt.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["lead", "kind"], name="crm_consent_once_per_lead")
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.kind}"
