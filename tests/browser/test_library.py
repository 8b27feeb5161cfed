"""The policy library on a phone: its filters by keyboard, its years, and what a checker says of it."""

import re

from playwright.sync_api import expect

from tests.browser.screens import check_accessible


def test_filters_and_years_by_keyboard_on_a_phone(open_page):
    page = open_page("/policies/", width=390)
    boxes = page.locator("[data-filters] .facets")
    expect(boxes).to_be_hidden()
    page.focus("[data-filters] > summary")
    page.keyboard.press("Enter")
    expect(boxes).to_be_visible()
    page.focus("[data-filters] details[data-key=subject-resources] > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile(r"/policies/\?subject=resources\."))
    # The list was exchanged under the reader's hand: the box has the focus, its fold stands open.
    expect(page.locator("[data-filters] input:focus")).to_be_checked()
    expect(page.locator(".chosen li")).to_have_count(1)
    page.locator(".chosen a").first.click()
    page.wait_for_url(re.compile(r"/policies/$"))
    page.focus(".timeline > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/policies/\?year=\d{4}$"))
    expect(page.locator(".chosen li")).to_have_count(1)
    check_accessible(page)


def test_without_a_script_the_filters_are_sent_by_their_button(open_page):
    page = open_page("/policies/?level=nation", width=390, javascript=False)
    page.click("[data-filters] > summary")
    page.locator("[data-filters] input[name=subject]").first.check()
    page.click("[data-apply]")
    page.wait_for_url("**/policies/?q=&level=nation&subject=*")
    expect(page.locator(".chosen li")).to_have_count(1)
    page.click(".switch")
    page.wait_for_url(re.compile(r"status=in_force"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
