from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed
from wagtail.models import Locale, Page

from base.visibility import visible

LENGTH = 30


class PageFeed(Feed):
    """RSS of the newest public pages of one type in the active language.

    A subclass names `page_model` and gives `title` and `description`.
    """

    page_model: type[Page]
    item_guid_is_permalink = False

    def link(self):
        return "/"

    def items(self):
        return (
            visible(self.page_model.objects.filter(locale=Locale.get_active()))
            .select_related("locale")
            .order_by("-first_published_at")[:LENGTH]
        )

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.summary

    def item_link(self, item):
        return item.url

    def item_pubdate(self, item):
        return item.pub_date

    def item_updateddate(self, item):
        return item.last_published_at

    def item_guid(self, item):
        return f"urn:uuid:{item.translation_key}:{item.locale.language_code}"


class AtomMixin:
    """The same feed as Atom."""

    feed_type = Atom1Feed

    def subtitle(self):
        return self.description()
