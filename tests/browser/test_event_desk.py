"""The organiser's day before: applications decided, somebody entered, meetings worked out and moved by hand."""

from playwright.sync_api import expect

FIND = """
from events.models import RegistrationDesk
for slug in ("equipment-needs-shenzhen", "solar-chain-meeting"):
    print(RegistrationDesk.objects.get(page__slug=slug).pk)
"""


def numbers(site) -> list[str]:
    return site.manage("shell", "-v0", "-c", FIND).split()


def test_an_officer_decides_and_enters_by_hand(open_page, site):
    desk, _ = numbers(site)
    page = open_page(f"/admin/events/desk/{desk}/?state=pending", user="crm-officers")
    page.locator("a[href*='/registration/']").last.click()  # below those who wait
    page.wait_for_url("**/registration/*/")
    assert "示**" in page.locator("main").inner_text()  # nobody's name, unless it is asked for
    page.click("a[href$='/approve/']")
    page.uncheck("[name=notify]")
    page.click(".desk-buttons button")
    page.wait_for_url("**/registration/*/")
    assert "已确认" in page.locator("main").inner_text()
    page.goto(f"/admin/events/desk/{desk}/enter/")
    page.fill("[name=name]", "电话里的人")
    page.fill("[name=email]", "telephone@example.org")
    page.fill("[name=q_topic]", "齿轮磨损")
    page.check("[name=consent_event]")
    page.click(".desk-buttons button")
    page.wait_for_url("**/registration/*/")
    assert "已确认" in page.locator("main").inner_text()


def test_meetings_are_worked_out_accepted_and_moved_with_conflicts_shown(open_page, site):
    _, desk = numbers(site)
    page = open_page(f"/admin/events/meetings/{desk}/", user="crm-officers")
    page.locator("form[action$='/propose/'] button").click()
    accept = page.locator("form[action$='/accept/'] button")
    # The worker works it out; the page looks again by itself.
    expect(accept).to_be_visible(timeout=120_000)
    accept.click()
    page.wait_for_url(f"**/meetings/{desk}/")
    rows = page.locator(".planning-grid tbody tr:has(.planning-grid__meeting)")
    day = {}
    for row in rows.all():
        time = row.locator("th").inner_text().strip()
        for meeting in row.locator(".planning-grid__meeting").all():
            day[frozenset(meeting.locator("span").all_inner_texts())] = time, meeting
    assert len(day) == 5
    investor, firm = "示例新能源材料（江苏）有限公司", "示例组件（上党）有限公司"
    elsewhere = day[frozenset({investor, firm})][0]
    day[frozenset({investor, "示例玻璃制品有限公司"})][1].click()
    page.wait_for_url("**/meeting/*/")
    move = page.locator("form[action$='/move/']")
    options = move.locator("select[name=slot] option")
    choice = next(one for one in options.all() if elsewhere in one.inner_text())
    move.locator("select[name=slot]").select_option(choice.get_attribute("value"))
    move.locator("button").click()
    page.wait_for_url("**/move/")
    # One of the two sits elsewhere at that time; it says who and where, and nothing has moved.
    assert investor in page.locator(".error-message").first.inner_text()
    page.locator("form[action$='/cancel/'] button").click()
    page.wait_for_url(f"**/meetings/{desk}/")
    assert page.locator(".planning-grid__meeting").count() == 4
