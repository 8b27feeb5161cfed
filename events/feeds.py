from django.utils.translation import gettext as _

from base.feeds import AtomMixin, PageFeed
from events.models import EventPage


class RssFeed(PageFeed):
    page_model = EventPage

    def title(self):
        return _("Events of Shangdang District and its enclaves")

    def description(self):
        return _("Events as they are announced here")


class AtomFeed(AtomMixin, RssFeed):
    pass
