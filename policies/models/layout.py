"""The elements of an official document that stand around its text: GB/T 9704-2012, chapter 7."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail_localize.fields import SynchronizedField


class OfficialLayoutMixin(models.Model):
    """What a page needs to be laid out as the document it is. All of it may be empty.

    `is_full_text` says whether the text of the page is the document itself. Without it the page is a
    summary of this site, and nothing of it is ever laid out as an official document.
    """

    is_full_text = models.BooleanField(
        _("full text"),
        default=False,
        help_text=_(
            "The text below is the document itself, word for word. Otherwise the page is shown as a "
            "summary made by this site."
        ),
    )
    agency_heading = models.CharField(
        _("heading of the agency (发文机关标志)"),
        max_length=200,
        blank=True,
        help_text=_("Stands in red at the head, such as 长治市上党区人民政府文件"),
    )
    signatory = models.CharField(
        _("signatory (签发人)"),
        max_length=60,
        blank=True,
        help_text=_("Only for documents that go to a higher body"),
    )
    addressees = models.CharField(_("addressees (主送机关)"), max_length=500, blank=True)
    attachment_note = models.CharField(
        _("list of attachments (附件说明)"),
        max_length=500,
        blank=True,
        help_text=_("Titles separated by semicolons"),
    )
    annotation = models.CharField(_("annotation (附注)"), max_length=200, blank=True)
    copies_to = models.CharField(_("copies to (抄送)"), max_length=500, blank=True)
    printed_by = models.CharField(_("printed by (印发机关)"), max_length=100, blank=True)
    printed_on = models.DateField(_("printed on (印发日期)"), null=True, blank=True)

    layout_panel = MultiFieldPanel(
        [
            FieldPanel("is_full_text"),
            FieldPanel("agency_heading"),
            FieldRowPanel([FieldPanel("signatory"), FieldPanel("addressees")]),
            FieldPanel("attachment_note"),
            FieldPanel("annotation"),
            FieldPanel("copies_to"),
            FieldRowPanel([FieldPanel("printed_by"), FieldPanel("printed_on")]),
        ],
        heading=_("Official layout"),
        classname="collapsed",
    )
    # The words are translated; whether it is the document, and its dates, are the same everywhere.
    layout_translatable_fields = [
        SynchronizedField("is_full_text"),
        SynchronizedField("printed_on"),
    ]

    class Meta:
        abstract = True
