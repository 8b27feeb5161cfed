"""The frame by mouse, by keyboard and without JavaScript."""

import re

import pytest


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [390, 1440])
def test_language_switch_stays_on_the_page(open_page, width, javascript):
    page = open_page("/culture/yincheng/", width=width, javascript=javascript)
    if width == 390:
        page.click(".masthead__menu summary")
    page.locator("a[hreflang=en]:visible").first.click()
    page.wait_for_url("**/en/culture/yincheng/")
    assert page.get_attribute("html", "lang") == "en"
    if width == 390:
        page.click(".masthead__menu summary")
    page.locator("a[hreflang=zh-Hans]:visible, a[hreflang=zh-hans]:visible").first.click()
    page.wait_for_url(re.compile(r":\d+/culture/yincheng/$"))


def test_first_tab_skips_to_the_text(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert inside


def test_every_stop_of_the_keyboard_is_seen(open_page):
    """Whatever the Tab key reaches has a size and a focus style."""
    page = open_page("/policies/")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => {
              const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
              return [e.tagName + (e.href || e.name || e.textContent.trim()).slice(0, 60), r.width * r.height,
                      s.outlineStyle !== 'none' || s.boxShadow !== 'none' || s.backgroundColor];
            }"""
        )
        if state[0].startswith("BODY"):
            break
        assert state[1] > 0, state
        assert state[2], state
        seen.add(state[0])
    assert len(seen) > 20


def test_phone_menu_opens_by_keyboard(open_page):
    page = open_page("/", width=390)
    page.focus(".masthead__menu summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.closest('.masthead__menu nav') !== null")
    assert focused


def test_dark_scheme_can_be_chosen_and_taken_back(open_page):
    page = open_page("/", javascript=False)
    page.goto("/display/?theme=dark&next=/culture/")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.goto("/policies/")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.goto("/display/?theme=auto&next=/policies/")
    assert not page.get_attribute("html", "data-theme")


def test_leaving_the_site_is_announced(open_page, addresses):
    page = open_page("/policies/foreign-investment-law/")
    link = page.locator("a[href*='/leaving/']").first
    link.click()
    page.wait_for_url("**/leaving/**")
    assert page.locator("main a[href^='https://']").count() >= 1
