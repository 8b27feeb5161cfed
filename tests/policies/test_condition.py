"""Conditions as an officer enters them: names become codes, what doesn't fit is refused at its field."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.forms import modelform_factory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from policies.choices import Fact
from policies.fields import CodesFormField
from policies.matching.industries import divisions_of
from policies.matching.vocabulary import CODED, codes_of, name_of, read_codes
from policies.models import Condition

pytestmark = pytest.mark.engine_free


def cleaned(**fields) -> Condition:
    condition = Condition(**fields)
    condition.clean()
    return condition


def problems(**fields) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        cleaned(**fields)
    return caught.value.message_dict


@pytest.mark.parametrize(
    ("fact", "written", "codes"),
    [
        ("industry", "C27、软件和信息技术服务业", ["C27", "I65"]),
        ("industry", "酒、饮料和精制茶制造业、农、林、牧、渔业；65", ["C15", "A", "I65"]),
        ("industry", "Farming, Manufacture of liquor, beverages and refined tea", ["A01", "C15"]),
        ("size", "小型企业、micro", ["small", "micro"]),
        ("place", "上党区、山西省长治市", ["140404", "140400"]),
        ("qualification", "高新技术企业，专精特新小巨人企业", ["high_tech", "little_giant"]),
        ("project", "中试、成果转化、技术改造", ["pilot", "upgrade"]),
    ],
)
def test_names_and_codes_become_codes(fact, written, codes):
    assert cleaned(fact=fact, operator="one_of", codes=[written]).codes == codes


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"fact": "industry", "operator": "one_of", "codes": ["C27、月球业"]}, {"codes"}),
        ({"fact": "industry", "operator": "one_of", "codes": []}, {"codes"}),
        ({"fact": "size", "operator": "one_of", "codes": ["C27"]}, {"codes"}),
        ({"fact": "size", "operator": "at_least", "codes": ["small"]}, {"operator"}),
        ({"fact": "size", "operator": "one_of", "codes": ["small"], "low": 3}, {"low"}),
        ({"fact": "staff", "operator": "one_of", "codes": ["3"]}, {"operator"}),
        ({"fact": "staff", "operator": "at_least"}, {"low"}),
        ({"fact": "staff", "operator": "at_least", "low": 3, "high": 5}, {"high"}),
        ({"fact": "staff", "operator": "at_least", "low": 3, "codes": ["C27"]}, {"codes"}),
        ({"fact": "staff", "operator": "at_most", "high": Decimal("2.5")}, {"high"}),
        ({"fact": "staff", "operator": "between", "low": 5, "high": 3}, {"high"}),
        ({"fact": "rd_share", "operator": "at_least", "low": 101}, {"low"}),
        ({"fact": "revenue", "operator": "at_least", "low": -1}, {"low"}),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(fields, wrong):
    assert set(problems(**fields)) == wrong


def test_what_is_not_in_the_list_is_named_with_an_example():
    (message,) = problems(fact="industry", operator="one_of", codes=["月球业"])["codes"]
    assert "月球业" in message
    assert "A 农、林、牧、渔业" in message


def test_an_end_before_the_beginning_is_refused():
    fields = {"fact": "staff", "operator": "at_least", "low": 3}
    wrong = problems(**fields, starts_on="2026-02-01", ends_on="2026-01-01")
    assert set(wrong) == {"ends_on"}


def test_the_form_takes_text_and_shows_names_again():
    form_class = modelform_factory(Condition, fields=["fact", "operator", "codes", "low", "high"])
    form = form_class({"fact": "industry", "operator": "one_of", "codes": "27、医药制造业、C"})
    assert form.is_valid(), form.errors
    assert form.instance.codes == ["C27", "C"]
    assert 'value="医药制造业、制造业"' in str(form_class(instance=form.instance)["codes"])
    assert not form_class({"fact": "staff", "operator": "at_least", "low": "x"}).is_valid()
    field = form_class.base_fields["codes"]
    assert isinstance(field, CodesFormField)
    assert not field.has_changed(["C27", "C"], "医药制造业、制造业")
    too_long = form_class({"fact": "industry", "operator": "one_of", "codes": "业" * 2001})
    assert list(too_long.errors) == ["codes"]


def covered(codes) -> set[str]:
    return {division for code in codes for division in divisions_of(code) or {code}}


@given(st.sampled_from(CODED), st.data())
def test_every_name_is_read_as_its_own_code(fact, data):
    chosen = data.draw(st.lists(st.sampled_from(sorted(codes_of(fact))), max_size=4, unique=True))
    for language in ("zh-hans", "en"):
        with translation.override(language):
            names = "、".join(name_of(fact, code) for code in chosen)
        found, unread = read_codes(fact, [names])
        assert unread == []
        # 教育 is a section and its only division, and read as the division: what they cover counts.
        assert covered(found) == covered(chosen)


@given(st.text(max_size=200))
def test_any_text_is_read_or_named_as_unread(text):
    for fact in CODED:
        found, unread = read_codes(fact, [text])
        assert set(found) <= codes_of(fact)
        assert all(part.strip() for part in unread)


@pytest.mark.parametrize(
    ("fields", "chinese", "english"),
    [
        (
            {"fact": "industry", "operator": "one_of", "codes": ["I65", "C27"]},
            "所属行业：C27 医药制造业或I65 软件和信息技术服务业",
            "Industry: C27 Manufacture of medicines or I65 Software and information technology services",
        ),
        (
            {"fact": "rd_share", "operator": "at_least", "low": Decimal("3.0000")},
            "研发费用占营业收入比例不低于 3%",
            "R&D expenditure at least 3% of revenue",
        ),
        (
            {"fact": "age", "operator": "at_most", "high": Decimal(36)},
            "成立不超过 3 年",
            "Founded no more than 3 years ago",
        ),
        (
            {"fact": "revenue", "operator": "between", "low": Decimal(500), "high": Decimal(40000)},
            "上年度营业收入 500–40,000 万元",
            "Revenue of last year 500–40,000 × 10,000 yuan",
        ),
        (
            {"fact": "place", "operator": "none_of", "codes": ["140404"]},
            "所在地不在：上党区",
            "Place: not in Shangdang District",
        ),
        (
            {"fact": "staff", "operator": "one_of"},
            "本站录入不完整的条件",
            "A condition that is entered incompletely here",
        ),
    ],
)
def test_a_condition_in_words(fields, chinese, english):
    condition = Condition(**fields)
    assert condition.sentence == chinese
    with translation.override("en"):
        assert condition.sentence == english


def test_no_code_belongs_to_two_lists():
    codes = [code for fact in CODED for code in codes_of(fact)]
    assert len(codes) == len(set(codes))


def test_every_fact_and_comparison_has_a_sentence():
    for fact in Fact.values:
        coded = fact in CODED
        for operator in ("one_of", "none_of") if coded else ("at_least", "at_most", "between"):
            condition = Condition(
                fact=fact,
                operator=operator,
                codes=sorted(codes_of(fact))[:1],
                low=None if coded else Decimal(1),
                high=None if coded else Decimal(2),
            )
            assert "不完整" not in condition.sentence
