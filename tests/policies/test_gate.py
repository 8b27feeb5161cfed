"""The fairness gate as rules: what it refuses, what it warns of, and what cannot fool it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.choices import Review, Validity
from policies.clauses.gate import CHECKS, ClauseFacts, Severity, Word, blocks, check, warnings
from policies.clauses.text import find, fold, phrase_problem
from policies.clauses.words import delivered

pytestmark = pytest.mark.engine_free

TODAY = date(2026, 11, 30)
GOOD = ClauseFacts(
    texts={
        "title": "检测补助",
        "audience": "依法登记的各类企业",
        "offer": "按实际费用的三成给予补助",
        "quote": "对检测费用给予补助。",
    },
    quote_found=True,
    review=Review.PASSED,
    reviewed_on=date(2026, 3, 2),
    reviewed_by="某区市场监督管理局",
    legal_basis="中小企业促进法第八条",
    ends_on=date(2028, 12, 31),
    open_to_all=True,
)


def word(row: dict) -> Word:
    return Word(
        row["phrase"],
        row["rule"],
        row["explanation"],
        Severity(row["severity"]),
        row["place"] == "audience",
        tuple(filter(None, row["harmless_in"].split("\n"))),
        row["unless_lawful"],
    )


WORDS = [word(row) for row in delivered()]


def judged(**changes):
    return check(replace(GOOD, **changes), WORDS, TODAY)


def said(text: str, field: str = "offer", **changes) -> dict[str, Severity]:
    """{word: severity} that the gate finds in a text."""
    problems = judged(texts={**GOOD.texts, field: text}, **changes)
    return {problem.word: problem.severity for problem in problems if problem.word}


def test_the_gate_has_nothing_against_a_clause_with_all_its_evidence():
    assert judged() == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("policy-public", {"policy_public": False}),
        ("policy-in-force", {"policy_validity": Validity.VOID}),
        ("policy-in-force", {"policy_validity": Validity.ABOLISHED}),
        ("policy-in-force", {"policy_until": TODAY - timedelta(days=1)}),
        ("policy-issued", {"policy_validity": Validity.DRAFT}),
        ("audience", {"texts": {**GOOD.texts, "audience": " "}}),
        ("offer", {"texts": {**GOOD.texts, "offer": ""}}),
        ("review", {"review": ""}),
        ("review", {"review": "self-made"}),
        ("review-failed", {"review": Review.FAILED}),
        ("review-day", {"reviewed_on": None}),
        ("review-day", {"reviewed_on": TODAY + timedelta(days=1)}),
        ("review-body", {"reviewed_by": "  "}),
        ("exception-reasons", {"review": Review.EXCEPTION}),
        ("legal-basis", {"legal_basis": "\n"}),
        ("end", {"ends_on": None}),
        ("end-past", {"ends_on": TODAY - timedelta(days=1)}),
        ("open-to-all", {"open_to_all": False}),
        ("period", {"opens_on": date(2027, 2, 1), "closes_on": date(2027, 1, 1)}),
        ("period", {"opens_on": date(2029, 1, 1)}),
        ("cap-unit", {"has_cap": True}),
        ("quote", {"quote_found": False}),
        ("quote-missing", {"texts": {**GOOD.texts, "quote": "\n"}}),
    ],
)
def test_what_is_missing_is_refused_by_its_rule(code, changes):
    (problem,) = judged(**changes)
    assert (problem.code, problem.severity) == (code, Severity.BLOCK)
    assert problem.rule and problem.message and problem.field


def test_every_demand_is_tried_above():
    tried = test_what_is_missing_is_refused_by_its_rule.pytestmark[0].args[1]
    assert {code for code, _changes in tried} == {c.code for c in CHECKS}


def test_the_last_day_still_counts():
    assert judged(ends_on=TODAY, reviewed_on=TODAY, policy_until=TODAY) == []


def test_an_exception_of_article_12_passes_with_reasons_and_an_end():
    assert judged(review=Review.EXCEPTION, review_reasons="促进科学技术进步，三年为限") == []


def test_without_words_nothing_is_published():
    (problem,) = check(GOOD, [], TODAY)
    assert (problem.code, problem.severity) == ("no-words", Severity.BLOCK)


def test_a_sentence_that_can_t_be_compared_is_a_note():
    texts = {**GOOD.texts, "quote": "给予补助。"}
    (problem,) = judged(texts=texts, quote_found=None)
    assert problem.severity == Severity.NOTE
    assert judged(texts=texts, quote_found=True) == []


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("企业缴纳的税款实行税收返还", "税收返还"),
        ("增值税先征后返", "先征后返"),
        ("先征税款、满一年后返给企业", "先征…后返"),
        ("重大项目一事一议", "一事一议"),
        ("零地价供地", "零地价"),
        ("将注册地迁至本区的奖励十万元", "注册地迁"),
        ("须在本区缴纳各项税", "在本区缴纳…税"),
        ("产值纳入本地统计", "纳入本地统计"),
        ("投产满三年不得迁出", "不得迁出"),
        ("由财政兜底", "财政兜底"),
        ("本金无风险", "无风险"),
        ("全国最佳政策", "最佳"),
        ("A guaranteed  return for investors", "guaranteed return"),
        ("Companies that pay tax locally", "pay tax locally"),
    ],
)
def test_forbidden_promises_are_refused_whatever_the_reason(text, phrase):
    assert said(text)[phrase] == Severity.BLOCK


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("前两年免租", "免租"),
        ("确保获批", "确保"),
        ("入驻必赢", "必"),
        ("本区企业优先", "本区企业优先"),
        ("排名全国第一", "第一"),
        ("对疾病有治疗作用", "治疗"),
        ("由指定的银行办理", "指定"),
    ],
)
def test_risky_words_need_a_reason(text, phrase):
    assert said(text) == {phrase: Severity.WARN}


@pytest.mark.parametrize(
    "text",
    ["申请人必须提交材料", "第一条 第一款", "交到指定窗口", "交纳投标保证金", "税收。返还押金"],
)
def test_harmless_words_are_not_mistaken(text):
    assert said(text) == {}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("享受支持不以迁移注册地为条件", "迁移注册地"),
        ("不得以迁移注册地、本地纳税、纳入本地统计作为申报条件", "本地纳税"),
        ("申报时不要求企业迁移注册地", "迁移注册地"),
        ("本区不承诺税收返还。", "税收返还"),
    ],
)
def test_what_the_text_itself_forbids_needs_a_reason_only(text, phrase):
    assert said(text)[phrase] == Severity.WARN


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("不得不以迁移注册地为条件", "迁移注册地"),
        ("不以注册资本为限、在本区纳税的给予奖励", "在本区…纳税"),
        ("不迁移注册地的企业不予奖励", "迁移注册地"),
        ("不得迁移注册地", "迁移注册地"),
        ("不要求投资额的企业享受税收返还", "税收返还"),
        ("不以投资额为条件，给予税收返还", "税收返还"),
        ("不以未纳入统计为条件", "纳入统计"),
        ("不以规模为条件。税收返还", "税收返还"),
    ],
)
def test_a_not_elsewhere_takes_nothing_back(text, phrase):
    assert said(text)[phrase] == Severity.BLOCK


def test_a_certain_enterprise_is_refused_only_where_it_is_said_who_may_have_it():
    assert said("示例科技有限公司", "audience") == {"有限公司": Severity.BLOCK}
    assert said("示例科技有限公司代收材料", "apply_at") == {}


def test_national_level_in_the_name_of_a_qualification_is_a_warning():
    assert said("认定为国家级专精特新“小巨人”的企业") == {"国家级": Severity.WARN}
    assert said("国家级的优惠") == {"国家级": Severity.BLOCK}
    # One harmless place does not cover for another.
    assert said("国家级专精特新企业享受国家级待遇") == {"国家级": Severity.BLOCK}


def test_what_a_law_allows_needs_a_reason_only():
    assert said("增值税即征即退", review=Review.LAWFUL) == {"即征即退": Severity.WARN}
    # Article 9 knows no law that allows it; article 12 does.
    assert said("三年不得迁出", review=Review.LAWFUL)["不得迁出"] == Severity.BLOCK
    exception = {"review": Review.EXCEPTION, "review_reasons": "节能环保，两年为限"}
    assert said("三年不得迁出", **exception)["不得迁出"] == Severity.WARN


def test_translations_conditions_and_sentences_are_looked_through():
    for field in ("translations.en.offer", "conditions.2.quote", "quote", "materials", "title"):
        assert said("税收返还", field)["税收返还"] == Severity.BLOCK
    # A basis is cited by its name.
    assert said("关于先征后返政策的通知", "legal_basis")["先征后返"] == Severity.WARN


HIDING = st.text(
    " \t\n\r\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e*-_·“”（）", max_size=4
)
REFUSED = [w.phrase for w in WORDS if w.severity == Severity.BLOCK and not w.audience_only]
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TRADITIONAL = str.maketrans("税还价证险资厂议迁统计纳级", "稅還價證險資廠議遷統計納級")


@given(st.sampled_from(REFUSED), st.data())
@settings(max_examples=80, deadline=None)
def test_nothing_put_between_characters_hides_a_phrase(phrase, data):
    plain = phrase.replace("…", "若干")
    style = data.draw(
        st.sampled_from(
            [str, lambda t: t.translate(WIDE), lambda t: t.translate(TRADITIONAL), str.upper]
        )
    )
    hidden = "".join(c + data.draw(HIDING) for c in style(plain))
    assert phrase in said(f"本区对此{hidden}。")


@given(
    st.lists(st.sampled_from(WORDS), unique=True), st.sampled_from(WORDS), st.sampled_from(REFUSED)
)
@settings(max_examples=60, deadline=None)
def test_adding_a_word_to_the_list_never_removes_a_problem(words, more, text):
    facts = replace(
        GOOD, texts={**GOOD.texts, "offer": text.replace("…", ""), "audience": "龙头企业"}
    )
    known = dict.fromkeys(words) or {WORDS[0]: None}
    before = check(facts, known, TODAY)
    after = check(facts, [*known, more], TODAY)
    assert set(before) <= set(after)


@given(st.lists(st.sampled_from([w.phrase for w in WORDS]), max_size=4), st.sampled_from(REFUSED))
@settings(max_examples=60, deadline=None)
def test_adding_a_sentence_never_removes_a_problem(sentences, more):
    before = said("。".join(sentences))
    after = said("。".join([*sentences, more]))
    assert set(before) <= set(after)
    assert all(after[w] == before[w] or after[w] == Severity.BLOCK for w in before)


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_any_text_is_read_and_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    find("先征…后返", fold(text + "\ud800\0"))


@given(st.dictionaries(st.sampled_from(["review", "reviewed_by", "legal_basis"]), st.just("")),
       st.booleans(), st.booleans())  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_a_clause_passes_only_with_all_its_evidence(missing, has_end, is_open):
    problems = judged(**missing, ends_on=GOOD.ends_on if has_end else None, open_to_all=is_open)
    assert bool(blocks(problems)) == bool(missing or not has_end or not is_open)
    assert not warnings(problems)


def test_every_delivered_word_can_be_found_and_names_a_rule():
    assert len(WORDS) >= 80
    for each in WORDS:
        assert phrase_problem(each.phrase) == ""
        assert "第" in each.rule or "实施办法" in each.rule, each
        assert each.explanation


def test_a_phrase_of_signs_is_refused():
    assert phrase_problem("——")
    assert phrase_problem("税…")
    assert phrase_problem("…")
