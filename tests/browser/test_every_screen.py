"""Every kind of screen in a real browser: accessible, self-contained, never wider than the window."""

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.bench.inventory import OF_A_POLICY, OTHER

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


@pytest.fixture(scope="module")
def window(chromium, site):
    """One window for all screens: styles and drawings are fetched once, as by a visitor who reads on."""
    context = chromium.new_context(base_url=site.base_url)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture
def heard(window):
    """What the window asks for and complains of during one test."""
    requests, complaints = [], []
    listeners = {
        "request": lambda request: requests.append(request.url),
        "console": lambda said: said.type == "error" and complaints.append(said.text),
        "pageerror": lambda error: complaints.append(str(error)),
    }
    for event, listener in listeners.items():
        window.on(event, listener)
    yield requests, complaints
    for event, listener in listeners.items():
        window.remove_listener(event, listener)


def width_too_much(window) -> int:
    return window.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", TYPES)
def test_screen_is_accessible_self_contained_and_fits(
    window, heard, addresses, site, kind, language
):
    """axe in both schemes and widths; no request elsewhere, nothing against the policy, no sideways
    scrolling, also in large type."""
    requests, complaints = heard
    address = addresses[f"{kind} {language}"]
    window.goto(f"/display/?type=normal&next={quote(address)}")
    for width, scheme in ((1440, "light"), (390, "dark")):
        window.set_viewport_size({"width": width, "height": 900})
        window.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        window.reload()  # or colours would be read on their way from one scheme to the other
        results = Axe().run(window)
        assert results.violations_count == 0, results.generate_report()
    window.set_viewport_size({"width": 320, "height": 900})
    assert width_too_much(window) <= 0
    window.goto(f"/display/?type=large&next={quote(address)}")
    assert window.get_attribute("html", "data-type") == "large"
    assert width_too_much(window) <= 0
    assert [url for url in requests if not url.startswith(site.base_url)] == []
    expected = 4 if kind == "not found" else 0  # the browser itself reports each 404
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
