"""The meta tags of a page: 国办发〔2017〕47号 (网页设计规范), search engines and sharing.

A column (栏目) carries `Column…`, an article carries `ArticleTitle`, `PubDate`, `ContentSource`
and those of its column. A site without a SiteIDCode leaves the tag out.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.timezone import localtime
from wagtail.models import Page

from base.models import BasePage, OfficialSettings
from base.navigation import translations


@dataclass
class Meta:
    """`names` and `properties` are (name, content); `alternates` are (hreflang, address)."""

    names: list[tuple[str, str]] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    alternates: list[tuple[str, str]] = field(default_factory=list)
    canonical: str = ""


def _column(column: Page) -> list[tuple[str, str]]:
    """The tags of a column; above an article it comes as a plain page, without its own keywords."""
    return [
        ("ColumnName", column.title),
        ("ColumnDescription", column.search_description or column.title),
        ("ColumnKeywords", getattr(column, "keywords", "") or column.title),
        ("ColumnType", column.cached_content_type.model_class().column_type),
    ]


def _article(page: BasePage, url: str) -> list[tuple[str, str]]:
    tags = [
        ("ArticleTitle", page.title),
        ("PubDate", localtime(page.pub_date).strftime("%Y-%m-%d %H:%M") if page.pub_date else ""),
        ("ContentSource", page.source_name),
        ("Keywords", page.keywords),
        ("Url", url),
    ]
    if page.picture_id:
        tags.append(("Image", page.plate.src))
    return tags


def build_meta(request: HttpRequest, page: Page | None) -> Meta:
    """Return all meta data of `page`; of a view without a page only what every page carries."""
    official = OfficialSettings.for_request(request)
    meta = Meta()
    meta.names = [
        ("SiteName", settings.WAGTAIL_SITE_NAME),
        ("SiteDomain", request.get_host()),
        ("SiteIDCode", official.site_id_code),
    ]
    if not isinstance(page, BasePage) or not page.pk:
        return _without_blanks(meta)

    url = request.build_absolute_uri(page.get_url(request) or request.path)
    meta.canonical = url
    description = strip_tags(page.search_description or page.summary)
    meta.names.append(("description", description))
    if page.column_type:
        meta.names += _column(page)
    else:
        meta.names += _article(page, url)
        column = page.column
        if column is not None:
            meta.names += _column(column)
    meta.properties = [
        ("og:title", page.seo_title or page.title),
        ("og:description", description),
        ("og:type", "website" if page.column_type else "article"),
        ("og:url", url),
        ("og:site_name", settings.WAGTAIL_SITE_NAME),
    ]
    share = page.share_image or page.picture
    if share is not None:
        rendition = share.get_rendition("fill-1200x630|format-jpeg")
        meta.properties.append(("og:image", request.build_absolute_uri(rendition.url)))
    for code, translated in translations(request, page).items():
        address = request.build_absolute_uri(translated.get_url(request))
        meta.alternates.append((code, address))
        if code == settings.LANGUAGE_CODE:
            meta.alternates.append(("x-default", address))
    return _without_blanks(meta)


def _without_blanks(meta: Meta) -> Meta:
    meta.names = [(name, content) for name, content in meta.names if content]
    return meta
