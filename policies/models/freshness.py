"""How fresh a policy is: when somebody last compared it with its source, and when that is due again."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

# 国办秘函〔2019〕19号 lets columns of policy documents rest for six months.
INTERVAL_DAYS = 180
SOON_DAYS = 30


class FreshnessMixin(models.Model):
    """The last check of a page. Only the service `confirm_checked` writes it.

    It belongs to the page and not to a revision: a draft that was begun before a check must not
    take the check back when it is published.
    """

    checked_on = models.DateField(_("checked on"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    next_due = models.DateField(
        _("next check by"), null=True, blank=True, editable=False, db_index=True
    )

    # A copy is another document, which nobody has checked.
    exclude_fields_in_copy = ["checked_on", "checked_by", "next_due"]

    class Meta:
        abstract = True

    def with_content_json(self, content):
        page = super().with_content_json(content)
        page.checked_on, page.next_due = self.checked_on, self.next_due
        page.checked_by_id = self.checked_by_id
        return page

    @property
    def is_check_overdue(self) -> bool:
        return bool(self.next_due and self.next_due < timezone.localdate())


class PolicyCheck(models.Model):
    """One confirmation that a policy here is what its source says: the log behind `checked_on`."""

    policy = models.ForeignKey(
        "policies.PolicyPage",
        verbose_name=_("policy"),
        on_delete=models.CASCADE,
        related_name="checks",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    on = models.DateField(_("checked on"))
    next_due = models.DateField(_("next check by"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("check of a policy")
        verbose_name_plural = _("checks of policies")
        ordering = ["-on", "-pk"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"{self.policy_id} {self.on}"


class Holiday(models.Model):
    """A day that is off, or a weekend day that is worked instead (调休), as the State Council orders."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=40)
    is_workday = models.BooleanField(
        _("working day"),
        default=False,
        help_text=_("Ticked: a Saturday or Sunday that is worked. Not ticked: a day off."),
    )
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("The notice that orders it")
    )

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


@register_setting(icon="calendar-check")
class FreshnessSettings(BaseGenericSetting):
    """How often policies are compared with their sources."""

    interval_days = models.PositiveSmallIntegerField(
        _("days between two checks"),
        default=INTERVAL_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("180 days are the half year that the national inspection of sites allows."),
    )
    soon_days = models.PositiveSmallIntegerField(
        _("days ahead that a check is announced"),
        default=SOON_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )

    panels = [FieldPanel("interval_days"), FieldPanel("soon_days")]

    class Meta:
        verbose_name = _("checks of policies")
