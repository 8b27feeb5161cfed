from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .facts import FactsBlock, FiguresBlock, StepsBlock
from .links import DocumentsBlock, LinksBlock
from .text import HeadingBlock, NoticeBlock, PictureBlock, QuoteBlock, TextBlock

WRITING, FACTS, FURTHER = _("Writing"), _("Facts"), _("Further")


class BodyStreamBlock(blocks.StreamBlock):
    """The body of every article: few blocks, each with one clear use."""

    heading = HeadingBlock(group=WRITING, max_length=80)
    text = TextBlock(group=WRITING)
    picture = PictureBlock(group=WRITING)
    quote = QuoteBlock(group=WRITING)
    notice = NoticeBlock(group=WRITING)
    figures = FiguresBlock(group=FACTS)
    facts = FactsBlock(group=FACTS)
    steps = StepsBlock(group=FACTS)
    links = LinksBlock(group=FURTHER)
    documents = DocumentsBlock(group=FURTHER)
