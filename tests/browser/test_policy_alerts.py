"""From a filter of the library to an alert and out again, without scripts and over a real mail server."""

import re

from playwright.sync_api import expect

from tests.browser.pace import read_the_form

CHANGE = """
from django.utils import timezone
from policies.models import PolicyPage
PolicyPage.objects.filter(slug="coal-law", locale__language_code="zh-hans").update(
    document_number="试〔2026〕8号", last_published_at=timezone.now())
"""


def link(site, message, name: str) -> str:
    return re.search(rf"{re.escape(site.base_url)}(/alerts/{name}/\S+)", message.get_content())[1]


def test_from_a_filter_to_an_alert_and_out_again(open_page, site):
    site.manage("policy_alerts", "-v0")  # what is public now is known
    page = open_page("/policies/?level=nation", width=390, javascript=False)
    page.click(".keep [href^='/alerts/']")
    page.fill("[name=email]", "reader@example.org")
    page.check("[name=frequency][value=daily]")
    page.check("[name=consent]")
    read_the_form(page)
    before = len(site.smtp.messages)
    page.click("main form button")
    page.wait_for_url("**/alerts/sent/**")
    asked = site.smtp.wait_for(before + 1)[-1]
    page.goto(link(site, asked, "confirm"))
    page.click("main form button")
    page.wait_for_url("**/alerts/manage/**")
    assert "层级：国家" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    site.manage("shell", "-v0", "-c", CHANGE)
    site.manage("policy_alerts", "-v0")
    alert = site.smtp.wait_for(before + 2)[-1]
    assert "试〔2026〕8号" in alert.get_content()
    assert alert["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page.goto(link(site, alert, "off"))
    page.click("main form button")
    expect(page.locator("main")).to_contain_text("邮箱已删除")
    page.goto(link(site, alert, "manage"))
    assert "链接无效" in page.locator("main").inner_text()
