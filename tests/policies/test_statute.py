"""The full text of a statute: its parts and articles, read from the paragraphs."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies import statute
from policies.models import PolicyPage
from tests.bench.policy_corpus import numeral

pytestmark = pytest.mark.engine_free


def body(*blocks: tuple[str, str]):
    """A body of (type, value); a text's value is its paragraphs, a line each."""
    stream = [
        {"type": kind, "value": _html(value) if kind == "text" else value, "id": f"{n:08}-block"}
        for n, (kind, value) in enumerate(blocks)
    ]
    return PolicyPage._meta.get_field("body").to_python(json.dumps(stream))


def _html(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.strip().split("\n"))


def articles(first: int, last: int) -> str:
    return "\n".join(f"第{numeral(n)}条 为了第{n}个目的。" for n in range(first, last + 1))


def units(found) -> list[tuple[int, str, str]]:
    return [(unit.depth, unit.text, unit.span) for unit in found.units]


LAW = f"""
（2020年1月1日通过）
目 录
第一编 总则
第一章 一般规定
第二章 组织
第二编 分则
第三章 管理
第一编　总则
第一章 一般规定
{articles(1, 3)}
第二章 组织
{articles(4, 6)}
第六条之一 后加的。
第二编 分则
第三章 管理
第七条 依照第三条办理。
第三条规定的事项除外。
"""


def test_parts_chapters_and_articles_are_listed_and_addressed():
    found = statute.read(body(("text", LAW)))
    assert units(found) == [
        (1, "第一编 总则", "第一条–第六条之一"),
        (2, "第一章 一般规定", "第一条–第三条"),
        (2, "第二章 组织", "第四条–第六条之一"),
        (1, "第二编 分则", "第七条"),
        (2, "第三章 管理", "第七条"),
    ]
    assert [anchor for anchor, _number in found.articles] == [
        *(f"article-{n}" for n in range(1, 7)),
        "article-6-1",
        "article-7",
    ]
    html = found.parts[0].html
    assert (
        '<p id="article-2" class="statute__article"><b class="statute__number">第二条</b>' in html
    )
    # The statute's own table of contents stays text: each heading is there once.
    assert re.findall(r"<h([1-6])", html) == ["2", "3", "3", "2", "3"]
    assert "<p>第三条规定的事项除外。</p>" in html
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_nothing_of_the_text_is_lost():
    found = statute.read(body(("text", LAW)))
    text = re.sub(r"<[^>]+>", "", found.parts[0].html)
    assert text == LAW.strip().replace("\n", "")


def test_headings_of_the_body_are_chapters_too():
    found = statute.read(
        body(
            ("heading", "第一章 总则"),
            ("text", articles(1, 4)),
            ("heading", "附件"),
            ("text", articles(1, 2)),
            ("quote", {"text": "原文", "attribution": ""}),
        )
    )
    assert units(found) == [(1, "第一章 总则", "第一条–第四条"), (1, "附件", "第一条–第二条")]
    assert found.units[0].anchor == "s-00000000"
    # An annex counts anew: no address is given twice.
    assert [anchor for anchor, _number in found.articles][-2:] == ["article-1_2", "article-2_2"]
    assert [part.block.block_type for part in found.parts][-1] == "quote"


def test_numbers_in_bold_need_no_blank_and_marks_are_kept():
    text = "\n".join(f"<b>第{numeral(n)}条</b>内容<b>要紧</b>" for n in range(1, 7))
    found = statute.read(body(("text", text)))
    assert len(found.articles) == 6
    assert "内容<b>要紧</b></p>" in found.parts[0].html


def test_english_statutes_are_read():
    lines = "\n".join(f"Article {n} Every body does its part." for n in range(1, 7))
    found = statute.read(body(("text", f"Chapter I General Provisions\n{lines}")))
    assert units(found) == [(1, "Chapter I General Provisions", "Article 1–Article 6")]


@pytest.mark.parametrize(
    "text",
    ["", "第一章 总则\n一般的话。", articles(1, 4), "依照第一条、第二条、第三条、第四条、第五条。"],
)
def test_other_texts_are_no_statute(text):
    assert statute.read(body(("text", text))) is None


def test_a_place_in_a_document_has_an_address():
    assert statute.anchor_of("第五条第二款") == "article-5"
    assert statute.anchor_of("见附件第一百二十条之一") == "article-120-1"
    assert statute.anchor_of("Article 12, paragraph 2") == "article-12"
    assert statute.anchor_of("附件一") == ""


@given(st.integers(1, 9999))
def test_numbers_are_read_as_they_are_written(number):
    assert statute.number_of(numeral(number)) == statute.number_of(str(number)) == number


@settings(max_examples=40)
@given(st.lists(st.text("第一二十百章条节编目录之 　。1A<&", max_size=12), max_size=30))
def test_no_text_is_an_error_and_each_address_is_given_once(lines):
    text = "\n".join([articles(1, 5), *(line.replace("<", "&lt;") for line in lines)])
    found = statute.read(body(("text", text)))
    ids = re.findall(r' id="([^"]+)"', found.parts[0].html)
    assert len(ids) == len(set(ids))
    assert [anchor for anchor, _number in found.articles] == [i for i in ids if "unit" not in i]


def test_a_number_of_thousands_of_figures_is_none():
    text = f"{articles(1, 5)}\n第{'9' * 5000}条 数字过长。"
    found = statute.read(body(("text", text)))
    assert [anchor for anchor, _number in found.articles] == [f"article-{n}" for n in range(1, 6)]
    assert statute.anchor_of(f"第{'9' * 5000}条") == ""
