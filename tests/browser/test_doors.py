"""A telephone at a door: with the network cut, and a second door that has let the same ticket in."""

import json

from playwright.sync_api import expect

MAKE = """
import json
from datetime import timedelta
from django.utils import timezone
from events.links import door_token
from events.models import Door
from tests.factories.events import book, make_desk, make_event, make_guest
page = make_event("products-shenzhen")
desk = make_desk(page, capacity=9)
tickets = [book(desk, make_guest(name=name)).attendees.get() for name in ("林一", "周二", "吴三")]
doors = [door_token(Door.objects.create(desk=desk, name=name)) for name in ("正门", "侧门")]
print(json.dumps({"codes": [one.code for one in tickets], "doors": doors}))
"""


def scan(page, code: str) -> str:
    # The answer to the code before must not be taken for this one's.
    page.locator("[data-answer]").evaluate("node => node.replaceChildren()")
    page.fill("#scan-code", code)
    page.press("#scan-code", "Enter")
    page.wait_for_selector("[data-answer] .door-answer")
    return page.locator(".door-answer__word").inner_text()


def opened(open_page, token: str):
    page = open_page(f"/door/{token}/", width=390)
    page.wait_for_selector("[data-door][data-ready]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def test_a_door_without_a_network_lets_in_and_tells_later(open_page, site):
    made = json.loads(site.manage("shell", "-v0", "-c", MAKE).splitlines()[-1])
    first, second, third = made["codes"]
    front = opened(open_page, made["doors"][0])
    side = opened(open_page, made["doors"][1])
    front.context.set_offline(True)
    assert "可入场" in scan(front, first)
    assert "此前已入场" in scan(front, first)
    assert "可入场" in scan(side, second)
    assert "可入场" in scan(front, second)  # nobody could have told it
    front.reload()  # from what the telephone has kept
    front.wait_for_selector("[data-door][data-ready]")
    assert "此前已入场" in scan(front, second)
    front.click(".door__part summary")
    front.fill("#walk-name", "郑四")
    front.check("#walk-consent")
    front.click("[data-walk-in] button")
    expect(front.locator("[data-net]")).to_contain_text("3")
    front.context.set_offline(False)
    front.wait_for_selector("[data-problems]:not([hidden]) li")
    assert "周二" in front.locator("[data-problems]").inner_text()
    expect(front.locator("[data-entered]")).to_have_text("3")
    assert "可入场" in scan(side, third)
