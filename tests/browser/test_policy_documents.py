"""A policy's layout, versions and comparison in a real browser, without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.screens import check_screen

SECOND_VERSION = """
from policies.models import PolicyPage
page = PolicyPage.objects.get(slug="patent-law", locale__language_code="zh-hans")
page.is_full_text, page.agency_heading = True, "示例机关文件"
page.document_number, page.signatory = "示例〔2026〕3号", "某某"
page.addressees, page.copies_to = "各有关单位", "有关部门"
page.body = [
    {"type": "heading", "value": "一、总则"},
    {"type": "text", "value": "<p>给予10万元奖励，由主管部门审定。</p>"},
    {"type": "facts", "value": [{"type": "item", "value": {"label": "第九条", "value": "鼓励", "note": ""}}]},
]
page.save()
page.body = [
    {"type": "heading", "value": "一、总则"},
    {"type": "text", "value": "<p>给予100万元奖励，由主管部门审定。</p><p>新增一段。</p>"},
]
page.in_force_until = "2030-01-01"
page.save()
print(page.pk)
"""


@pytest.fixture(scope="module")
def policy(site) -> str:
    return site.manage("shell", "-v0", "-c", SECOND_VERSION).split()[-1]


def test_from_the_page_to_what_changed(open_page, policy):
    page = open_page("/policies/patent-law/", width=390, javascript=False)
    page.get_by_role("link", name="公文版式").click()
    expect(page.locator(".sheet__heading")).to_have_text("示例机关文件")
    page.get_by_role("link", name="历史版本").click()
    page.get_by_label("原版本").select_option("2")
    page.get_by_role("button", name="对比").click()
    page.wait_for_url(f"**/policy-record/{policy}/compare/?a=2&b=3")
    assert "10" in page.locator("del").first.inner_text()
    assert "100" in page.locator("ins").first.inner_text() or page.locator("ins").count() > 1


@pytest.mark.parametrize("rest", ["official/", "versions/", "compare/?a=2&b=3", "compare/?a=9"])
def test_screens_are_accessible_and_fit(window, heard, site, policy, rest):
    check_screen(window, heard, site, f"/policy-record/{policy}/{rest}", "zh-hans")
