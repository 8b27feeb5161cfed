"""A clause from the editor's form to the reader's screen, and off it again."""

from playwright.sync_api import expect

REASON = "经核对，用语指服务流程，不是对结果的承诺"


def test_a_clause_is_published_with_a_reason_read_and_withdrawn(open_page, site):
    policy = site.manage(
        "shell", "-v0", "-c",
        "from policies.models import PolicyPage as P;"
        "print(P.objects.get(slug='coal-law', locale__language_code='zh-hans').pk)",
    ).strip()  # fmt: skip
    desk = open_page(f"/admin/clauses/new/?policy={policy}", user="publishers")
    desk.fill("#id_title", "浏览器里录入的条款")
    desk.select_option("#id_support", "service")
    desk.fill("#id_audience", "依法登记的各类企业")
    desk.check("#id_open_to_all")
    desk.fill("#id_quote", "申请材料一次告知")
    desk.fill("#id_offer", "确保所需材料一次告知")
    desk.fill("#id_ends_on", "2028-12-31")
    desk.fill("#id_legal_basis", "优化营商环境条例")
    desk.select_option("#id_review", "passed")
    desk.fill("#id_reviewed_on", "2026-03-02")
    desk.fill("#id_reviewed_by", "某区市场监督管理局")
    desk.keyboard.press("Escape")  # the calendar
    desk.click("#w-editor-form button[type=submit]")
    desk.wait_for_url("**/admin/clauses/")
    desk.goto("/admin/clauses/?q=浏览器里录入的条款")
    desk.click("text=浏览器里录入的条款")
    number = desk.url.rstrip("/").rpartition("/")[2]

    desk.goto(f"/admin/clauses/publish/{number}/")
    desk.click("text=确认发布")
    expect(desk.locator("main")).to_contain_text("不少于十个字")  # refused, nothing typed is lost
    desk.fill("#id_reason", REASON)
    desk.click("text=确认发布")
    desk.wait_for_url(f"**/inspect/{number}/")
    assert REASON in desk.inner_text("main")

    reader = open_page(f"/policies/coal-law/#clause-{number}", width=390, javascript=False)
    assert "确保所需材料一次告知" in reader.inner_text(f"#clause-{number}")
    overhang = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    phone = open_page("/policy-clauses/?support=service", width=390)
    assert phone.evaluate(overhang) <= 0
    phone.click("text=浏览器里录入的条款")
    phone.wait_for_url(f"**/policies/coal-law/#clause-{number}")
    assert phone.evaluate(overhang) <= 0

    desk.goto(f"/admin/clauses/withdraw/{number}/")
    desk.fill("#id_reason", REASON)
    desk.click("text=确认撤回")
    desk.wait_for_url(f"**/inspect/{number}/")
    reader.goto("/policies/coal-law/")
    assert reader.locator(f"#clause-{number}").count() == 0
