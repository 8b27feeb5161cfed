from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A link is dead when it failed on so many different days, one after the other.
DEAD_AFTER = 3
LONGEST_URL = 1000


class LinkCheckQuerySet(models.QuerySet):
    def dead(self) -> "LinkCheckQuerySet":
        return self.filter(failures__gte=DEAD_AFTER)

    def due(self, now=None) -> "LinkCheckQuerySet":
        return self.filter(due_at__lte=now or timezone.now())


class LinkCheck(models.Model):
    """An address that policies link to, and what became of the last attempt to open it."""

    class Outcome(models.TextChoices):
        UNKNOWN = "", _("not tried yet")
        OK = "ok", _("opens")
        GUARDED = "guarded", _("answers, but not to programs")
        GONE = "gone", _("is not there")
        FAULT = "fault", _("the server is at fault")
        NO_HOST = "no_host", _("the name of the server is unknown")
        REFUSED = "refused", _("no connection")
        TIMEOUT = "timeout", _("no answer in time")
        TLS = "tls", _("the certificate is wrong")
        LOOP = "loop", _("redirects without end")
        ODD = "odd", _("the answer can't be read")
        PRIVATE = "private", _("leads into a private network")

    url = models.CharField(_("address"), max_length=LONGEST_URL, unique=True)
    host = models.CharField(max_length=255)
    outcome = models.CharField(
        _("result"), max_length=10, choices=Outcome.choices, blank=True, default=""
    )
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    checked_at = models.DateTimeField(_("tried"), null=True, blank=True)
    # Days in a row on which it failed; the second failure of a day counts nothing.
    failures = models.PositiveSmallIntegerField(_("failed on days"), default=0, db_index=True)
    failed_on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("checked link")
        verbose_name_plural = _("checked links")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.url


class LinkUse(models.Model):
    """Where a link stands: a policy, and the field of it."""

    link = models.ForeignKey(LinkCheck, on_delete=models.CASCADE, related_name="uses")
    policy = models.ForeignKey(
        "policies.PolicyPage", on_delete=models.CASCADE, related_name="link_uses"
    )
    field = models.CharField(max_length=30)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint("link", "policy", "field", name="policies_link_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.field}"


class LinkReading(models.Model):
    """When the links of a policy were last read out of it."""

    policy = models.OneToOneField(
        "policies.PolicyPage",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="link_reading",
    )
    read_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.policy_id} {self.read_at}"
