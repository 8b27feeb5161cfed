"""What holds for every screen: accessible, self-contained, never wider than the window."""

from urllib.parse import quote

from axe_playwright_python.sync_playwright import Axe

# The languages share templates and style sheet. English words are longer: they matter where it is narrow.
# (`make bench-axe` looks at every page in both languages and schemes.)
VIEWS = {"zh-hans": ((1440, "light"), (390, "dark")), "en": ((390, "light"),)}


def check_screen(window, heard, site, address: str, language: str, *, complaints: int = 0) -> None:
    """axe in the language's VIEWS; no request elsewhere, nothing against the policy, no sideways
    scrolling, also in large type. `complaints`: how many the browser makes of itself."""
    asked, said = heard
    window.goto(f"/display/?type=normal&next={quote(address)}")
    for width, scheme in VIEWS[language]:
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
    assert [url for url in asked if not url.startswith(site.base_url)] == []
    assert len(said) == complaints, said


def width_too_much(window) -> int:
    return window.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
