from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.delivery import Delivery
from crm.models.lead import Lead
from crm.models.organisation import Organisation


class Activity(models.Model):
    """One line of the timeline of a lead or an organisation. Written by services, never changed."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        ASSIGNED = "assigned", _("Assigned")
        STAGE = "stage", _("Stage changed")
        NOTE = "note", _("Note")
        REVEALED = "revealed", _("Contact revealed")
        CONSENT_WITHDRAWN = "consent_withdrawn", _("Consent withdrawn")
        ANONYMISED = "anonymised", _("Personal data erased")
        NOTIFIED = "notified", _("Sent")
        NOT_SENT = "not_sent", _("Could not be sent")
        EXPORTED = "exported", _("Exported")
        REGISTERED = "registered", _("Registered for an event")
        ATTENDED = "attended", _("Came to an event")
        MEETING = "meeting", _("Met one-to-one")

    lead = models.ForeignKey(Lead, null=True, on_delete=models.CASCADE, related_name="activities")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="activities"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    data = models.JSONField(default=dict, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def detail(self) -> str:
        """What happened, in a few words, for the timeline."""
        if self.kind == self.Kind.STAGE:
            labels = dict(Lead.Stage.choices)
            return gettext("%(old)s → %(new)s") % {
                "old": labels.get(self.data.get("from"), ""),
                "new": labels.get(self.data.get("to"), ""),
            }
        if self.kind == self.Kind.ASSIGNED:
            return gettext("%(old)s → %(new)s") % {
                "old": self.data.get("from") or gettext("nobody"),
                "new": self.data.get("to") or gettext("nobody"),
            }
        if self.kind in (self.Kind.NOTIFIED, self.Kind.NOT_SENT):
            return str(dict(Delivery.Purpose.choices).get(self.data.get("purpose"), ""))
        return ""
