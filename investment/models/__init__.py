from .guide import GuidePage
from .industries import IndustryIndexPage, IndustryPage
from .parks import ParkIndexPage, ParkPage
from .sites import SiteIndexPage, SitePage

__all__ = [
    "GuidePage",
    "IndustryIndexPage",
    "IndustryPage",
    "ParkIndexPage",
    "ParkPage",
    "SiteIndexPage",
    "SitePage",
]
