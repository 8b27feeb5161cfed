from django.utils.translation import gettext as _

from base.feeds import AtomMixin, PageFeed
from policies.models import PolicyPage


class RssFeed(PageFeed):
    page_model = PolicyPage

    def title(self):
        return _("Policy library of Shangdang District")

    def description(self):
        return _("Policies as they are published here")


class AtomFeed(AtomMixin, RssFeed):
    pass
