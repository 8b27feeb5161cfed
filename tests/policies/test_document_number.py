"""One form of a document number, however it was typed."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from policies.record.document_number import DocumentNumberError, normalise
from search.document_numbers import tokens

pytestmark = pytest.mark.engine_free


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", ""),
        ("  ", ""),
        ("晋政发〔2023〕12号", "晋政发〔2023〕12号"),
        ("晋政发[2023]12号", "晋政发〔2023〕12号"),
        ("晋政发（2023）012号", "晋政发〔2023〕12号"),
        ("长上政办发 【２０２４】 第 ３ 号", "长上政办发〔2024〕3号"),
        ("国发(2015) 9", "国发〔2015〕9号"),
        ("國發〔2015〕9號", "国发〔2015〕9号"),
        ("国务院令第722号", "国务院令第722号"),
        ("中华人民共和国国务院令 第 722 号", "中华人民共和国国务院令第722号"),
        ("主席令第十五号", "主席令第十五号"),
        ("商务部令 2020 年第 01 号", "商务部令2020年第1号"),
        ("国家市场监督管理总局第99号令", "国家市场监督管理总局第99号令"),
        ("财政部 税务总局公告2023年第12号", "财政部 税务总局公告2023年第12号"),
        ("国家税务总局公告2024年5号", "国家税务总局公告2024年第5号"),
    ],
)
def test_every_way_of_writing_becomes_one(typed, number):
    assert normalise(typed) == number


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("〔2023〕12号", "机关代字"),
        ("晋政发〔2023〕0号", "从 1 开始"),
        ("晋政发〔1948〕1号", "1948"),
        ("晋政发〔2099〕1号", "2099"),
        ("商务部令1900年第1号", "1900"),
        ("晋政发2023年12号", "规范"),
        ("2023-12", "规范"),
        ("令第5号", "规范"),
        ("晋政发〔2023〕12号、13号", "规范"),
        ("晋政发〔2023〕1234567号", "规范"),
        ("晋-政发〔2023〕12号", "机关代字"),
        ("<b>〔2023〕1号", "机关代字"),
    ],
)
def test_what_is_none_is_refused_with_the_reason(typed, word):
    with pytest.raises(DocumentNumberError, match=word):
        normalise(typed)


BRACKETS = ["〔〕", "[]", "()", "（）", "【】", "［］"]


@given(
    code=st.text("晋政办发长上府函字", min_size=1, max_size=6),
    brackets=st.sampled_from(BRACKETS),
    year=st.integers(1949, 2027),
    count=st.integers(1, 99999),
    zeros=st.booleans(),
    first=st.sampled_from(["", "第"]),
    last=st.sampled_from(["", "号", " 号"]),
)
def test_a_number_has_one_form_which_the_search_finds(
    code, brackets, year, count, zeros, first, last
):
    padded = f"{count:05}" if zeros else str(count)
    number = normalise(f"{code}{brackets[0]}{year}{brackets[1]}{first}{padded}{last}")
    assert number == f"{code}〔{year}〕{count}号"
    assert normalise(number) == number
    assert tokens(number) == [f"no{year}n{count}"]


@given(st.text(max_size=60))
def test_anything_is_a_number_or_refused(text):
    try:
        number = normalise(text)
    except DocumentNumberError as error:
        assert str(error)
    else:
        assert normalise(number) == number


def test_next_year_is_the_last():
    year = timezone.localdate().year + 1
    assert normalise(f"长政发〔{year}〕1号") == f"长政发〔{year}〕1号"
    with pytest.raises(DocumentNumberError):
        normalise(f"长政发〔{year + 1}〕1号")
