"""Suggestions while typing and corrections: each leads to something that anybody may read."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from base.visibility import visible
from search import corrections, state
from search.api import search
from search.completions import suggest
from search.models import Term
from search.results import Question, Suggestion

# One of each kind: engines differ in how they find, not in what is typed.
TYPED = [
    "科创飞地",
    "kechuangfeidi",
    "kcfd",
    "ke chuang",
    "ＫＣＦＤ",
    "长",
    "中小qiye",
    "營商環境",
    "company",
    "Foreign inv",
    "law",
    "2019",
    "R&D",
]
MORE_TYPED = [
    "科创",
    "飞地",
    "kechuang",
    "kcf",
    "KCFD",
    "changzhi",
    "长治",
    "上党",
    "shangdang",
    "sd",
    "zhongxiaoqiye",
    "中小企业",
    "中小",
    "招商",
    "zhaoshang",
    "gongsi",
    "公司法",
    "公",
    "compan",
    "l",
    "patent la",
    "kiln",
    "八义窑",
    "byy",
]


@cache
def public_addresses() -> set[str]:
    """Of the seeded site: for tests that change no page."""
    return {page.get_url() for page in visible(Page.objects.filter(depth__gt=2)).specific()}


def words(found: list[Suggestion]) -> list[str]:
    return [one.text for one in found if one.kind == "word"]


@pytest.mark.parametrize("typed", ["kechuangfeidi", "kcfd", "科创飞", "ke chuang fei di", "KCFD"])
def test_one_finds_the_enclaves_however_it_is_typed(db, typed):
    assert "科创飞地" in [one.text for one in suggest(typed, "zh-hans")]


def test_changzhi(db):
    found = suggest("changzhi", "zh-hans")
    assert any("长治" in one.text for one in found)
    assert words(suggest("zhangzhi", "zh-hans")) == []


def test_titles_of_pages(db):
    found = {one.text: one for one in suggest("公司法", "zh-hans")}
    page = found["中华人民共和国公司法"]
    assert (page.kind, bool(page.url), bool(page.note)) == ("page", True, True)


def test_mixed_and_wide_and_traditional(db):
    assert suggest("營商環境", "zh-hans") == suggest("营商环境", "zh-hans") != []
    assert suggest("ＣＯＭＰＡＮＹ", "en") == suggest("company", "en") != []


@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "typed", [*TYPED, *(pytest.param(one, marks=pytest.mark.engine_free) for one in MORE_TYPED)]
)
def test_every_suggestion_finds_something_public(db, typed, code):
    found = suggest(typed, code)
    assert len(found) <= 8
    assert len({(one.text, one.url) for one in found}) == len(found)
    for one in found:
        assert one.text
        if one.kind == "page":
            assert one.url in public_addresses()
        else:
            assert search(Question(one.text, locale=code, literal=True)).total, one.text


@pytest.mark.engine_free
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 8, 20])
@pytest.mark.parametrize("typed", ["中", "中小", "shang", "law", "co"])
def test_no_more_than_asked_for(db, typed, limit):
    for code in ("zh-hans", "en"):
        assert len(suggest(typed, code, limit)) <= limit


def test_each_language_has_its_own(db):
    for typed in ("company", "公司"):
        for code, prefix in (("zh-hans", "/en/"), ("en", "/")):
            for one in suggest(typed, code):
                if one.kind == "page":
                    assert one.url.startswith("/en/") == (code == "en"), (one, prefix)


@pytest.mark.parametrize(
    "typed", ["", " ", "。", "🏭", "\0", '"', "'", "%", "_", "\\", "*", "\ud800"]
)
def test_nothing_to_suggest(db, typed):
    assert suggest(typed, "zh-hans") == []


def test_an_apostrophe_between_syllables(db):
    assert words(suggest("ke'chuang", "zh-hans")) == words(suggest("kechuang", "zh-hans"))


@given(
    st.text(max_size=12)
    | st.text(st.sampled_from("kcfdzhangshi 科创飞地中小企业'\"*%_"), max_size=12)
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_typed(db, typed):
    assert len(suggest(typed, "zh-hans")) <= 8


# --- Corrections ----------------------------------------------------------------------------


def guessed(typed: str) -> list[str]:
    return [one.query for one in corrections.guesses(typed, state.synonyms(state.current()))]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("中小启业", "中小企业"),
        ("科创非地", "科创飞地"),
        ("kechuangfeidi", "科创飞地"),
        ("kcfd", "科创飞地"),
        ("changzhi", "长治"),
        ("gongsifa", "公司法"),
        ("goverment", "government"),
    ],
)
def test_what_was_meant(db, typed, meant):
    assert meant in guessed(typed)


def test_words_that_exist_are_not_corrected(db):
    for term in Term.objects.order_by("-titles", "text")[:300]:
        if corrections.is_han(term.text):
            assert guessed(term.text) == []
        elif term.text.isascii() and len(term.text) >= 5:
            assert corrections.of_spelling(term.text) == []


@pytest.mark.parametrize("typed", ["policies", "enterprises", "investing", "Companies"])
def test_forms_of_words_that_exist_are_not_misspelled(db, typed):
    assert not search(Question(typed, locale="en")).corrected


def test_one_town_is_not_another(db):
    assert "长治市" not in guessed("长春市")


@given(st.text(max_size=30) | st.text(st.sampled_from("nvlaeioughz '’-"), max_size=80))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_text_has_few_guesses(db, typed):
    found = guessed(typed)
    assert len(found) <= 5
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "typed",
    ["中小启业", "科创非地", "shangdnag", "zhaosang", "政府彩购", "patant", "yinzi", "kcfdx"],
)
def test_every_correction_finds_something(db, typed):
    for code in ("zh-hans", "en"):
        answer = search(Question(typed, locale=code))
        for query in [*answer.did_you_mean, *([answer.shown] if answer.corrected else [])]:
            assert search(Question(query, locale=code)).total, query
