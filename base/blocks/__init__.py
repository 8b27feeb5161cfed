"""The blocks an editor builds a page of, by family."""

from .body import BodyStreamBlock
from .facts import FactsBlock, FiguresBlock, KeyFiguresBlock, StepsBlock
from .links import DocumentsBlock, LinksBlock
from .text import NoticeBlock, PictureBlock, QuoteBlock

__all__ = [
    "BodyStreamBlock",
    "DocumentsBlock",
    "FactsBlock",
    "FiguresBlock",
    "KeyFiguresBlock",
    "LinksBlock",
    "NoticeBlock",
    "PictureBlock",
    "QuoteBlock",
    "StepsBlock",
]
