"""Twenty companies against clauses of the kinds that real measures have, the verdicts written by hand."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.http import QueryDict

from policies.matching.answers import Answers
from policies.matching.outcome import match
from policies.matching.rules import DatedRule, Rule
from policies.matching.verdicts import Offer

pytestmark = pytest.mark.engine_free
DATA = json.loads((Path(__file__).parent / "data" / "profiles.json").read_text())
DAY = date.fromisoformat(DATA["day"])
NAMES = list(DATA["clauses"])


def dated_rule(fact, operator, *values) -> DatedRule:
    values = list(values)
    dates = values.pop() if isinstance(values[-1], dict) else {}
    days = {name: date.fromisoformat(day) for name, day in dates.items()}
    if isinstance(values[0], list):
        return DatedRule(Rule(fact, operator, frozenset(values[0])), **days)
    ends = [Decimal(str(value)) for value in values]
    low = None if operator == "at_most" else ends[0]
    high = None if operator == "at_least" else ends[-1]
    return DatedRule(Rule(fact, operator, low=low, high=high), **days)


def offer(pk: int, clause: dict) -> Offer:
    days = {
        name: date.fromisoformat(clause[name])
        for name in ("opens_on", "closes_on")
        if name in clause
    }
    return Offer(
        pk=pk,
        level=clause["level"],
        place_name=clause["place_name"],
        has_words=clause.get("has_words", False),
        rules=tuple(dated_rule(*rule) for rule in clause["rules"]),
        **days,
    )


OFFERS = [offer(number, DATA["clauses"][name]) for number, name in enumerate(NAMES)]


def test_twenty_profiles_meet_every_clause():
    assert len(DATA["profiles"]) == 20
    assert all(list(profile["expected"]) == NAMES for profile in DATA["profiles"])


@pytest.mark.parametrize("given", DATA["profiles"], ids=lambda given: given["name"])
def test_profile_gets_the_verdicts_written_by_hand(given):
    answers = Answers(QueryDict(given["answers"]))
    assert (answers.ignored, dict(answers.form.errors)) == ([], {})
    outcome = match(OFFERS, answers.profile(DAY), DAY)
    pairs = zip(outcome.offers, outcome.verdicts, strict=True)
    found = {NAMES[offer.pk]: str(verdict) for offer, verdict in pairs}
    assert found == given["expected"]
