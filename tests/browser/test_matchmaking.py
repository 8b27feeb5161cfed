"""Two participants find each other, agree, see their timetable and say what came of it: without scripts."""

from playwright.sync_api import expect

MAKE_CAST = """
from events.links import registration_url
from tests.factories.events import make_desk, make_event
from tests.factories.meetings import make_participant, make_round
meetings = make_round(make_desk(make_event("fair-competition-hour"), capacity=None))
for side, name, offers, seeks in (
    ("investor", "示例资本", "项目资金", "矿用设备厂"),
    ("firm", "示例矿机厂", "矿用设备", "资金"),
):
    someone = make_participant(meetings, side, offers=offers, seeks=seeks, organisation_name=name)
    print(registration_url(someone.registration).split("/")[-2])
"""
PLAN = """
from events.models import MeetingRequest
from tests.factories.meetings import make_meeting, make_slot
request = MeetingRequest.objects.get(status="accepted", round__desk__page__slug="fair-competition-hour")
make_meeting(request.from_participant, request.to_participant, make_slot(request.round, -1))
"""


def test_two_agree_meet_and_say_what_came_of_it(open_page, site):
    mine, theirs = site.manage("shell", "-v0", "-c", MAKE_CAST).split()
    page = open_page(f"/one-to-one/{mine}/", width=390, javascript=False)
    page.click(".one-to-one__entry a")
    expect(page.locator(".one-to-one__fit")).to_contain_text("矿用设备")
    page.fill("[name=message]", "想参观生产线")
    page.click("main form button")
    page.wait_for_url("**/requests/**")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    other = open_page(f"/en/one-to-one/{theirs}/requests/", javascript=False)
    other.click(".one-to-one__entry a")
    expect(other.locator("main")).to_contain_text("想参观生产线")
    other.click("button[value=accept]")
    other.wait_for_url("**done=accepted**")

    site.manage("shell", "-v0", "-c", PLAN)
    page.goto(f"/one-to-one/{mine}/timetable/")
    assert "示例矿机厂" in page.locator(".appointment").inner_text()
    assert "3号桌" in page.locator(".appointment").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.click(".appointment a")
    page.check("[name=outcome][value=site_visit]")
    page.check("[name=rating][value='5']")
    page.fill("[name=note]", "下周去看厂")
    page.click("main form button")
    page.wait_for_url("**done=noted**")
    other.goto(f"/en/one-to-one/{theirs}/timetable/")
    other.click(".appointment a")
    assert "下周去看厂" not in other.content()
