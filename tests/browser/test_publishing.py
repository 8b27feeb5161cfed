"""A publisher's way in the admin: write in Chinese, publish, translate, publish, read both."""

import re


def choose_publish(page):
    page.locator(
        "footer [data-w-dropdown-target=toggle], footer button[aria-haspopup]"
    ).last.click()
    page.locator("button[name=action-publish]:visible").first.click()
    page.wait_for_load_state("networkidle")


def write(page, title):
    page.get_by_role("link", name=re.compile("长治市上党区推介窗口")).first.click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/"))
    parent = re.search(r"/pages/(\d+)/", page.url)[1]
    page.goto(f"/admin/pages/add/home/standardpage/{parent}/")
    page.fill("#id_title", title)
    page.fill("#id_summary", "试着发布的一页。")
    page.fill("#id_source_name", "本站")


def translate(page, words):
    """Translate every text of both tabs, in their order."""
    words = iter(words)
    for tab in (0, 1):
        page.get_by_role("tab").nth(tab).click()
        buttons = page.get_by_role("button", name="翻译", exact=True).locator("visible=true")
        while left := buttons.count():
            buttons.first.click()
            page.locator("main textarea:visible").first.fill(next(words))
            page.get_by_role("button", name="保存", exact=True).locator("visible=true").click()
            page.wait_for_function(
                """left => [...document.querySelectorAll('main button')].filter(
                    b => b.textContent.trim() === '翻译' && b.offsetParent).length < left""",
                arg=left,
            )


def test_publish_translate_and_read_in_both_languages(open_page):
    page = open_page("/admin/pages/", user="publishers")
    write(page, "测试发布")

    # Without a description for search it is not published, and nothing typed is lost.
    choose_publish(page)
    assert page.input_value("#id_title") == "测试发布"
    assert page.input_value("#id_summary") == "试着发布的一页。"
    reader = open_page("/healthz/")
    assert reader.goto("/ce-shi-fa-bu/").status == 404

    page.get_by_role("tab").nth(1).click()
    page.fill("#id_search_description", "给搜索看的说明。")
    choose_publish(page)
    assert reader.goto("/ce-shi-fa-bu/").status == 200
    assert reader.locator("h1").inner_text() == "测试发布"
    assert reader.goto("/en/ce-shi-fa-bu/").status == 404
    assert 'href="/ce-shi-fa-bu/"' in reader.locator("main").inner_html()

    page.get_by_role("link", name="测试发布", exact=True).first.click()
    page.wait_for_url(re.compile(r"/pages/\d+/edit/"))
    page_id = re.search(r"/pages/(\d+)/", page.url)[1]
    page.goto(f"/admin/localize/submit/page/{page_id}/")
    page.check("input[name=locales]")
    page.locator("main form input[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/pages/\d+/edit/"))
    assert reader.goto("/en/ce-shi-fa-bu/").status == 404
    translate(page, ["Trial page", "A page to try publishing.", "This site", "What search shows."])
    page.get_by_role("button", name=re.compile("^发布在")).first.click()
    page.wait_for_load_state("networkidle")

    assert reader.goto("/en/ce-shi-fa-bu/").status == 200
    assert reader.locator("h1").inner_text() == "Trial page"
    reader.locator("a[hreflang^=zh]:visible").first.click()
    reader.wait_for_url(re.compile(r":\d+/ce-shi-fa-bu/$"))
    # The rest of the tree still answers (wagtail-localize issue 773).
    assert reader.goto("/en/culture/yincheng/").status == 200
