"""What pages of all kinds say of themselves in lists, and of where they come from."""

from datetime import datetime

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from base.drawings import drawing_choices
from base.plates import Plate


class ListingMixin(models.Model):
    """How a page shows itself elsewhere: in lists, in search results, when it is shared."""

    summary = models.TextField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("Stands below the title and in lists"),
    )
    illustration = models.CharField(
        _("drawing"),
        max_length=30,
        blank=True,
        choices=drawing_choices,
        help_text=_("Shown, and labelled as a drawing, as long as there is no photograph"),
    )
    picture = models.ForeignKey(
        "base.CustomImage",
        verbose_name=_("photograph"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    share_image = models.ForeignKey(
        "base.CustomImage",
        verbose_name=_("share picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown when the page is shared; empty: the photograph"),
    )
    keywords = models.CharField(
        _("keywords"), max_length=200, blank=True, help_text=_("Separated by commas")
    )
    is_sample = models.BooleanField(
        _("sample"),
        default=False,
        help_text=_("Made up for a trial: marked as a sample wherever it appears"),
    )

    class Meta:
        abstract = True

    @cached_property
    def plate(self) -> Plate | None:
        return Plate.of(image=self.picture, drawing=self.illustration)


class SourceMixin(models.Model):
    """Where an article comes from, and when this site published it."""

    source_name = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    source_on = models.DateField(_("date of the source"), null=True, blank=True)
    displayed_at = models.DateTimeField(
        _("displayed publication time"),
        null=True,
        blank=True,
        help_text=_("Empty: the time of first publishing. It can't be set back."),
    )

    class Meta:
        abstract = True

    @property
    def pub_date(self) -> datetime | None:
        """The publication time that readers, feeds and the meta tag PubDate are given."""
        times = [at for at in (self.displayed_at, self.first_published_at) if at]
        return max(times) if times else None
