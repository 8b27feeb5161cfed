"""What holds for every screen: accessible, self-contained, never wider than the window."""

import json

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

# The languages share templates and style sheet. English words are longer: they matter where it is narrow.
# (`make bench-axe` looks at every page in both languages and schemes.)
VIEWS = {"zh-hans": ((1440, "light"), (390, "dark")), "en": ((390, "light"),)}
# All that the dark scheme can change: of a screen that passed every rule in the light one, axe reads these.
OF_COLOURS = ("color-contrast", "link-in-text-block")


def check_screen(window, heard, site, address: str, language: str, *, complaints: int = 0) -> None:
    """axe in the language's VIEWS; no request elsewhere, nothing against the policy, no sideways
    scrolling, also in large type. `complaints`: how many the browser makes of itself.

    One answer of the site for all: what a screen looks like is left to the style sheet, which
    follows the window, the scheme and the mark of the large type."""
    asked, said = heard
    look(window, 320, "light")
    window.goto(address)
    assert window.get_attribute("html", "data-type") == "large"
    assert width_too_much(window) <= 0
    window.evaluate("document.documentElement.removeAttribute('data-type')")
    assert width_too_much(window) <= 0
    for width, scheme in VIEWS[language]:
        look(window, width, scheme)
        assert width_too_much(window) <= 0
        check_accessible(window, *(OF_COLOURS if scheme == "dark" else ()))
    assert [url for url in asked if not url.startswith(site.base_url)] == []
    assert len(said) == complaints, said


def look(window, width: int, scheme: str) -> None:
    """The same screen in another window. Without motion, or colours would be read on their way."""
    window.set_viewport_size({"width": width, "height": 900})
    window.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def check_accessible(page, *rules: str) -> None:
    """axe finds nothing against these rules, without any: against all that it applies by itself."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = page.evaluate(
        f"axe.run(document, {json.dumps(options)}).then(({{violations}}) => ({{violations}}))"
    )
    results = AxeResults(found)
    assert results.violations_count == 0, results.generate_report()


def width_too_much(window) -> int:
    return window.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
