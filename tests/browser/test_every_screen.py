"""Every kind of screen in a real browser: accessible, self-contained, never wider than the window."""

import pytest

from tests.bench.inventory import OF_A_POLICY, OTHER
from tests.browser.screens import check_screen

TYPES = [
    "HomePage", "CultureIndexPage", "CulturePage", "ProductIndexPage", "ProductPage", "GuidePage",
    "IndustryIndexPage", "IndustryPage", "ParkIndexPage", "ParkPage", "SiteIndexPage", "SitePage",
    "PolicyIndexPage", "PolicyPage", "InterpretationIndexPage", "InterpretationPage", "EnclaveIndexPage",
    "EnclavePage", "EventIndexPage", "EventPage", "InquiryPage", "StandardPage", "search", "site map", "not found",
    *(kind for kind in OTHER if kind not in ("search", "empty search", "site map")), *OF_A_POLICY,
]  # fmt: skip
FIRST_VIEW_BYTES = 150_000


def test_no_page_type_is_forgotten(addresses):
    assert {name.rsplit(" ", 1)[0] for name in addresses} == set(TYPES)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", TYPES)
def test_screen_is_accessible_self_contained_and_fits(
    window, heard, addresses, site, kind, language
):
    expected = 1 if kind == "not found" else 0  # the browser itself reports a 404
    address = addresses[f"{kind} {language}"]
    check_screen(window, heard, site, address, language, complaints=expected)


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
