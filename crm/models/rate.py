from django.db import models


class RateCounter(models.Model):
    """How many inquiries one client sent in one hour; `client` is a keyed digest, no address."""

    client = models.CharField(max_length=64)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["client", "hour"], name="crm_rate_counter_client_hour")
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.count}"
