"""The family of a policy: legible on a phone, by keyboard, in the dark."""

import pytest
from playwright.sync_api import expect

from tests.browser.screens import check_accessible

ADDRESS = "/policies/fair-competition-review-regulations/"


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_the_family_is_accessible_and_leads_on(open_page, width, scheme):
    page = open_page(ADDRESS, width=width, scheme=scheme)
    picture = page.locator(".family__picture")
    expect(picture).to_have_accessible_name("本文件的来龙去脉")
    assert picture.bounding_box()["width"] <= width
    lines = picture.locator(".family__title")
    assert min(line.bounding_box()["height"] for line in lines.all()) >= 12
    page.click(".family summary")
    check_accessible(page)
    picture.locator("a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/anti-monopoly-law/")
    expect(page.locator(".relations", has_text="作为依据")).to_be_visible()
