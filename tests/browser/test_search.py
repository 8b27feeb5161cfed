"""Searching by keyboard, by mouse, with an input method, and without JavaScript."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.screens import OF_COLOURS, check_accessible, look

LIST = "#q-suggestions"
OPTIONS = f"{LIST} [role=option]"
WORD = "竞争"  # stands in several titles


def asked(page) -> dict:
    return parse_qs(urlsplit(page.url).query)


def type_words(page, words=WORD, field="#q"):
    page.click(field)
    page.keyboard.type(words)
    expect(page.locator(f"{field}-suggestions [role=option]").first).to_be_visible()


def requests_for_suggestions(page) -> list[str]:
    """The addresses that are asked for suggestions from now on."""
    addresses = []
    page.on("request", lambda request: "/suggest/" in request.url and addresses.append(request.url))
    return addresses


def test_suggestions_are_a_combobox_with_a_list(open_page):
    page = open_page("/search/")
    field = page.locator("#q")
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "false")
    type_words(page)
    expect(field).to_have_attribute("aria-expanded", "true")
    number = page.locator(OPTIONS).count()
    assert 0 < number <= 8
    expect(page.locator(f"{LIST} + [role=status]")).to_contain_text(str(number))
    check_accessible(page)


def test_arrow_keys_walk_through_the_list_and_back_into_the_field(open_page):
    page = open_page("/search/")
    field, options = page.locator("#q"), page.locator(OPTIONS)
    type_words(page)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(field).to_have_value(WORD)
    expect(field).to_be_focused()


def test_enter_takes_the_chosen_suggestion(open_page):
    page = open_page("/search/")
    type_words(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/search/"))


def test_enter_without_a_choice_searches_what_was_typed(open_page):
    page = open_page("/search/")
    type_words(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert asked(page)["q"] == [WORD]


def test_a_suggestion_can_be_clicked(open_page):
    page = open_page("/search/")
    type_words(page)
    page.locator(OPTIONS).first.click()
    page.wait_for_url(lambda url: not url.endswith("/search/"))


def test_escape_closes_the_list_and_keeps_the_words(open_page):
    page = open_page("/")
    page.click(".masthead__search summary")
    expect(page.locator("#site-q")).to_be_focused()
    type_words(page, field="#site-q")
    page.keyboard.press("Escape")
    expect(page.locator("#site-q-suggestions")).to_be_hidden()
    expect(page.locator("#site-q")).to_have_value(WORD)
    expect(page.locator("#site-q")).to_be_visible()
    page.keyboard.press("Escape")  # the second one closes the fold
    expect(page.locator("#site-q")).to_be_hidden()


def test_leaving_the_field_closes_the_list(open_page):
    page = open_page("/search/")
    type_words(page)
    page.keyboard.press("Tab")
    expect(page.locator(LIST)).to_be_hidden()


def test_an_input_method_is_left_alone(open_page):
    """No request while it composes; the Enter that ends it does not search."""
    page = open_page("/search/")
    requests = requests_for_suggestions(page)
    page.click("#q")
    method = page.context.new_cdp_session(page)
    for text in ("j", "jing", "jing zheng"):
        method.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
        page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert requests == []
    expect(page.locator(LIST)).to_be_hidden()
    method.send("Input.insertText", {"text": WORD})
    expect(page.locator(OPTIONS).first).to_be_visible()
    assert page.url.endswith("/search/")
    assert [parse_qs(urlsplit(url).query)["q"][0][-2:] for url in requests] == [WORD]


def test_nothing_is_asked_offline(open_page):
    page = open_page("/search/")
    page.context.set_offline(True)
    page.click("#q")
    page.keyboard.type(WORD)
    page.wait_for_timeout(500)
    expect(page.locator(LIST)).to_be_hidden()


def test_only_the_last_words_are_asked_for(open_page):
    page = open_page("/healthz/")
    page.clock.install()
    page.goto("/search/")
    requests = requests_for_suggestions(page)
    page.click("#q")
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))  # a busy machine is no slow hand
    for letter in "gongpingjingzheng":
        page.keyboard.type(letter)
        page.clock.run_for(20)
    assert requests == []
    with page.expect_response("**/suggest/?q=gongpingjingzheng"):
        page.clock.run_for(600)
    assert len(requests) == 1


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("address", ["/search/?q=企业", "/policies/?q=企业"])
def test_filters_work_without_javascript(open_page, width, address):
    page = open_page(address, width=width, javascript=False)
    if width == 390:
        expect(page.locator("[data-apply]")).to_be_hidden()
        page.click(".filters__fold")
    before = page.locator(".results__count").inner_text()
    box = page.locator("[data-filters] input:visible").first
    name, value = box.get_attribute("name"), box.get_attribute("value")
    box.check()
    page.click("[data-apply]")
    page.wait_for_url(f"**{name}=*")
    assert asked(page) == {"q": ["企业"], name: [value]}
    page.locator(".chosen a").first.click()
    page.wait_for_url(lambda url: f"{name}=" not in url)
    assert page.locator(".results__count").inner_text() == before


def test_the_header_searches_without_javascript(open_page):
    page = open_page("/culture/", width=390, javascript=False)
    page.click(".masthead__search summary")
    page.fill("#site-q", WORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator(".result").first).to_be_visible()


def test_a_ticked_filter_acts_at_once_and_back_undoes_it(open_page):
    page = open_page("/search/?q=企业")
    expect(page.locator("[data-apply]")).to_be_hidden()
    before = page.locator(".results__count").inner_text()
    box = page.locator("[data-filters] input[value=policy]")
    number = page.locator(".choice:has([value=policy]) .num").inner_text()
    box.check()
    page.wait_for_url("**kind=policy*")
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    expect(page.locator(".results__count")).to_contain_text(number)
    expect(page.locator("body > [role=status]")).to_contain_text(number)
    # The frame's links follow: another language, the same question.
    assert "kind=policy" in page.get_attribute(".masthead__tools a[hreflang=en]", "href")
    page.go_back()
    expect(page.locator(".results__count")).to_have_text(re.compile(re.escape(before)))
    expect(page.locator("[data-filters] input[value=policy]")).not_to_be_checked()


def test_filters_stand_beside_the_results_or_fold_above_them(open_page):
    wide = open_page("/search/?q=企业", width=1440)
    expect(wide.locator(".filters__fold")).to_be_hidden()
    expect(wide.locator("[data-filters] input").first).to_be_visible()
    narrow = open_page("/search/?q=企业", width=390)
    expect(narrow.locator(".filters__fold")).to_be_visible()
    expect(narrow.locator("[data-filters] input").first).to_be_hidden()
    assert narrow.locator(".result").first.bounding_box()["y"] < 900


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("query", ["q=企业&kind=policy", "q=qzxjvw&level=nation", "q=law", ""])
def test_every_answer_is_accessible(window, language, query):
    window.goto(f"{language}/search/?{query}")
    of_chinese = [(1440, "light"), (1440, "dark"), (390, "dark")]
    for width, scheme in [(390, "light")] if language else of_chinese:
        look(window, width, scheme)
        if window.locator(".filters__fold").is_visible():
            window.click(".filters__fold")
        check_accessible(window, *(OF_COLOURS if scheme == "dark" else ()))
