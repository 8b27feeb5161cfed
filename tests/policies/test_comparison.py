"""What differs between two texts: nothing is lost, the small is found, and it never takes long."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.official import comparison
from policies.official.comparison import ADDED, CHANGED, REMOVED, SAME, compare, words_changed
from policies.official.comparison_page import folded
from policies.official.content import Paragraph
from policies.official.record import DATES, TEXTS, Record
from policies.official.words import Run

pytestmark = pytest.mark.engine_free
FIELDS = dict.fromkeys((*TEXTS, *DATES), "")


def record(*texts: str, title="办法", **fields) -> Record:
    paragraphs = tuple(Paragraph("text", ((Run(text),),)) for text in texts)
    return Record(title, False, {**FIELDS, **fields}, paragraphs)


def states(*pair) -> list[str]:
    return [row.state for row in compare(*(record(*texts) for texts in pair)).rows]


words = st.text(st.sampled_from("第一条企业给予10万元奖励，GB/T a.b \U000f0001𠮷é"), max_size=40)
texts = st.lists(words, max_size=8)


@given(words, words)
@settings(max_examples=150, deadline=None)
def test_the_parts_of_a_paragraph_give_both_texts_whole(old, new):
    before, after = words_changed(old, new)
    assert "".join(text for text, _differs in before) == old
    assert "".join(text for text, _differs in after) == new
    common = [[text for text, differs in side if not differs] for side in (before, after)]
    assert "".join(common[0]) == "".join(common[1])


@given(texts, texts)
@settings(max_examples=150, deadline=None)
def test_every_paragraph_stands_in_the_comparison_once_and_in_order(old, new):
    rows = compare(record(*old), record(*new)).rows
    assert [row.old.text for row in rows if row.old] == [p.text for p in record(*old).paragraphs]
    assert [row.new.text for row in rows if row.new] == [p.text for p in record(*new).paragraphs]
    assert all(row.old.text == row.new.text for row in rows if row.state == SAME)
    shown = [row for stretch in folded(rows) for row in stretch.rows]
    assert shown == rows


@given(texts)
@settings(max_examples=40, deadline=None)
def test_a_text_is_identical_with_itself(old):
    assert compare(record(*old), record(*old)).is_identical


def test_numbers_are_compared_as_words():
    before, after = words_changed("给予10万元奖励", "给予100万元奖励")
    assert before == (("给予", False), ("10", True), ("万元奖励", False))
    assert after == (("给予", False), ("100", True), ("万元奖励", False))


def test_a_changed_paragraph_stands_beside_its_old_form():
    old = ["第一条 为促进发展。", "第二条 对高新技术企业给予奖励。", "第三条 由科技局解释。"]
    new = [
        "第一条 为促进发展。",
        "第二条 新增的内容放在这里。",
        old[1].replace("奖励", "补助"),
        old[2],
    ]
    assert states(old, new) == [SAME, ADDED, CHANGED, SAME]
    assert states(new, old) == [SAME, REMOVED, CHANGED, SAME]


def test_paragraphs_that_repeat_each_other_are_paired_by_their_order():
    old = [f"各单位要认真组织实施第{number}项。" for number in range(40)]
    assert set(states(old, [text.replace("认真", "抓紧") for text in old])) == {CHANGED}


def test_another_kind_of_paragraph_is_a_difference():
    heading = Record("办法", False, FIELDS, (Paragraph("heading", ((Run("总则"),),), number=1),))
    assert not compare(record("总则"), heading).is_identical


def test_data_that_differs_is_told():
    changed = compare(
        record("一", validity="in_force"), record("一", title="条例", validity="void")
    )
    assert changed.fields == [("title", "办法", "条例"), ("validity", "in_force", "void")]
    assert not changed.is_identical


def test_paragraphs_of_a_long_text_find_their_pairs():
    rng = random.Random(5)
    signs = [chr(code) for code in range(0x4E00, 0x5200)]
    old = ["".join(rng.choices(signs, k=66)) for _ in range(1520)]
    new = ["新的一条"] * 5 + [text[:30] + rng.choice(signs) + text[31:] for text in old][:-20]
    rows = compare(record(*old), record(*new)).rows
    assert sum(row.state == CHANGED for row in rows) > 1450


def test_past_the_deadline_paragraphs_are_shown_whole():
    before, after = words_changed("给予10万元", "给予20万元", time.thread_time() - 1)
    assert before == (("给予10万元", True),)
    assert after == (("给予20万元", True),)


def test_longer_texts_are_refused(monkeypatch):
    monkeypatch.setattr(comparison, "MOST_CHARACTERS", 10)
    with pytest.raises(comparison.TextsTooLongError):
        compare(record("一"), record("一" * 11))


def test_long_runs_without_a_change_are_folded():
    old = [f"第{number}条 不变的一条。" for number in range(20)]
    stretches = folded(compare(record(*old, "旧"), record(*old, "新")).rows)
    assert [(len(s.rows), s.is_folded) for s in stretches][:2] == [(19, True), (1, False)]
    assert all(not (a.is_folded and b.is_folded) for a, b in pairwise(stretches))
