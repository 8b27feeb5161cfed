"""Validity from dates and relations: the rules of policies.record.validity hold whatever is combined."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policies.choices import INVALID, RelationKind, Validity
from policies.record.validity import (
    OUTCOMES,
    WEIGHT,
    Effect,
    Facts,
    coming_sentence,
    contradiction,
    sentence,
    standing,
)

pytestmark = pytest.mark.engine_free
TODAY = date(2026, 6, 15)
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
effects = st.builds(
    Effect,
    kind=st.sampled_from(RelationKind.values),
    on=st.none() | days,
    by=st.sampled_from(["甲条例", "乙办法", ""]),
    part=st.sampled_from(["", "第三条"]),
    key=st.integers(1, 5),
)
facts = st.builds(
    Facts,
    entered=st.sampled_from(Validity.values),
    begins_on=st.none() | days,
    ends_on=st.none() | days,
    effects=st.lists(effects, max_size=6).map(tuple),
)


@given(facts, days, st.randoms())
def test_the_order_of_relations_makes_no_difference(known, today, random):
    shuffled = list(known.effects)
    random.shuffle(shuffled)
    other = Facts(known.entered, known.begins_on, known.ends_on, tuple(shuffled))
    assert standing(other, today) == standing(known, today)
    assert sentence(standing(other, today), other, today) == sentence(
        standing(known, today), known, today
    )


@given(facts, days, st.integers(0, 4000))
def test_once_ended_a_document_is_never_in_force_again(known, today, later):
    if standing(known, today).validity in INVALID:
        assert standing(known, today + timedelta(later)).validity in INVALID


@given(facts, days, st.lists(effects, max_size=4))
def test_what_begins_later_changes_nothing_today(known, today, more):
    coming = [effect for effect in more if effect.on and effect.on > today]
    other = Facts(known.entered, known.begins_on, known.ends_on, (*known.effects, *coming))
    before, after = standing(known, today), standing(other, today)
    assert (after.validity, after.since, after.cause) == (
        before.validity,
        before.since,
        before.cause,
    )


@given(facts, days, effects)
def test_a_further_relation_never_revives(known, today, one):
    other = Facts(known.entered, known.begins_on, known.ends_on, (*known.effects, one))
    before, after = standing(known, today).validity, standing(other, today).validity
    assume(before != Validity.DRAFT)
    assert WEIGHT[after] >= WEIGHT[before]


@given(facts, days)
def test_dates_and_relations_are_never_contradicted(known, today):
    found = standing(known, today)
    if known.entered == Validity.DRAFT:
        assert found.validity == Validity.DRAFT
        return
    assert found.validity != Validity.DRAFT
    holding = [e for e in known.effects if e.kind in OUTCOMES and (not e.on or e.on <= today)]
    over = known.ends_on is not None and known.ends_on < today
    ends = [e for e in holding if OUTCOMES[e.kind] == Validity.ABOLISHED]
    if over or ends:
        assert found.validity in INVALID
    for effect in holding:
        assert WEIGHT[found.validity] >= WEIGHT[OUTCOMES[effect.kind]]
    assert WEIGHT[found.validity] >= WEIGHT[known.entered]


@given(facts, days)
def test_what_was_computed_may_be_entered(known, today):
    found = standing(known, today)
    other = Facts(found.validity, known.begins_on, known.ends_on, known.effects)
    again = standing(other, today)
    assert again.validity == found.validity
    if found.validity not in (Validity.DRAFT, Validity.VOID):
        assert contradiction(other, today) == ""


@given(facts, days)
def test_nothing_changes_until_the_day_that_is_told(known, today):
    found = standing(known, today)
    if found.until is None:
        return
    assert found.until >= today
    last = standing(known, found.until)
    assert (last.validity, last.is_pending, last.cause) == (
        found.validity,
        found.is_pending,
        found.cause,
    )


@given(facts, days)
def test_where_no_day_is_told_nothing_ever_changes(known, today):
    found = standing(known, today)
    if found.until is None:
        for later in (1, 30, 366, 5000):
            then = standing(known, today + timedelta(later))
            assert (then.validity, then.is_pending) == (found.validity, found.is_pending)


@given(facts, days)
def test_every_contradiction_has_a_reason_and_every_sentence_its_words(known, today):
    reason = contradiction(known, today)
    if standing(known, today).validity != known.entered:
        assert reason
    assert "%(" not in reason + coming_sentence(standing(known, today))


def at(entered="in_force", effects=(), begins=None, ends=None):
    known = Facts(entered, begins, ends, tuple(effects))
    found = standing(known, TODAY)
    return found, sentence(found, known, TODAY)


def test_abolished_by_a_document_from_its_day_on():
    day = date(2024, 8, 1)
    found, reason = at(effects=[Effect("abolishes", day, "新条例")])
    assert (found.validity, found.since) == (Validity.ABOLISHED, day)
    assert reason == "自 2024 年 8 月 1 日起被《新条例》废止。"


def test_the_first_end_counts():
    abolished = Effect("replaces", date(2025, 1, 1), "新条例")
    found, reason = at(effects=[abolished], ends=date(2023, 12, 31))
    assert (found.validity, found.since) == (Validity.VOID, date(2024, 1, 1))
    assert reason == "文件有效期至 2023 年 12 月 31 日，已经届满。"
    found, _reason = at(effects=[abolished], ends=date(2024, 12, 31))
    assert found.validity == Validity.ABOLISHED  # replaced the day after its last one
    found, _reason = at(effects=[Effect("abolishes", None, "新条例")], ends=date(2023, 12, 31))
    assert found.validity == Validity.ABOLISHED


def test_the_newest_amendment_is_named():
    amended = [Effect("amends", date(year, 1, 1), f"{year}年决定") for year in (2024, 2021)]
    found, reason = at(effects=amended)
    assert found.validity == Validity.AMENDED
    assert "2024年决定" in reason


def test_parts_are_named():
    found, reason = at(effects=[Effect("abolishes_part", None, "", "第三条")])
    assert found.validity == Validity.PARTLY_VOID
    assert reason == "部分内容已经废止。涉及条款：第三条。"


def test_what_comes_is_told():
    found, _reason = at(effects=[Effect("abolishes", date(2027, 1, 1), "新条例")])
    assert (found.validity, found.until) == (Validity.IN_FORCE, date(2026, 12, 31))
    assert coming_sentence(found) == "自 2027 年 1 月 1 日起将被《新条例》废止。"


def test_not_yet_in_force():
    found, reason = at(begins=date(2026, 9, 1))
    assert found.is_pending
    assert found.is_valid
    assert found.until == date(2026, 8, 31)
    assert reason == "自 2026 年 9 月 1 日起施行。"


def test_what_is_changed_before_it_begins_has_still_to_begin():
    found, reason = at(begins=date(2026, 9, 1), effects=[Effect("amends", None, "决定")])
    assert (found.validity, found.begins_on) == (Validity.AMENDED, date(2026, 9, 1))
    assert reason == "自 2026 年 9 月 1 日起施行。已被《决定》修改。"


def test_an_entry_that_says_more_counts():
    for entered in ("void", "abolished", "partly_void", "amended"):
        assert at(entered)[0].validity == entered
    assert at("amended", [Effect("abolishes", None)])[0].validity == Validity.ABOLISHED
    assert at("void", [Effect("abolishes", None)])[0].validity == Validity.ABOLISHED


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (Facts("in_force", ends_on=date(2025, 1, 1)), "有效期至 2025 年 1 月 1 日，已经届满"),
        (Facts("in_force", effects=(Effect("abolishes", None, "新条例"),)), "《新条例》"),
        (Facts("void", ends_on=date(2027, 1, 1)), "在此之前不是“失效”"),
        (Facts("draft", begins_on=date(2024, 1, 1)), "征求意见稿尚未生效"),
        (Facts("draft", begins_on=date(2027, 1, 1)), ""),
        (Facts("abolished", ends_on=date(2027, 1, 1)), ""),
        (Facts("in_force"), ""),
    ],
)
def test_a_contradictory_entry_has_its_reason(known, words):
    reason = contradiction(known, TODAY)
    assert (words in reason) if words else reason == ""
