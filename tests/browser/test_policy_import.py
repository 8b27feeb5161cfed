"""An editor's way from a spreadsheet to pages, with the real worker, on a phone."""

from pathlib import Path

ROWS = """标题,层级,发布机关,成文日期,正文
泽鹿木樨试行办法,区,示例机关,2024年1月2日,第一条 为了示例，制定本办法。
泽鹿木樨错误办法,月球,示例机关,昨天,
"""


def test_from_a_file_with_a_wrong_row_to_a_draft(open_page, tmp_path: Path):
    file = tmp_path / "政策.csv"
    file.write_text(ROWS, encoding="gb18030")
    page = open_page("/admin/policy-exchange/", width=390, user="editors")
    page.set_input_files("input[name=files]", file)
    page.get_by_role("button", name="核对文件").click()
    page.wait_for_selector(".exchange__rows")  # the page looks again by itself
    assert "“月球”不在可选值之内" in page.locator(".exchange__rows").inner_text()
    with page.expect_download() as wrong:
        page.get_by_role("link", name="下载有误的行").click()
    assert wrong.value.suggested_filename.endswith(".xlsx")

    page.check("input[name=skip_wrong]")
    page.get_by_role("button", name="导入 1 项政策").click()
    draft = page.get_by_role("link", name="泽鹿木樨试行办法")
    draft.wait_for()
    page.wait_for_selector(".exchange__state:has-text('已导入')")
    desk = open_page(draft.get_attribute("href"), user="editors")
    assert desk.input_value("#id_title") == "泽鹿木樨试行办法"
    assert open_page("/policies/").get_by_text("泽鹿木樨").count() == 0
