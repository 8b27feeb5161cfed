from .files import CustomDocument, CustomImage, CustomRendition
from .official import OfficialSettings
from .pages import ArticleMixin, ArticlePage, BasePage, ColumnPage

__all__ = [
    "ArticleMixin",
    "ArticlePage",
    "BasePage",
    "ColumnPage",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "OfficialSettings",
]
