"""Three-valued matching: single conditions by hand, and what must hold for all of them."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.choices import Fact, Operator
from policies.matching.industries import divisions_of, industries, sections
from policies.matching.outcome import match
from policies.matching.places import line_of, place_code, places
from policies.matching.profile import Marks, Profile, Range, age_in_months, age_range
from policies.matching.rules import DatedRule, Rule, judge
from policies.matching.truth import Truth, all_of, any_of, opposite
from policies.matching.verdicts import Offer, Standing, Verdict, assess
from policies.matching.vocabulary import CODED, codes_of

pytestmark = pytest.mark.engine_free
MET, UNKNOWN, NOT_MET = Truth.MET, Truth.UNKNOWN, Truth.NOT_MET
TODAY = date(2026, 3, 1)
NUMBERS = (Fact.AGE, Fact.REVENUE, Fact.RD_SHARE, Fact.STAFF)


def codes(fact, *names, operator="one_of") -> Rule:
    return Rule(fact, operator, frozenset(names))


def numbers(fact, low=None, high=None) -> Rule:
    operator = "at_most" if low is None else "at_least" if high is None else "between"
    ends = (None if end is None else Decimal(end) for end in (low, high))
    return Rule(fact, operator, frozenset(), *ends)


# --- single conditions ------------------------------------------------------------------------

MARKS = Marks(frozenset({"high_tech"}), frozenset({"little_giant", "champion"}))


@pytest.mark.parametrize(
    ("rule", "known", "truth", "attainable"),
    [
        (codes("industry", "C27"), {"industries": {"C27"}}, MET, False),
        (codes("industry", "C"), {"industries": {"C27"}}, MET, False),
        (codes("industry", "C27"), {"industries": {"C"}}, UNKNOWN, False),
        (codes("industry", "I65"), {"industries": {"C"}}, NOT_MET, False),
        (codes("industry", "C27"), {"industries": {"I65", "C27"}}, MET, False),
        (codes("industry", "P83"), {"industries": {"P"}}, MET, False),
        (codes("industry", "C27", operator="none_of"), {"industries": {"C"}}, UNKNOWN, False),
        (codes("industry", "C27"), {}, UNKNOWN, False),
        (codes("size", "small", "micro"), {"sizes": {"small", "micro"}}, MET, False),
        (codes("size", "small"), {"sizes": {"small", "micro"}}, UNKNOWN, False),
        (codes("size", "large"), {"sizes": {"small", "micro"}}, NOT_MET, False),
        (codes("place", "140404"), {"place": "140404-zone"}, MET, False),
        (codes("place", "140404"), {"place": "140400"}, UNKNOWN, False),
        (codes("place", "140404"), {"place": "140403"}, NOT_MET, False),
        (codes("place", "140404", operator="none_of"), {"place": "440300"}, MET, False),
        (codes("place", "CN"), {}, UNKNOWN, False),
        (codes("qualification", "high_tech", "champion"), {"qualifications": MARKS}, MET, False),
        (codes("qualification", "little_giant"), {"qualifications": MARKS}, NOT_MET, True),
        (
            codes("qualification", "little_giant", "tech_sme"),
            {"qualifications": MARKS},
            UNKNOWN,
            False,
        ),
        (
            codes("qualification", "high_tech", operator="none_of"),
            {"qualifications": MARKS},
            NOT_MET,
            False,
        ),
        (
            codes("qualification", "champion", operator="none_of"),
            {"qualifications": MARKS},
            MET,
            False,
        ),
        (numbers("rd_share", low=3), {"rd_share": Range.exactly(3)}, MET, False),
        (numbers("rd_share", low=3), {"rd_share": Range.exactly(Decimal("2.99"))}, NOT_MET, True),
        (numbers("staff", high=300), {"staff": Range.exactly(301)}, NOT_MET, False),
        (numbers("staff", high=300), {"staff": Range.exactly(300)}, MET, False),
        (numbers("revenue", 500, 800), {"revenue": Range.exactly(499)}, NOT_MET, True),
        (numbers("revenue", 500, 800), {"revenue": Range.exactly(801)}, NOT_MET, False),
        (numbers("revenue", 500, 800), {"revenue": Range(Decimal(600), None)}, UNKNOWN, False),
        (numbers("revenue", 500, 800), {}, UNKNOWN, False),
        (numbers("age", high=36), {"age": Range(Decimal(26), Decimal(38))}, UNKNOWN, False),
    ],
)
def test_one_condition(rule, known, truth, attainable):
    facts = {k: frozenset(v) if isinstance(v, set) else v for k, v in known.items()}
    judgement = judge(rule, Profile(**facts))
    assert (judgement.truth, judgement.attainable) == (truth, attainable)


@pytest.mark.parametrize(
    "rule",
    [
        Rule("industry", "one_of"),
        Rule("industry", "at_least", low=Decimal(3)),
        Rule("industry", "one_of", frozenset({"Z99"})),
        Rule("staff", "one_of", frozenset({"3"})),
        Rule("staff", "between", low=Decimal(3)),
        Rule("moon", "one_of", frozenset({"C27"})),
    ],
)
def test_a_condition_that_makes_no_sense_is_never_met(rule):
    full = Profile(industries=frozenset({"C27"}), staff=Range.exactly(3))
    assert judge(rule, full).truth == UNKNOWN
    finding = assess(Offer(1, "nation", rules=(DatedRule(rule),)), full, TODAY)
    assert (finding.verdict, finding.check_words) == (Verdict.POSSIBLE, True)


@pytest.mark.parametrize(
    ("founded", "months", "days"),
    [
        (date(2023, 3, 1), 36, 0),
        (date(2023, 2, 28), 36, 1),
        (date(2025, 8, 31), 6, 1),  # six months later there is no 31st: 28 February
        (date(2026, 2, 28), 0, 1),
        (date(2026, 3, 1), 0, 0),
        (date(2027, 1, 1), 0, 0),
    ],
)
def test_age_in_months(founded, months, days):
    assert age_in_months(founded, TODAY) == months + Decimal(days) / 31


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_who_was_founded_earlier_is_older(one, other):
    first, last = sorted((one, other))
    assert age_in_months(last, TODAY) <= age_in_months(first, TODAY)


# --- words ------------------------------------------------------------------------------------


def test_the_standard_has_twenty_sections_and_ninety_seven_divisions():
    assert len(sections()) == 20
    assert [d.code[1:] for _, divisions in sections() for d in divisions] == [
        f"{n:02}" for n in range(1, 98)
    ]
    assert divisions_of("C") == {f"C{n}" for n in range(13, 44)}
    assert industries()["C27"].zh == "医药制造业"


def test_every_place_lies_in_the_nation_and_is_found_by_its_names():
    assert all(line_of(code)[-1] == "CN" for code in places())
    assert line_of("140404-zone") == ("140404-zone", "140404", "140400", "140000", "CN")
    for name in ("上党区", "长治市上党区", "山西省长治市上党区", "Shangdang District", "140404"):
        assert place_code(name) == "140404"
    assert (place_code("长治"), place_code("全国"), place_code("月球")) == ("140400", "CN", "")


# --- clauses ----------------------------------------------------------------------------------

HIGH_TECH = codes("qualification", "high_tech")


def verdict(profile=Profile(place="140404"), rules=(), **offer):  # noqa: B008 a frozen value
    given = {"level": "district", "place_name": "上党区", **offer}
    return assess(Offer(1, rules=tuple(map(DatedRule, rules)), **given), profile, TODAY)


def test_all_met_applies_and_says_what_it_rests_on():
    finding = verdict(Profile(place="140404", qualifications=MARKS), [HIGH_TECH])
    assert finding.verdict == Verdict.APPLIES
    assert [dated.rule.fact for dated in finding.met] == ["place", "qualification"]


def test_what_stands_against_it_outweighs_what_is_missing():
    rules = [codes("qualification", "champion"), codes("industry", "I65"), numbers("staff", low=3)]
    profile = Profile(place="140404", industries=frozenset({"C27"}), qualifications=MARKS)
    finding = verdict(profile, rules)
    assert finding.verdict == Verdict.NOT
    assert [d.rule.fact for d in finding.barred] == ["industry"]
    assert [d.rule.fact for d in finding.missing] == ["qualification"]
    assert [d.rule.fact for d in finding.asked] == ["staff"]


def test_conditions_in_words_alone_are_for_the_reader_to_check():
    assert verdict(has_words=True).verdict == Verdict.POSSIBLE
    assert verdict(has_words=True).check_words
    assert verdict(has_words=False).verdict == Verdict.APPLIES


@pytest.mark.parametrize(
    ("dates", "standing", "found"),
    [
        ({"opens_on": date(2026, 3, 2)}, Standing.TO_COME, Verdict.APPLIES),
        ({"starts_on": date(2026, 3, 2)}, Standing.TO_COME, Verdict.APPLIES),
        ({"opens_on": TODAY, "closes_on": TODAY}, Standing.OPEN, Verdict.APPLIES),
        ({"closes_on": date(2026, 2, 28)}, Standing.CLOSED, Verdict.NOT),
        ({"ends_on": date(2026, 2, 28)}, Standing.ENDED, Verdict.NOT),
        ({"validity": "draft"}, Standing.DRAFT, Verdict.NOT),
        ({"validity": "abolished"}, Standing.VOID, Verdict.NOT),
    ],
)
def test_whether_one_can_apply_now(dates, standing, found):
    finding = verdict(**dates)
    assert (finding.standing, finding.verdict) == (standing, found)


def test_a_condition_counts_on_its_days_only():
    def on(day, **days):
        offer = Offer(1, "nation", has_words=True, rules=(DatedRule(HIGH_TECH, **days),))
        return assess(offer, Profile(qualifications=MARKS), day)

    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    assert on(date(2026, 1, 1), **days).verdict == Verdict.APPLIES
    assert on(date(2026, 12, 31), **days).verdict == Verdict.APPLIES
    before = on(date(2025, 12, 31), **days)
    # None counts yet, but there are conditions in words: a reader has to look.
    assert (before.verdict, before.check_words, len(before.later)) == (Verdict.POSSIBLE, True, 1)
    assert not on(date(2027, 1, 1), **days).later


def test_a_policy_is_for_its_own_place_unless_a_condition_names_another():
    shenzhen = Profile(place="440300")
    assert verdict(shenzhen).verdict == Verdict.NOT
    assert verdict(shenzhen, [codes("place", "440300")]).verdict == Verdict.APPLIES
    excluding = codes("place", "310000", operator="none_of")
    assert verdict(shenzhen, [excluding]).verdict == Verdict.NOT
    assert verdict(shenzhen, level="nation", place_name="").verdict == Verdict.APPLIES


def test_a_place_nobody_knows_is_never_taken_for_ones_own():
    finding = verdict(level="city", place_name="某市")
    assert (finding.verdict, finding.place_unread) == (Verdict.POSSIBLE, True)


# --- what holds for all -----------------------------------------------------------------------


# Each draws a company of nine facts: fewer of them, so that all together stay quick.
few = settings(max_examples=50, deadline=None)


@st.composite
def rules(draw) -> Rule:
    fact = draw(st.sampled_from(Fact.values))
    if fact in CODED:
        some = st.sampled_from(sorted(codes_of(fact)))
        chosen = draw(st.frozensets(some, min_size=1, max_size=4))
        return Rule(fact, draw(st.sampled_from(["one_of", "none_of"])), chosen)
    low, high = sorted(draw(st.tuples(st.integers(0, 60), st.integers(0, 60))))
    operator = draw(st.sampled_from(["at_least", "at_most", "between"]))
    return Rule(fact, operator, low=Decimal(low), high=Decimal(high))


@st.composite
def known_ranges(draw) -> Range:
    low, high = sorted(draw(st.tuples(st.integers(0, 60), st.integers(0, 60))))
    return Range(
        draw(st.sampled_from([None, Decimal(low)])), draw(st.sampled_from([None, Decimal(high)]))
    )


@st.composite
def marks(draw, fact) -> Marks:
    some = st.frozensets(st.sampled_from(sorted(codes_of(fact))))
    held = draw(some)
    return Marks(held, draw(some) - held)


def subsets(values):
    return st.frozensets(st.sampled_from(sorted(values)), max_size=3)


profiles = st.builds(
    Profile,
    place=st.sampled_from(["", *places()]),
    industries=subsets(industries()),
    sizes=subsets(codes_of("size")),
    age=known_ranges(),
    revenue=known_ranges(),
    rd_share=known_ranges(),
    staff=known_ranges(),
    qualifications=marks("qualification"),
    projects=marks("project"),
)


@st.composite
def learnt(draw, profile: Profile) -> Profile:
    """The same company with more known of it."""

    def range_within(known: Range) -> Range:
        low = max(
            filter(lambda x: x is not None, (known.low, draw(st.none() | st.integers(0, 60)))),
            default=None,
        )
        high = min(
            filter(lambda x: x is not None, (known.high, draw(st.none() | st.integers(0, 60)))),
            default=None,
        )
        return known if low is not None and high is not None and high < low else Range(low, high)

    def more(known: Marks, fact: str) -> Marks:
        fresh = codes_of(fact) - known.held - known.lacking
        held = draw(st.frozensets(st.sampled_from(sorted(fresh)))) if fresh else frozenset()
        rest = fresh - held
        lacking = draw(st.frozensets(st.sampled_from(sorted(rest)))) if rest else frozenset()
        return Marks(known.held | held, known.lacking | lacking)

    below = [code for code in places() if not profile.place or profile.place in line_of(code)]
    industry = frozenset(
        draw(st.sampled_from([code, *sorted(divisions_of(code))])) for code in profile.industries
    )
    sizes = sorted(profile.sizes or codes_of("size"))
    return Profile(
        place=draw(st.sampled_from([profile.place, *below])),
        industries=industry or draw(subsets(industries())),
        sizes=draw(st.frozensets(st.sampled_from(sizes), min_size=1)),
        qualifications=more(profile.qualifications, "qualification"),
        projects=more(profile.projects, "project"),
        **{fact.value: range_within(getattr(profile, fact)) for fact in NUMBERS},
    )


@st.composite
def before_and_after(draw):
    profile = draw(profiles)
    return profile, draw(learnt(profile))


@few
@given(rules(), before_and_after())
def test_what_is_learnt_never_takes_an_answer_back(rule, known):
    before, after = (judge(rule, profile) for profile in known)
    if before.truth != UNKNOWN:
        assert after.truth == before.truth


offers = st.builds(
    lambda **fields: Offer(**fields),  # the dates stay open
    pk=st.just(1),
    level=st.sampled_from(["nation", "province", "city", "district", "park"]),
    place_name=st.sampled_from(["", "上党区", "长治市", "深圳市", "某市"]),
    has_words=st.booleans(),
    group=st.sampled_from(["", "A"]),
    support=st.sampled_from(["grant", "interest"]),
    rules=st.lists(rules().map(DatedRule), max_size=4).map(tuple),
)


@few
@given(offers, before_and_after())
def test_what_applies_goes_on_to_apply_and_what_is_barred_stays_barred(offer, known):
    before, after = (assess(offer, profile, TODAY).verdict for profile in known)
    if before in (Verdict.APPLIES, Verdict.NOT):
        assert after == before
    if before == Verdict.NEARLY:
        assert after in (Verdict.NEARLY, Verdict.NOT)


@few
@given(offers, profiles, st.randoms(use_true_random=False))
def test_the_order_of_conditions_never_matters(offer, profile, random):
    shuffled = offer._replace(rules=tuple(random.sample(offer.rules, len(offer.rules))))
    one, other = assess(offer, profile, TODAY), assess(shuffled, profile, TODAY)
    assert (one.verdict, one.check_words) == (other.verdict, other.check_words)
    for kind in ("met", "asked", "missing", "barred"):
        assert sorted(map(repr, getattr(one, kind))) == sorted(map(repr, getattr(other, kind)))


def verdicts(outcome) -> dict[int, Verdict]:
    pairs = zip(outcome.offers, outcome.verdicts, strict=True)
    return {offer.pk: verdict for offer, verdict in pairs}


@few
@given(st.lists(offers, max_size=6), profiles, st.randoms(use_true_random=False))
def test_the_order_of_clauses_never_matters(found, profile, random):
    found = [offer._replace(pk=number) for number, offer in enumerate(found)]
    one = match(found, profile, TODAY)
    other = match(random.sample(found, len(found)), profile, TODAY)
    assert verdicts(one) == verdicts(other)
    assert one.by_level == other.by_level
    assert one.questions == other.questions
    for offer in found:
        assert set(one.overlapping_with(offer)) == set(other.overlapping_with(offer))
        assert set(one.exclusive_with(offer)) == set(other.exclusive_with(offer))


@few
@given(offers, profiles)
def test_reasons_and_questions_agree_with_the_verdict(offer, profile):
    outcome = match([offer], profile, TODAY)
    finding = outcome.finding(offer)
    assert outcome.verdicts == [finding.verdict]
    asked = {dated.rule.fact for dated in finding.asked}
    assert set(outcome.questions) == (asked if finding.verdict == Verdict.POSSIBLE else set())


@few
@given(st.lists(offers, max_size=6))
def test_of_an_unknown_company_nothing_is_said_for_certain(found):
    outcome = match(found, Profile(), TODAY)
    for finding in map(outcome.finding, outcome.offers):
        assert finding.verdict in (Verdict.POSSIBLE, Verdict.APPLIES)
        # Only a clause of the nation that asks nothing at all applies to everybody.
        if finding.verdict == Verdict.APPLIES:
            assert (finding.offer.level, finding.offer.rules) == ("nation", ())


@few
@given(rules(), profiles)
def test_a_condition_and_its_opposite_are_never_both_met(rule, profile):
    if rule.fact in CODED:
        turned = {"one_of": "none_of", "none_of": "one_of"}[rule.operator]
        other = rule._replace(operator=turned)
        assert judge(other, profile).truth == opposite(judge(rule, profile).truth)
    elif rule.operator == Operator.AT_LEAST:
        below = rule._replace(operator="at_most", high=rule.low - Decimal("0.0001"))
        assert {judge(rule, profile).truth, judge(below, profile).truth} != {MET}


@few
@given(st.lists(st.sampled_from(Truth)))
def test_kleenes_and_is_the_or_of_the_opposites(truths):
    assert all_of(truths) == opposite(any_of(map(opposite, truths)))


def test_every_fact_can_be_known():
    assert {f.name for f in fields(Profile)} == {
        "place", "industries", "sizes", "age", "revenue", "rd_share", "staff",
        "qualifications", "projects",
    }  # fmt: skip


def test_a_year_alone_leaves_the_age_between_two_ends():
    known = age_range(date(2023, 1, 1), date(2023, 12, 31), TODAY)
    assert (int(known.low), int(known.high)) == (26, 38)


# --- clauses beside each other ----------------------------------------------------------------


def beside(*rows) -> list[Offer]:
    """Clauses for the whole nation but of the level named, each (level, support, group, rule)."""
    nation = codes("place", "CN")
    return [
        Offer(pk, level, support=support, group=group, rules=(DatedRule(nation), DatedRule(rule)))
        for pk, (level, support, group, rule) in enumerate(rows)
    ]


def test_clauses_of_a_group_exclude_each_other_unless_out_of_reach():
    rows = beside(
        ("city", "grant", "A", HIGH_TECH),
        ("city", "grant", "A", HIGH_TECH),
        ("city", "grant", "B", HIGH_TECH),
        ("city", "grant", "A", codes("industry", "I65")),
    )
    profile = Profile(place="140404", industries=frozenset({"C27"}), qualifications=MARKS)
    outcome = match(rows, profile, TODAY)
    assert [outcome.exclusive_with(offer) for offer in rows] == [(1,), (0,), (), ()]


def test_the_same_support_for_the_same_reason_from_two_levels_overlaps():
    rows = beside(
        ("city", "grant", "", HIGH_TECH),
        ("district", "grant", "", HIGH_TECH),
        ("district", "interest", "", HIGH_TECH),
        ("province", "grant", "", codes("size", "small")),
    )
    profile = Profile(place="140404", qualifications=MARKS)
    outcome = match(rows, profile, TODAY)
    assert [outcome.overlapping_with(offer) for offer in rows] == [(1,), (0,), (), ()]


def test_nearest_level_first_with_a_count_of_each_and_the_questions_that_decide():
    rows = beside(
        ("nation", "grant", "", numbers("staff", low=3)),
        ("park", "grant", "", HIGH_TECH),
        ("park", "grant", "", codes("size", "small")),
        ("city", "grant", "", numbers("staff", low=9)),
    )
    outcome = match(rows, Profile(place="CN", qualifications=MARKS), TODAY)
    assert [offer.pk for offer in outcome.offers] == [1, 2, 3, 0]
    assert outcome.by_level["park"] == {Verdict.APPLIES: 1, Verdict.POSSIBLE: 1}
    assert outcome.questions == {"staff": 2, "size": 1}
