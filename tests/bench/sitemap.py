"""The addresses of a site's own sitemap.xml."""

import urllib.request
from urllib.parse import urlsplit
from xml.etree import ElementTree

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses_of(base_url: str) -> list[str]:
    """Paths of all addresses, whatever host the map writes before them."""
    with urllib.request.urlopen(f"{base_url}/sitemap.xml") as answer:
        tree = ElementTree.fromstring(answer.read())
    return [urlsplit(place.text.strip()).path for place in tree.iter(f"{NAMESPACE}loc")]
