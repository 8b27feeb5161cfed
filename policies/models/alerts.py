"""Alerts by e-mail: who follows which filter, which editions there are, who was told of which."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.outbox import OutboxQuerySet, OutboxStatus, new_key


class AlertTextQuerySet(models.QuerySet):
    def current(self, language: str) -> "AlertText | None":
        """The wording in force in `language`, or else in the site's first language."""
        found = self.filter(
            language__in={language, settings.LANGUAGE_CODE}, in_force_from__lte=timezone.localdate()
        )
        return max(
            found, key=lambda text: (text.language == language, text.in_force_from), default=None
        )


class AlertText(models.Model):
    """One wording of the consent to alerts. A changed wording is a new version, never an edited row."""

    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=12)
    statement = models.TextField(_("what is agreed to"))
    purpose = models.TextField(_("purpose"))
    manner = models.TextField(_("manner"))
    data_kinds = models.TextField(_("kinds of data"))
    kept = models.TextField(_("how long"))
    in_force_from = models.DateField(_("in force from"))

    objects = AlertTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text of alerts")
        verbose_name_plural = _("consent texts of alerts")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint("version", "language", name="policies_alert_text_version")
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"

    def shown(self, *, handler: str, notice: Sequence[str] = ()) -> str:
        """All that the reader was told, as one text: what the receipt keeps."""
        parts = (self.statement, self.purpose, self.manner, self.data_kinds, self.kept, *notice)
        return "\n".join(part.replace("{handler}", handler) for part in parts)


class AlertReader(models.Model):
    """An address that alerts go to. It goes with its last subscription."""

    email = models.EmailField(_("e-mail"), max_length=254)
    email_key = models.CharField(max_length=254, unique=True)
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("reader of alerts")
        verbose_name_plural = _("readers of alerts")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.public_id)


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self) -> "SubscriptionQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def waiting(self) -> "SubscriptionQuerySet":
        """Not confirmed yet, the newest first."""
        return self.filter(confirmed_at=None).order_by("-created_at", "-pk")

    def lapsed(self, before) -> "SubscriptionQuerySet":
        """Not confirmed, and asked for before that time."""
        return self.filter(confirmed_at=None, created_at__lt=before)


class Subscription(models.Model):
    """A filter of the library that a reader follows, with the receipt of the consent."""

    class Frequency(models.TextChoices):
        DAILY = "daily", _("daily")
        WEEKLY = "weekly", _("weekly")

    reader = models.ForeignKey(AlertReader, on_delete=models.CASCADE, related_name="subscriptions")
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=12)
    # The library's address behind the "?", in one normal form; "" follows everything.
    query = models.TextField(_("filter"), blank=True)
    query_hash = models.CharField(max_length=64)
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices)
    text = models.ForeignKey(AlertText, on_delete=models.PROTECT, related_name="+")
    shown_text = models.TextField(_("text shown"))
    shown_text_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    digest_at = models.DateTimeField(_("last mail"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                "reader", "language", "query_hash", name="policies_subscription_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class PolicyWatch(models.Model):
    """The state in which a policy was last seen public, and since when it has been so."""

    policy = models.OneToOneField(
        "policies.PolicyPage", on_delete=models.CASCADE, primary_key=True, related_name="watch"
    )
    version = models.CharField(max_length=64)
    # As stored in the page: other documents change it without publishing this one.
    validity = models.CharField(max_length=12, blank=True)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.policy_id} {self.version[:8]}"


class Edition(models.Model):
    """A policy as it was published from one moment on. The same content again is another edition."""

    policy = models.ForeignKey(
        "policies.PolicyPage", on_delete=models.CASCADE, related_name="editions"
    )
    version = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint("policy", "version", "at", name="policies_edition_once")
        ]
        indexes = [models.Index(fields=["policy", "at"], name="policies_edition_time")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.version[:8]} {self.at}"


class AlertMail(models.Model):
    """The outbox of alerts: a mail that must leave the house, written together with its cause."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Asks for the confirmation")
        KNOWN = "known", _("Says that the filter is followed already")
        FULL = "full", _("Says that no more filters can be followed")
        DIGEST = "digest", _("Alert")

    Status = OutboxStatus

    reader = models.ForeignKey(AlertReader, on_delete=models.CASCADE, related_name="mails")
    subscription = models.ForeignKey(
        Subscription, null=True, on_delete=models.CASCADE, related_name="mails"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=12)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now, db_index=True)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    idempotency_key = models.CharField(max_length=32, unique=True, default=new_key)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"


class Told(models.Model):
    """A reader was told of an edition: written together with the mail that tells it.

    One row for a reader, not for a subscription: two overlapping filters tell a document once.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")

    reader = models.ForeignKey(AlertReader, on_delete=models.CASCADE, related_name="told")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="told")
    mail = models.ForeignKey(AlertMail, null=True, on_delete=models.SET_NULL, related_name="told")
    kind = models.CharField(max_length=8, choices=Kind.choices)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint("reader", "edition", name="policies_told_once")]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.edition_id}"
