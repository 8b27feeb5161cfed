"""What the landing page shows of the other rooms, in few queries."""

from wagtail.models import Page

from base.visibility import listed
from enclaves.models import EnclavePage
from events.models import EventPage
from investment.models import IndustryPage
from policies.models import PolicyPage, level_tabs
from products.models import ProductPage

EVENTS, ALBUM = 3, 5


def landing_context(home: Page, culture_pages) -> dict:
    """The context of the landing page: chains, enclaves, events, levels, album.

    Only public pages in the language of `home`. `culture_pages` is the manager of the culture
    pages, which live beside the home page itself.
    """

    def public(model_or_manager):
        manager = getattr(model_or_manager, "objects", model_or_manager)
        return listed(manager.filter(locale_id=home.locale_id))

    culture = list(public(culture_pages).filter(show_on_home=True).order_by("path")[:ALBUM])
    products = list(public(ProductPage).filter(show_on_home=True).order_by("path")[:ALBUM])
    # Specialties stand before the way here, which closes the album.
    album = (culture[:-1] + products + culture[-1:])[:ALBUM]
    return {
        "chains": public(IndustryPage).order_by("path"),
        "enclaves": public(EnclavePage).by_state(),
        "events": public(EventPage).upcoming()[:EVENTS],
        "levels": level_tabs(public(PolicyPage).level_counts(), ""),
        "album": album,
    }
