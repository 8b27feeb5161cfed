from django.db import models
from django.utils.translation import gettext_lazy as _


class QueryDay(models.Model):
    """How often something was searched on one day in one language. Nothing about who did."""

    day = models.DateField(_("day"), db_index=True)
    locale = models.CharField(_("language"), max_length=20)
    query = models.CharField(_("searched"), max_length=100)
    times = models.PositiveIntegerField(_("times"), default=0)
    # How often nothing was found, and how many results there were the last time.
    nothing = models.PositiveIntegerField(_("times without a result"), default=0)
    found = models.PositiveIntegerField(_("results"), default=0)

    class Meta:
        verbose_name = _("searches of a day")
        verbose_name_plural = _("searches of a day")
        constraints = [
            models.UniqueConstraint(fields=["day", "locale", "query"], name="one_row_a_day")
        ]

    def __str__(self):
        return f"{self.day} {self.query}"
