from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from base.drawings import Drawing
from base.plates import Plate
from base.rich_text import plain_text

PREVIEW_TEXT = "<p>八义窑在白地上用红笔勾线，再点绿彩；绿从不守着红的边。</p>"


class HeadingBlock(blocks.CharBlock):
    """A chapter heading; it also stands in the page's table of contents."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "components/blocks/heading_block.html"
        description = _("A chapter heading; listed in the table of contents")
        preview_value = "位置与交通"


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs):
        kwargs.setdefault("features", ["h3", "bold", "ol", "ul", "link", "document-link"])
        super().__init__(**kwargs)

    def get_searchable_content(self, value):
        return [plain_text(value.source)] if self.search_index else []

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "components/blocks/text_block.html"
        description = _("Running text with lists and links")
        preview_value = PREVIEW_TEXT


class PictureValue(blocks.StructValue):
    @cached_property
    def plate(self) -> Plate | None:
        """The photograph, or the drawing chosen in its place."""
        return Plate.of(
            image=self.get("image"),
            drawing=self.get("illustration"),
            alt=self.get("alt"),
            caption=self.get("caption"),
        )


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Photograph"), required=False)
    illustration = blocks.ChoiceBlock(
        label=_("Drawing"), choices=Drawing.choices, required=False, search_index=False
    )
    alt = blocks.CharBlock(
        label=_("What is to be seen"),
        max_length=200,
        help_text=_("Read aloud to people who do not see the picture"),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=60)

    def clean(self, value):
        cleaned = super().clean(value)
        if not cleaned.get("image") and not cleaned.get("illustration"):
            raise blocks.StructBlockValidationError(
                {"image": ValidationError(_("Choose a photograph or a drawing."))}
            )
        return cleaned

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "components/blocks/picture_block.html"
        value_class = PictureValue
        description = _("A photograph, or one of the site's own drawings")
        preview_value = {"illustration": "bowl", "alt": "红绿彩碗", "caption": "八义窑红绿彩碗"}


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quotation"))
    attribution = blocks.CharBlock(label=_("Whose words"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "components/blocks/quote_block.html"
        description = _("Words of a document or a person, with their source")
        preview_value = {"text": "千年铁府，万里荫城。", "attribution": "当地说法"}


class NoticeBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("info", _("Information")), ("draft", _("Not final: draft or sample"))],
        default="info",
        # The word for the kind is in the language of whoever writes the index.
        search_index=False,
    )
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "link"])

    class Meta:
        icon = "warning"
        label = _("Notice")
        template = "components/blocks/notice_block.html"
        description = _("What a reader must know before the rest")
        preview_value = {"tone": "draft", "text": "<p>这是征求意见稿，没有施行。</p>"}
