import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.credit_code import validate_credit_code
from crm.masking import mask_name


def name_key(name: str) -> str:
    """The name without what people write differently: width, case, spaces and punctuation."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in text if c.isalnum())[:120]


class Organisation(models.Model):
    """A company or other body somebody wrote for; its history is the timeline of its activities."""

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    name_key = models.CharField(max_length=120, db_index=True, editable=False)
    credit_code = models.CharField(
        _("credit code (统一社会信用代码)"),
        max_length=18,
        blank=True,
        validators=[validate_credit_code],
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~models.Q(credit_code=""),
                name="crm_organisation_credit_code",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person who wrote. Found again by telephone or e-mail, never merged by name."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contacts",
    )
    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("telephone"), max_length=20, blank=True, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        default_permissions = ("view",)

    def __str__(self) -> str:
        # A person's name is personal data: masked wherever an object only happens to be printed.
        return mask_name(self.name)
