"""Every kind of screen in a real browser: accessible, self-contained, never wider than the window."""

import pytest
from axe_playwright_python.sync_playwright import Axe

TYPES = [
    "HomePage", "CultureIndexPage", "CulturePage", "ProductIndexPage", "ProductPage", "GuidePage",
    "IndustryIndexPage", "IndustryPage", "ParkIndexPage", "ParkPage", "SiteIndexPage", "SitePage",
    "PolicyIndexPage", "PolicyPage", "InterpretationIndexPage", "InterpretationPage", "EnclaveIndexPage",
    "EnclavePage", "EventIndexPage", "EventPage", "InquiryPage", "StandardPage", "search", "site map", "not found",
]  # fmt: skip
FIRST_VIEW_BYTES = 150_000


def test_no_page_type_is_forgotten(addresses):
    assert {name.rsplit(" ", 1)[0] for name in addresses} == set(TYPES)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", TYPES)
def test_screen_is_accessible_in_both_schemes(open_page, addresses, kind, language):
    for width, scheme in ((1440, "light"), (390, "dark")):
        page = open_page(addresses[f"{kind} {language}"], width=width, scheme=scheme)
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", TYPES)
def test_screen_is_self_contained_and_fits(open_page, addresses, site, kind, language):
    """No request elsewhere, nothing against the policy, no sideways scrolling, also in large type."""
    page = open_page("/healthz/", width=320)
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for size in ("normal", "large"):
        page.goto(f"/display/?type={size}&next={addresses[f'{kind} {language}']}")
        widths = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert widths[0] <= widths[1], f"{size}: {widths}"
        assert (page.get_attribute("html", "data-type") == "large") == (size == "large")
    assert [url for url in requests if not url.startswith(site.base_url)] == []
    expected = 2 if kind == "not found" else 0  # the browser itself reports the 404
    assert len(complaints) == expected, complaints


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [390, 1440])
def test_first_view_of_the_home_page_is_light(open_page, addresses, width, language):
    page = open_page("/healthz/", width=width)
    sizes = []
    page.on("response", lambda response: sizes.append(response.request.sizes()))
    page.goto(addresses[f"HomePage {language}"], wait_until="networkidle")
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert total <= FIRST_VIEW_BYTES


@pytest.mark.parametrize("kind", ["PolicyPage", "CulturePage", "SitePage", "EventPage"])
def test_article_prints_without_the_frame(open_page, addresses, kind):
    page = open_page(addresses[f"{kind} zh-hans"])
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    for selector in (".masthead__nav", ".foot", "form"):
        for part in page.locator(selector).all():
            assert not part.is_visible(), selector
