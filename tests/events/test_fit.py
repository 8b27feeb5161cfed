"""Why two fit: words that both say, industries they share. Nothing here asks the database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.matchmaking.fit import Profile, common_phrases, fit, says

pytestmark = pytest.mark.engine_free


@pytest.mark.parametrize(
    ("text", "other", "found"),
    [
        ("寻找光伏组件厂家", "我们提供光伏组件和支架", ["光伏组件"]),
        ("光伏产业合作", "光伏组件", ["光伏"]),
        ("尋找太陽能組件", "太阳能组件", ["太阳能组件"]),
        ("希望与企业合作", "提供合作项目，服务企业", []),
        ("a partner for battery recycling", "We recycle batteries", ["battery", "recycling"]),
        ("Looking for a site", "We offer services", []),
        ("", "光伏组件", []),
    ],
)
def test_phrases_are_what_both_say_and_not_what_everybody_says(text, other, found):
    assert common_phrases(text, other) == found


def test_a_fit_says_why():
    investor = Profile("investor", "资金", "光伏组件项目", ("solar", "other"))
    firm = Profile("firm", "光伏组件", "资金", ("solar", "other"))
    found = fit(investor, firm)
    assert (found.gets, found.gives, found.chains) == (["光伏组件"], ["资金"], ["solar"])
    assert found.score > fit(firm, Profile("firm", "光伏组件", "", ("solar",))).score


def test_two_sides_alone_are_no_reason():
    found = fit(Profile("investor", "资金", "药材"), Profile("firm", "光伏组件", "厂房"))
    assert not found
    assert found.score == 0


@pytest.mark.parametrize(
    ("query", "says_it"),
    [
        ("光伏", True),
        ("组件", True),
        ("件", True),
        ("电", False),
        ("组", True),
        ("光伏 batteries", True),
        ("煤", False),
        ("", True),
    ],
)
def test_words_are_found_inside_of_others(query, says_it):
    assert says(["光伏组件", "battery"], query) is says_it


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_common_stands_in_both(text, other):
    from search.analysis import lower, normalise

    for phrase in common_phrases(text, other):
        assert phrase in normalise(text)
        if not phrase.isascii():
            assert lower(phrase) in lower(normalise(other)) or any(c.isascii() for c in phrase)
