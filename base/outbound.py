"""Links that leave the site: a reader is told before going to a page that no government runs."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse
from wagtail.rich_text import LinkHandler

SALT = "base.outbound"


def needs_notice(url: str) -> bool:
    """True for http(s) addresses outside .gov.cn and outside this site."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host:
        return False
    own = urlsplit(settings.BASE_URL).hostname
    return host != own and host != "gov.cn" and not host.endswith(".gov.cn")


def outbound_href(url: str) -> str:
    """The address to put into a link: through the notice where one is due, else as it is.

    The target is signed, so that the notice page can't be used to dress up somebody else's link.
    """
    if not needs_notice(url):
        return url
    return f"{reverse('leaving')}?{urlencode({'to': signing.dumps(url, salt=SALT)})}"


def read_target(token: str) -> str:
    """The address behind a token of `outbound_href`. Raises `signing.BadSignature`."""
    return signing.loads(token, salt=SALT)


class ExternalLinkHandler(LinkHandler):
    """External links in rich text."""

    identifier = "external"

    @classmethod
    def expand_db_attributes(cls, attrs):
        from django.utils.html import format_html

        href = attrs.get("href", "")
        if not needs_notice(href):
            return format_html('<a href="{}">', href)
        return format_html(
            '<a class="outbound" rel="nofollow noopener" href="{}">', outbound_href(href)
        )
