from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from policies.choices import CHANGING, RelationKind, Validity


class RelationQuerySet(models.QuerySet):
    def public(self) -> "RelationQuerySet":
        """Relations that count: of a published document, as its own language says them.

        Wagtail copies a page's relations to its translations; those copies say nothing.
        """
        return self.filter(page__live=True, page__locale__language_code=settings.LANGUAGE_CODE)

    def changing(self) -> "RelationQuerySet":
        """Relations that change what they point to. A draft for comment changes nothing yet."""
        return self.filter(kind__in=CHANGING).exclude(page__validity=Validity.DRAFT)


class PolicyRelation(Orderable):
    """What a document does to an earlier one, or owes it; `policies.record.effects` lets it take effect.

    It stands on the Chinese page and points to a Chinese page; other languages show the same.
    """

    Kind = RelationKind

    page = ParentalKey("policies.PolicyPage", on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(_("relation"), max_length=16, choices=RelationKind.choices)
    target = models.ForeignKey(
        "policies.PolicyPage",
        verbose_name=_("document"),
        on_delete=models.CASCADE,
        related_name="relations_in",
    )
    effective_on = models.DateField(
        _("takes effect on"),
        null=True,
        blank=True,
        help_text=_("Empty: when this document comes into force"),
    )
    part = models.CharField(
        _("articles"), max_length=200, blank=True, help_text=_("Which, where only parts are meant")
    )
    note = models.CharField(
        _("note"),
        max_length=200,
        blank=True,
        help_text=_("Where the text says so, such as 第一条"),
    )

    objects = models.Manager.from_queryset(RelationQuerySet)()

    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("effective_on")]),
        FieldPanel("target"),
        FieldRowPanel([FieldPanel("part"), FieldPanel("note")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(page=F("target")), name="policies_relation_not_to_itself"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target_id}"
