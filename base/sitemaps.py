from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page, Site

from base.navigation import public_pages

LIMIT = 50_000  # addresses in one file, by the sitemaps protocol


def sitemap_pages(site: Site):
    """The public pages of the site in every language, in the order of the tree."""
    roots = Page.objects.filter(translation_key=site.root_page.translation_key, live=True)
    below = Q()
    for root in roots:
        below |= Q(path__startswith=root.path)
    return public_pages().filter(below).order_by("path") if below else Page.objects.none()


def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: every address with the time of its last publishing."""
    site = Site.find_for_request(request)
    pages = sitemap_pages(site)[:LIMIT] if site else []
    urls = [
        {
            "location": request.build_absolute_uri(page.get_url(request)),
            "changed": page.last_published_at,
        }
        for page in pages
    ]
    return render(request, "sitemap.xml", {"urls": urls}, content_type="application/xml")
