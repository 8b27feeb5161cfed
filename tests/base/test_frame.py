"""The frame of every page: meta tags, languages, display choices, notices, maps and feeds."""

import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from wagtail.models import Page

from base.models import OfficialSettings
from base.outbound import outbound_href
from base.visibility import visible
from home.models import StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')


def metas(client, address) -> dict[str, str]:
    return dict(META.findall(client.get(address).content.decode()))


def test_an_article_carries_the_tags_of_an_article_and_its_column(client, page_at):
    tags = metas(client, "/culture/yincheng/")
    page = page_at("culture/yincheng")
    assert tags["ArticleTitle"] == page.title
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", tags["PubDate"])
    assert tags["ContentSource"] == page.source_name
    assert tags["ColumnName"] == page_at("culture").title
    assert tags["ColumnType"] == "概况信息"
    assert tags["SiteName"] == "上党区推介窗口"
    assert tags["SiteDomain"] == "testserver"


def test_a_column_carries_the_tags_of_a_column(client, page_at):
    tags = metas(client, "/policies/")
    assert tags["ColumnType"] == "政策文件"
    assert {"ColumnName", "ColumnDescription", "ColumnKeywords"} <= set(tags)
    assert "ArticleTitle" not in tags
    assert metas(client, "/")["ColumnType"] == "首页"


def test_the_site_code_is_left_out_until_it_is_assigned(client, home):
    assert "SiteIDCode" not in metas(client, "/")
    settings = OfficialSettings.for_site(home.get_site())
    settings.site_id_code = "1404040001"
    settings.save()
    assert metas(client, "/")["SiteIDCode"] == "1404040001"


def test_official_items_render_only_when_filled_in(client, home):
    empty = client.get("/").content.decode()
    for word in ("ICP备", "公网安备", "主办单位"):
        assert word not in empty
    settings = OfficialSettings.for_site(home.get_site())
    settings.organiser = "某某单位"
    settings.icp_number = "晋ICP备12345678号-1"
    settings.police_number = "晋公网安备 14040402000001号"
    settings.save()
    full = client.get("/").content.decode()
    for word in ("晋ICP备12345678号-1", "14040402000001", "某某单位"):
        assert word in full


def test_languages_point_at_each_other(client):
    chinese = client.get("/culture/yincheng/").content.decode()
    english = client.get("/en/culture/yincheng/").content.decode()
    for text in (chinese, english):
        assert 'hreflang="zh-hans" href="http://testserver/culture/yincheng/"' in text
        assert 'hreflang="en" href="http://testserver/en/culture/yincheng/"' in text
        assert 'hreflang="x-default" href="http://testserver/culture/yincheng/"' in text
    assert '<html lang="zh-Hans"' in chinese
    assert '<html lang="en"' in english


def test_every_address_exists_in_both_languages(client):
    """At least 45 pages in each language, each with a title of its own language."""
    for code in ("zh-hans", "en"):
        pages = visible(Page.objects.filter(locale__language_code=code, depth__gt=1))
        assert pages.count() >= 45


def test_switch_from_an_untranslated_page_leads_up_and_says_so(client, page_at, home):
    page = page_at("about").add_child(
        instance=StandardPage(title="只有中文", slug="only-chinese", source_name="本站")
    )
    text = client.get("/about/only-chinese/").content.decode()
    link = f"/en/about/?from={page.pk}"
    assert link in text
    above = client.get(link).content.decode()
    assert "只有中文" in above
    assert "/about/only-chinese/" in above
    missing = client.get("/en/about/only-chinese/")
    assert missing.status_code == 404
    assert "/about/only-chinese/" in missing.content.decode()


@pytest.mark.parametrize("odd", ["abc", "9" * 40, "-1", "１２", "0"])
def test_an_odd_origin_is_ignored(client, odd):
    assert client.get("/en/about/", {"from": odd}).status_code == 200


def test_display_choices_are_kept_by_the_server(client):
    response = client.get("/display/", {"type": "large", "theme": "dark", "next": "/culture/"})
    assert response.headers["Location"] == "/culture/"
    text = client.get("/culture/").content.decode()
    assert 'data-type="large"' in text
    assert 'data-theme="dark"' in text
    client.get("/display/", {"type": "normal", "theme": "auto"})
    text = client.get("/culture/").content.decode()
    assert 'data-type="large"' not in text
    assert 'data-theme="dark"' not in text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_display_never_leads_away(client, target):
    assert client.get("/display/", {"next": target}).headers["Location"] == "/"


def test_leaving_for_a_non_government_page_is_announced(client):
    assert outbound_href("https://www.gov.cn/x") == "https://www.gov.cn/x"
    href = outbound_href("https://example.com/a?b=1&c=2")
    response = client.get(href)
    assert response.status_code == 200
    assert "https://example.com/a?b=1&amp;c=2" in response.content.decode()
    assert client.get(reverse("leaving"), {"to": "https://evil.example/"}).status_code == 404
    assert client.get(reverse("leaving")).status_code == 404


def test_site_maps_list_every_public_page(client):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    listed = {loc.text for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    pages = visible(Page.objects.filter(depth__gt=1))
    assert listed == {f"http://testserver{page.url}" for page in pages}
    html = client.get("/sitemap/").content.decode()
    for page in pages.filter(locale__language_code="zh-hans"):
        assert f'href="{page.url}"' in html


@pytest.mark.parametrize("name", ["policies", "events"])
@pytest.mark.parametrize("kind", ["atom", "rss"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_feeds_are_well_formed_and_in_their_language(client, name, kind, prefix):
    response = client.get(f"{prefix}/feeds/{name}.{kind}")
    root = ElementTree.fromstring(response.content)
    entries = root.findall("{http://www.w3.org/2005/Atom}entry") or root.findall("channel/item")
    assert len(entries) >= 6
    text = response.content.decode()
    assert (f"{prefix}/{name}/" in text) and ("/en/en/" not in text)
    assert 'rel="alternate"' in client.get(f"{prefix}/{name}/").content.decode()


def test_robots_name_the_site_map(client):
    assert "http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_healthz_answers(client):
    assert client.get("/healthz/").json() == {"status": "ok"}


def test_a_missing_page_is_404_in_our_look(client):
    for address, language in (("/nowhere/", "zh-Hans"), ("/en/nowhere/", "en")):
        response = client.get(address)
        assert response.status_code == 404
        text = response.content.decode()
        assert f'<html lang="{language}"' in text
        assert 'class="masthead"' in text


def test_favicon_leads_to_the_mark(client):
    assert client.get("/favicon.ico").headers["Location"].endswith("img/mark.svg")
