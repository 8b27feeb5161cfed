"""Where a page's subject stands in the State Council's list."""

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from policies import subjects
from policies.subjects import categories, codes_of, tree
from search.facets import FACETS
from search.results import Choice

pytestmark = pytest.mark.engine_free


def test_the_list_is_whole_and_no_code_or_word_means_two():
    tops = categories()
    assert len(tops) == 22
    codes = [one.code for top in tops for one in (top, *top.below)]
    assert len(codes) == len(set(codes)) == 143
    words = [word for top in tops for one in (top, *top.below) for word in one.words]
    assert sorted({word for word in words if words.count(word) > 1}) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("煤炭", ["resources", "resources.coal"]),
        ("工业、交通", ["industry"]),
        ("工业、交通\\机械制造与重工业", ["industry", "industry.machinery"]),
        ("工业、交通 > 机械", ["industry", "industry.machinery"]),
        ("工业、交通＞其他", ["industry", "industry.other"]),
        ("工业、交通\\没有的", ["industry"]),
        ("没有的\\税收", ["finance", "finance.tax"]),
        ("科技创新、招商引资", ["science", "science.technology", "trade", "trade.foreign"]),
        ("煤炭；税收", ["resources", "resources.coal", "finance", "finance.tax"]),
        ("煤炭产业扶持", ["resources", "resources.coal"]),
        ("货币（含外汇）", ["finance", "finance.currency"]),
        ("TAXATION", ["finance", "finance.tax"]),
        ("Trade, customs and tourism", ["trade"]),
        ("其他", ["other"]),
        ("经济法", ["other"]),
        ("", ["other"]),
        (" ；、\\ ", ["other"]),
    ],
)
def test_a_subject_is_placed(text, codes):
    assert codes_of(text) == codes


@settings(max_examples=40)
@given(st.text(max_size=30))
def test_any_subject_is_somewhere_and_below_its_category(text):
    codes = codes_of(text)
    assert codes
    assert set(codes) <= set(subjects.labels())
    assert {code.partition(".")[0] for code in codes} <= set(codes)


def test_labels_follow_the_language():
    assert FACETS["subject"].label_of("finance.tax") == "税务"
    with translation.override("en"):
        assert FACETS["subject"].label_of("finance.tax") == "Taxation"


def test_the_tree_has_what_there_is_in_the_order_of_the_list():
    choices = [
        Choice("resources.coal", "煤炭", 2, True),
        Choice("finance", "财政、金融、审计", 3),
        Choice("finance.tax", "税务", 1),
        Choice("other", "其他", 4),
    ]
    branches = tree(choices)
    assert [branch.choice.code for branch in branches] == ["finance", "resources", "other"]
    assert [branch.is_open for branch in branches] == [False, True, False]
    assert [choice.code for choice in branches[1].below] == ["resources.coal"]
    # Nothing was counted for the category itself: it stands there for what is chosen below it.
    assert branches[1].choice.count == 0
