from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AttachmentText(models.Model):
    """The text of an uploaded document, taken out once for each state of its file."""

    class State(models.TextChoices):
        READ = "read", _("read")
        EMPTY = "empty", _("without text (a scan?)")
        FAILED = "failed", _("could not be read")
        UNSUPPORTED = "unsupported", _("kind of file not read")

    document = models.OneToOneField(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="search_text",
    )
    file_hash = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    text = models.TextField(blank=True)
    # Of the file; 0 where the kind of file has none.
    pages = models.PositiveIntegerField(default=0)
    # Whether the text was cut at the limit.
    cut = models.BooleanField(default=False)
    error = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("text of an attachment")
        verbose_name_plural = _("texts of attachments")

    def __str__(self):
        return f"{self.document_id}: {self.state}"
