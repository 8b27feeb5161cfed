"""From the form of an event to the ticket, a change and the cancellation, without scripts."""

import re

from tests.browser.pace import read_the_form

MAKE_DESK = """
from datetime import timedelta
from django.utils import timezone
from events.models import EventPage, FormField, RegistrationDesk, SeatPool
page = EventPage.objects.get(slug="recycling-seminar", locale__language_code="zh-hans")
page.starts_at = timezone.now() + timedelta(days=9)
page.ends_at = page.starts_at + timedelta(hours=3)
page.save()
desk = RegistrationDesk.objects.create(page=page, is_open=True, companions_max=1)
SeatPool.objects.create(desk=desk, kind="event", capacity=2)
FormField.objects.create(desk=desk, key="diet", kind="line", label="忌口", purpose="安排午餐")
print("page", page.pk)
"""


def link(site, message) -> str:
    return re.search(rf"{re.escape(site.base_url)}(/registration/\S+)", message.get_content())[1]


def test_register_ticket_change_cancel(open_page, site):
    number = re.search(r"page (\d+)", site.manage("shell", "-v0", "-c", MAKE_DESK))[1]
    page = open_page(f"/registration/event/{number}/?from=poster", width=390, javascript=False)
    page.fill("[name=name]", "王小明")
    page.fill("[name=email]", "guest@example.org")
    page.fill("[name=companions]", "李四")
    read_the_form(page)
    page.click("main form button")
    assert page.locator(".errors a").count() == 1  # the consent was not ticked
    page.check("[name=consent_event]")
    before = len(site.smtp.messages)
    page.click("main form button")
    page.wait_for_url("**/registration/*~*/**")
    assert page.locator(".ticket").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ticket = site.smtp.wait_for(before + 1)[-1]
    assert len(list(ticket.iter_attachments())) == 3
    page.goto(link(site, ticket.get_body()))
    page.click("main a[href$='/change/']")
    page.fill("[name=companions]", "")
    page.fill("[name=q_diet]", "素食")
    page.click("main form button")
    page.wait_for_url("**done=changed**")
    assert page.locator(".ticket").count() == 1
    assert "素食" in page.locator("main").inner_text()
    page.click("main a[href$='/cancel/']")
    page.click("main form button")
    page.wait_for_url("**done=cancelled**")
    assert page.locator(".ticket").count() == 0
    assert "报名已取消" in page.locator("main").inner_text()
