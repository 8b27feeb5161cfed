from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.outbox import OutboxQuerySet, OutboxStatus, new_key
from crm.models.lead import Lead


class Delivery(models.Model):
    """The outbox: one message that must leave the house, written together with its cause."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("Mail")
        WEBHOOK = "webhook", _("Webhook")

    class Purpose(models.TextChoices):
        NOTICE = "notice", _("Notice to the officers")
        RECEIPT = "receipt", _("Receipt for the visitor")
        ASSIGNED = "assigned", _("Notice to the new owner")
        WITHDRAWN = "withdrawn", _("Notice of a withdrawn consent")
        EVENT = "event", _("Event for another system")

    Status = OutboxStatus

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now, db_index=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    idempotency_key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.kind} {self.purpose} {self.status}"
