"""The blocks of an event's page. What they hold stays out of migrations (`base.fields.BodyField`)."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock


class ProgrammeRowBlock(blocks.StructBlock):
    time = blocks.CharBlock(label=_("Time"), max_length=30)
    title = blocks.CharBlock(label=_("What"), max_length=200)
    speaker = blocks.CharBlock(label=_("Who"), required=False, max_length=200)


class ProgrammeBlock(blocks.StreamBlock):
    row = ProgrammeRowBlock(label=_("Item"))


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=200)


class LinkBlock(blocks.StructBlock):
    url = blocks.URLBlock(label=_("Address"), max_length=500)
    title = blocks.CharBlock(label=_("Title"), max_length=200)


class MaterialBlock(blocks.StreamBlock):
    """Papers before an event, recordings and papers after it."""

    file = FileBlock(label=_("File"))
    link = LinkBlock(label=_("Link"))
