"""A visitor's way on a phone without scripts: five steps, the result, and the result as an inquiry."""

from playwright.sync_api import expect

from tests.browser.pace import read_the_form

OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_a_company_answers_reads_and_asks(open_page, site):
    page = open_page("/policies/", width=390, javascript=False)
    page.click(".library__ways .button")
    page.select_option("#answer-place", "140404-zone")
    page.click("text=下一步")
    page.select_option("#answer-industry", "C27")
    page.click("text=下一步")
    page.check("[name=size][value=small]")
    page.fill("#answer-staff", "许多人")
    page.click("text=下一步")
    assert page.locator("#errors a").get_attribute("href") == "#answer-staff"
    assert page.input_value("#answer-staff") == "许多人"
    page.fill("#answer-staff", "45")
    page.click("text=下一步")
    page.check("[name=has][value=high_tech]")
    page.click("text=上一步")
    assert page.input_value("#answer-staff") == "45"
    page.click("text=下一步")
    assert page.is_checked("[name=has][value=high_tech]")
    page.click("text=下一步")
    page.check("[name=project][value=pilot]")
    page.check("[name=project_all]")
    page.click("text=看结果")
    page.wait_for_url("**/policies/match/result/?*")
    assert page.evaluate(OVERHANG) <= 0
    groups = {name: page.inner_text(f".match-group--{name}") for name in ("applies", "nearly")}
    assert "公共检测设备使用费减半（示例）" in groups["applies"]
    assert "以主管部门审定为准" in groups["applies"]
    assert "项目类型：研发" in groups["nearly"]
    assert page.context.cookies() == []

    page.locator(".match-answer", has=page.locator("#answer-size_0")).locator("summary").click()
    page.check("[name=size][value=large]")
    page.locator("form", has=page.locator("#answer-size_0")).locator("button").click()
    expect(page.locator(".match-group--not")).to_contain_text("公共检测设备使用费减半（示例）")

    page.click("text=作为咨询发送")
    assert "C27 医药制造业" in page.input_value("[name=attached]")
    page.fill("[name=name]", "张三")
    page.fill("[name=email]", "zhang@example.org")
    page.check("[name=consent_processing]")
    read_the_form(page)
    page.click(".inquiry button")
    page.wait_for_url("**/inquiry/status/**")
    assert "C27 医药制造业" in page.inner_text("main")
