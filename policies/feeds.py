"""The library as feeds: all of it, or what the filters of the library's address find (`?level=city`).

An entry is one state of a document: its id changes when the document does and stays when the page
is only published again.
"""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from wagtail.models import Locale

from base.feeds import LENGTH, PageFeed
from base.visibility import visible
from policies.alerts.editions import version_of
from policies.alerts.filters import describe, matching, normalise, question_of
from policies.alerts.mail import library_url
from policies.models import PolicyPage

# So many documents, the last published ones, are asked whether they fit.
LOOKED_AT = 1000
# RFC 4151: the day on which whoever gives the ids had the name of the host.
TAG_DAY = "2026-11-01"


class _Steady:
    """A feed without entries has no date of its own; that of this moment would never be the same."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else datetime(2026, 11, 1, tzinfo=UTC)


class SteadyRss(_Steady, Rss201rev2Feed):
    pass


class SteadyAtom(_Steady, Atom1Feed):
    pass


class RssFeed(PageFeed):
    page_model = PolicyPage
    feed_type = SteadyRss

    def get_object(self, request: HttpRequest) -> str:
        """The filter in its normal form."""
        return normalise(request.META.get("QUERY_STRING", ""), get_language())

    def title(self, query: str) -> str:
        title = _("Policy library of Shangdang District")
        colon = pgettext("after a heading", ": ")
        return f"{title}{colon}{describe(query, get_language())}" if query else title

    def description(self, query: str) -> str:
        return _("Policies as they are published here")

    def link(self, query: str) -> str:
        return library_url(get_language(), query) or "/"

    def feed_url(self, query: str) -> str:
        return f"{self.path}?{query}" if query else self.path

    def __call__(self, request: HttpRequest, *args, **kwargs):
        # One instance serves all requests, so the path can't be kept in it.
        feed = type(self)()
        feed.path = request.path
        return PageFeed.__call__(feed, request, *args, **kwargs)

    def items(self, query: str) -> list[PolicyPage]:
        pages = visible(PolicyPage.objects.filter(locale=Locale.get_active())).order_by(
            F("last_published_at").desc(nulls_last=True), "-pk"
        )
        if not query:
            return list(pages.select_related("locale")[:LENGTH])
        ids = list(pages.values_list("pk", flat=True)[:LOOKED_AT])
        found = matching(question_of(query, get_language()), ids)
        wanted = [pk for pk in ids if pk in found][:LENGTH]
        by_id = PolicyPage.objects.filter(pk__in=wanted).select_related("locale").in_bulk()
        return [by_id[pk] for pk in wanted]

    def item_guid(self, item: PolicyPage) -> str:
        host = urlsplit(settings.BASE_URL).hostname or "localhost"
        name = f"policy/{item.translation_key}/{item.locale.language_code}"
        return f"tag:{host},{TAG_DAY}:{name}/{version_of(item)[:16]}"


class AtomFeed(RssFeed):
    feed_type = SteadyAtom

    def subtitle(self, query: str) -> str:
        return self.description(query)
