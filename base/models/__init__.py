from .files import CustomDocument, CustomImage, CustomRendition
from .official import OfficialSettings
from .pages import ArticleMixin, BasePage

__all__ = [
    "ArticleMixin",
    "BasePage",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "OfficialSettings",
]
