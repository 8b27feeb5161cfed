"""From an investor's inquiry to an officer's lead, with a real mail server that fails meanwhile."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.pace import read_the_form


def fill(page, *, name="王示例", email="investor@example.com", message="想看一处厂房。"):
    page.fill("[name=name]", name)
    page.fill("[name=organisation_name]", "示例装备有限公司")
    page.fill("[name=email]", email)
    page.fill("[name=message]", message)
    read_the_form(page)


def send(page):
    page.locator("form.form button:not([type=button])").last.click()


def reference(page) -> str:
    return re.search(r"SD-\d{8}-\w+", page.locator("main").inner_text())[0]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_inquiry_is_answered_with_a_reference(open_page, prefix, javascript):
    page = open_page(f"{prefix}/inquiry/", width=390, javascript=javascript)
    fill(page)
    page.check("[name=consent_processing]")
    send(page)
    page.wait_for_url(f"**{prefix}/inquiry/status/**")
    assert reference(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(open_page, javascript):
    page = open_page("/inquiry/", width=390, javascript=javascript)
    fill(page, name="", email="not an address", message="写了很多字，不能丢。")
    send(page)
    page.wait_for_selector(".field__error")
    assert page.input_value("[name=message]") == "写了很多字，不能丢。"
    assert page.input_value("[name=email]") == "not an address"
    assert page.input_value("[name=organisation_name]") == "示例装备有限公司"
    for field in ("name", "email", "consent_processing"):
        element = page.locator(f"[name={field}]")
        assert element.get_attribute("aria-invalid") == "true"
        described = element.get_attribute("aria-describedby").split()
        assert any(page.locator(f"#{i}.field__error").count() for i in described)
    # Mended, it goes through.
    page.fill("[name=name]", "王示例")
    page.fill("[name=email]", "investor@example.com")
    page.check("[name=consent_processing]")
    read_the_form(page)
    send(page)
    page.wait_for_url("**/inquiry/status/**")


def test_the_form_knows_where_the_visitor_is(open_page, addresses):
    page = open_page(addresses["SitePage zh-hans"])
    section = page.locator("#inquiry")
    title = page.locator("h1").inner_text()
    fill(page)
    page.check("[name=consent_processing]")
    send(page)
    page.wait_for_url("**/inquiry/status/**")
    number = reference(page)
    officer = open_page(f"/admin/leads/?q={number}", user="crm-managers")
    officer.get_by_text(number).first.click()
    expect(officer.locator("main")).to_contain_text(title)
    assert section is not None


def test_a_failing_mail_server_loses_nothing(open_page, site):
    before = len(site.smtp.messages)
    site.smtp.stop()
    try:
        page = open_page("/inquiry/")
        fill(page, email="patient@example.com", message="邮件服务器停着的时候写的。")
        page.check("[name=consent_processing]")
        send(page)
        page.wait_for_url("**/inquiry/status/**")
        number = reference(page)
        wait_until_tried(site, 2)
    finally:
        site.smtp.start()
    assert len(site.smtp.messages) == before
    site.manage("shell", "-v0", "-c", MAKE_DUE)
    site.manage("deliver_pending")
    messages = site.smtp.wait_for(before + 2)
    subjects = [m["subject"] for m in messages if number in m["subject"]]
    assert len(subjects) == 2
    to_officer = next(m for m in messages if number in m["subject"] and "officer" in m["to"])
    assert "patient@example.com" not in to_officer.as_string()


def wait_until_tried(site, count: int) -> None:
    deadline = time.monotonic() + 20
    while int(site.manage("shell", "-v0", "-c", TRIED)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)


TRIED = """
from crm.models import Delivery
print(Delivery.objects.filter(sent_at__isnull=True, attempts__gt=0).count())
"""
MAKE_DUE = """
from django.utils import timezone
from crm.models import Delivery
Delivery.objects.filter(sent_at__isnull=True).update(next_attempt_at=timezone.now())
"""


def test_consent_is_withdrawn_by_the_link(open_page):
    page = open_page("/inquiry/")
    fill(page, name="李示例", email="leaves@example.com")
    page.check("[name=consent_processing]")
    send(page)
    page.wait_for_url("**/inquiry/status/**")
    number = reference(page)
    page.locator("details:has(form[action*=withdraw]) summary").first.click()
    page.locator("form[action*=withdraw] button").first.click()
    page.wait_for_load_state()
    manager = open_page(f"/admin/leads/?q={number}", user="crm-managers")
    manager.get_by_text(number).first.click()
    manager.wait_for_url(lambda url: "?q=" not in url)
    text = manager.locator("main").inner_text()
    assert number in text
    assert "李示例" not in text
    assert "leaves@example.com" not in text


def test_officer_takes_reveals_and_moves_a_lead(open_page):
    visitor = open_page("/inquiry/")
    fill(visitor, name="赵示例", email="deal@example.com")
    visitor.check("[name=consent_processing]")
    send(visitor)
    visitor.wait_for_url("**/inquiry/status/**")
    number = reference(visitor)

    page = open_page(f"/admin/leads/?q={number}", user="crm-officers")
    row = page.locator("main").inner_text()
    assert number in row
    assert "deal@example.com" not in row
    page.get_by_text(number).first.click()
    page.wait_for_url(lambda url: "?q=" not in url)
    assert number in page.locator("main").inner_text()
    assert "deal@example.com" not in page.locator("main").inner_text()


@pytest.mark.parametrize("user", ["editors", "publishers"])
def test_editors_are_refused_at_the_desk(open_page, user):
    page = open_page("/admin/", user=user)
    assert page.locator("a[href='/admin/leads/']").count() == 0
    response = page.goto("/admin/leads/")
    refused = response.status == 403 or not page.url.endswith("/admin/leads/")
    assert refused
