from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PolicyVersionQuerySet(models.QuerySet):
    def latest_first(self) -> "PolicyVersionQuerySet":
        return self.order_by("-number")

    def readable(self) -> "PolicyVersionQuerySet":
        """Those whose text readers may have."""
        return self.filter(is_withheld=False)


class PolicyVersion(models.Model):
    """One published state of a policy's text and data, as readers could rely on it.

    Only `policies.services.versions.record_version` writes these rows. They stay when the page is
    taken back and go when it is deleted; who may read them is asked of the page.
    """

    policy = models.ForeignKey(
        "policies.PolicyPage",
        verbose_name=_("policy"),
        on_delete=models.CASCADE,
        related_name="versions",
    )
    number = models.PositiveIntegerField(_("number"))
    made_at = models.DateTimeField(_("published here at"))
    # SHA-256 of what a reader relies on (policies.official.record.Record.digest).
    digest = models.CharField(max_length=64, db_index=True)
    # The record itself, as `Record.data` writes it.
    data = models.JSONField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.CharField(
        _("note"),
        max_length=200,
        blank=True,
        help_text=_("Why this version was made; readers see it"),
    )

    is_withheld = models.BooleanField(
        _("withheld"),
        default=False,
        help_text=_(
            "Readers no longer get the text of this version: one with personal data, for example, that "
            "were published by mistake"
        ),
    )

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a policy")
        verbose_name_plural = _("versions of policies")
        ordering = ["policy", "-number"]
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint("policy", "number", name="policies_version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.policy.title} · {self.number}"
