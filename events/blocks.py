"""The blocks of an event's page. What they hold stays out of migrations (`base.fields.BodyField`).

Texts have a default: what is missing must be "" and not None, or the page can't be translated.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock


class ProgrammeRowBlock(blocks.StructBlock):
    """What needs no more than a line: welcome, a break, lunch. Programmes of old have only these."""

    time = blocks.CharBlock(
        default="",
        label=_("Time"),
        max_length=30,
        help_text=_("Such as 09:30 or 09:30–10:00, or in words"),
    )
    title = blocks.CharBlock(default="", label=_("What"), max_length=200)
    speaker = blocks.CharBlock(default="", label=_("Who"), required=False, max_length=200)

    class Meta:
        icon = "time"


class SpeakerBlock(blocks.StructBlock):
    name = blocks.CharBlock(default="", label=_("Name"), max_length=80)
    position = blocks.CharBlock(
        default="", label=_("Position and organisation"), required=False, max_length=120
    )
    about = blocks.CharBlock(
        default="", label=_("A line about them"), required=False, max_length=300
    )


class SessionBlock(blocks.StructBlock):
    """A part of the programme that people may choose, count seats for, and look up speakers of."""

    day = blocks.DateBlock(
        label=_("Day"),
        required=False,
        help_text=_("Empty: the day of the item above, at first the day the event begins"),
    )
    begins = blocks.TimeBlock(label=_("Begins"))
    ends = blocks.TimeBlock(label=_("Ends"), required=False)
    title = blocks.CharBlock(default="", label=_("Title"), max_length=200)
    room = blocks.CharBlock(default="", label=_("Room"), required=False, max_length=80)
    about = blocks.TextBlock(
        default="", label=_("What it is about"), required=False, max_length=600, rows=3
    )
    speakers = blocks.ListBlock(SpeakerBlock(), label=_("Speakers"), default=[])

    def clean(self, value):
        cleaned = super().clean(value)
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and ends <= begins:
            raise blocks.StructBlockValidationError(
                {"ends": ValidationError(_("The end lies before the beginning."))}
            )
        return cleaned

    class Meta:
        icon = "group"


class ProgrammeBlock(blocks.StreamBlock):
    session = SessionBlock(label=_("Session"))
    row = ProgrammeRowBlock(label=_("Short item"))


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(default="", label=_("Title"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"


class LinkBlock(blocks.StructBlock):
    url = blocks.URLBlock(label=_("Address"), max_length=500)
    title = blocks.CharBlock(default="", label=_("Title"), max_length=200)

    class Meta:
        icon = "link"


class MaterialBlock(blocks.StreamBlock):
    """Papers before an event, recordings and papers after it."""

    file = FileBlock(label=_("File"))
    link = LinkBlock(label=_("Link"))
