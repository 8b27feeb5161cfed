"""What stands in a cell, what becomes of it, and the way back."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from base.cells import FORMULA_STARTS, safe_cell, unescape
from policies.columns import by_name, heading, known_headings
from policies.importing.body import blocks, blocks_json, is_plain, plain_text, tidy
from policies.importing.identify import number_key, written_forms
from policies.importing.values import EMPTIED, parse
from policies.models import PolicyPage

pytestmark = pytest.mark.engine_free
DAY = date(2023, 7, 17)
BODY = PolicyPage._meta.get_field("body")


@pytest.mark.parametrize(
    "raw",
    [
        "2023-07-17",
        "2023/7/17",
        "2023.7.17",
        "2023年7月17日",
        "２０２３年７月１７日",
        "二〇二三年七月十七日",
        "20230717",
        "2023-07-17 00:00:00",
        "2023-07-17T08:00:00+08:00",
        "45124",
        45124,
        45124.5,
        20230717,
        DAY,
        datetime(2023, 7, 17, 9, 30),  # noqa: DTZ001 as a spreadsheet has it
    ],
)
def test_dates_are_read_as_people_write_them(raw):
    assert parse(by_name("adopted_on"), raw) == DAY


@pytest.mark.parametrize("raw", ["2023-02-30", "2023年13月1日", "二〇二三年二月三十日"])
def test_a_day_that_is_none_is_named(raw):
    with translation.override("en"), pytest.raises(ValidationError, match="no day of the calendar"):
        parse(by_name("adopted_on"), raw)


@pytest.mark.parametrize("raw", ["2023年7月", "next week", "7/17", -3, 1e300, float("nan"), 0])
def test_what_is_no_date_is_told_what_is_expected(raw):
    with translation.override("en"), pytest.raises(ValidationError, match="Write 2023-07-17"):
        parse(by_name("adopted_on"), raw)


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        ("level", "国家级", "nation"),
        ("level", " National ", "nation"),
        ("level", "市", "city"),
        ("validity", "现行有效", "in_force"),
        ("validity", "已废止", "abolished"),
        ("is_sample", "是", True),
        ("is_sample", "No", False),
        ("index_number", 12.0, "12"),
        ("title", "关于\n 一二\x00三\ud800", "关于 一二三"),
        ("contact", "[清空]", EMPTIED),
        ("contact", "  ", None),
    ],
)
def test_words_become_values(column, raw, value):
    assert parse(by_name(column), raw) == value


@pytest.mark.parametrize(
    ("column", "raw"),
    [
        ("level", "月球"),
        ("is_sample", "perhaps"),
        ("title", "长" * 256),
        ("title", "[clear]"),
        ("source_url", "javascript:alert(1)"),
        ("source_url", "no address"),
        ("source_id", "x" * 121),
        ("body", "x" * 1_000_001),
    ],
)
def test_what_a_field_can_not_hold_is_refused(column, raw):
    with pytest.raises(ValidationError):
        parse(by_name(column), raw)


def test_headings_are_known_in_both_languages_and_by_other_names():
    names = {
        "标题*": "title",
        "Document number": "document_number",
        " 发文字号：": "document_number",
    }
    names |= {"成文 日期": "adopted_on", "promulgated_on": "published_on", "全文": "body"}
    assert {name: known_headings()[heading(name)].name for name in names} == names
    assert heading("head") not in known_headings()


CELLS = st.text(
    st.sampled_from("'=+-@\t\r 甲a") | st.characters(exclude_categories=["C"]), max_size=20
)


@given(CELLS)
def test_a_cell_never_runs_and_comes_back_as_it_was(text):
    cell = safe_cell(text)
    assert not cell.startswith(FORMULA_STARTS)
    assert not cell.lstrip().startswith(FORMULA_STARTS)
    assert unescape(cell) == text


LINES = st.text(
    st.sampled_from("第一章条、 总则为了<b>&amp;；。x\u3000\t")
    | st.characters(exclude_categories=["C"]),
    max_size=60,
)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_a_text_comes_back_from_its_page_as_it_was(text):
    stream = BODY.to_python(blocks_json(tidy(text), "key"))
    assert plain_text(stream) == tidy(text)
    assert is_plain(stream)


def test_headings_of_official_texts_become_headings():
    text = "第一章 总则\n第一条 为了促进发展，制定本条例。\n一、工作目标\n到2025年，建成三个飞地。\n第二章"
    kinds = [(block["type"], block["value"]) for block in blocks(text)]
    assert [value for kind, value in kinds if kind == "heading"] == [
        "第一章 总则",
        "一、工作目标",
        "第二章",
    ]


def test_rich_texts_are_known_as_such():
    value = [{"type": "text", "value": "<p>一</p><ul><li>二</li></ul>", "id": "1"}]
    stream = BODY.to_python(value)
    assert plain_text(stream) == "一\n二"
    assert not is_plain(stream)


def test_document_numbers_are_one_in_all_brackets():
    forms = [
        "晋政发〔2023〕12号",
        "晋政发[2023]12号",
        "晋政发（2023）第12号",
        "晋政发【2023】 012号",
    ]
    assert {number_key(form) for form in forms} == {"晋政发〔2023〕12号"}
    assert {"晋政发[2023]12号", "晋政发（2023）12号"} <= written_forms("晋政发〔2023〕12号")
