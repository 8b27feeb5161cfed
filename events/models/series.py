from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.bilingual import in_language


class EventSeries(models.Model):
    """Events that belong together, such as a monthly afternoon of one enclave."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    about = models.TextField(_("what it is"), max_length=500, blank=True)
    about_en = models.TextField(_("what it is (English)"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("series of events")
        verbose_name_plural = _("series of events")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self, "name")

    @property
    def told(self) -> str:
        """What it is, in the active language."""
        return in_language(self, "about")
