"""What all conditions of a clause together say to one company on one day."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from policies.choices import INVALID, Fact, Level, Operator, Validity
from policies.matching.places import DISTRICT, NATION, place_code
from policies.matching.profile import Profile
from policies.matching.rules import DatedRule, Judgement, Rule, judge
from policies.matching.truth import Truth


class Verdict(StrEnum):
    APPLIES = "applies"
    NEARLY = "nearly"
    POSSIBLE = "possible"
    NOT = "not"


class Standing(StrEnum):
    """Whether a clause can be applied for on a day. The first four are no answer to that: it can't."""

    DRAFT = "draft"
    VOID = "void"
    ENDED = "ended"
    CLOSED = "closed"
    TO_COME = "to_come"
    OPEN = "open"


# Plain names: clauses are judged by the thousand, and members of an enumeration are slow to look up.
MET, UNKNOWN = Truth.MET, Truth.UNKNOWN
PLACE, ONE_OF, DRAFT = Fact.PLACE.value, Operator.ONE_OF.value, Validity.DRAFT.value
VOID = frozenset(validity.value for validity in INVALID)
# A bit for each fact that can be asked for.
ASKED = {fact.value: 1 << number for number, fact in enumerate(Fact)}
OVER = (Standing.DRAFT, Standing.VOID, Standing.ENDED, Standing.CLOSED)


class Offer(NamedTuple):
    """A clause as far as matching needs it.

    `has_words`: its conditions stand in words, too. `group`: the mark of those that exclude each
    other, or "". Dates belong to their period; None is an open end.
    """

    pk: int
    level: str
    place_name: str = ""
    support: str = ""
    group: str = ""
    validity: str = Validity.IN_FORCE.value
    starts_on: date | None = None
    ends_on: date | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    has_words: bool = False
    rules: tuple[DatedRule, ...] = ()


class Finding(NamedTuple):
    """What is to be told of one clause, and why.

    met, asked, missing, barred   conditions that are met, not known yet, not met but attainable, not met
    later                         conditions that will count from a later day on
    check_words                   conditions stand in words that no data say: only a reader can judge
    place_unread                  the policy names a place that the list of places doesn't have
    """

    offer: Offer
    verdict: Verdict
    standing: Standing
    met: tuple[DatedRule, ...] = ()
    asked: tuple[DatedRule, ...] = ()
    missing: tuple[DatedRule, ...] = ()
    barred: tuple[DatedRule, ...] = ()
    later: tuple[DatedRule, ...] = ()
    check_words: bool = False
    place_unread: bool = False


def decide(
    offer: Offer,
    profile: Profile,
    today: date,
    judged: Callable[[Rule, Profile], Judgement] = judge,
) -> tuple[Verdict, int]:
    """The verdict on one clause, and the facts that it waits for as bits of `ASKED`.

    - not met and not attainable, or nobody can apply any more: NOT;
    - else not met but attainable: NEARLY, whatever else is unknown;
    - else all met, and all that is asked stands in the conditions: APPLIES;
    - else POSSIBLE.
    """
    rules, counting, place_unread = _current(offer, today)
    barred = missing = unsound = False
    asked = 0
    for dated in rules:
        truth, attainable, sound = judged(dated.rule, profile)
        if truth is MET:
            continue
        if truth is UNKNOWN:
            unsound |= not sound
            asked |= ASKED[dated.rule.fact] if sound else 0
        elif attainable:
            missing = True
        else:
            barred = True
    if barred or standing_of(offer, today) in OVER:
        return Verdict.NOT, asked
    if missing:
        return Verdict.NEARLY, asked
    if asked or unsound or place_unread or (offer.has_words and not counting):
        return Verdict.POSSIBLE, asked
    return Verdict.APPLIES, asked


def assess(
    offer: Offer,
    profile: Profile,
    today: date,
    judged: Callable[[Rule, Profile], Judgement] = judge,
) -> Finding:
    """The verdict with its reasons. The order of the conditions changes only the order of reasons."""
    rules, counting, place_unread = _current(offer, today)
    met, asked, missing, barred = [], [], [], []
    unsound = False
    for dated in rules:
        truth, attainable, sound = judged(dated.rule, profile)
        unsound |= not sound
        if truth is MET:
            met.append(dated)
        elif truth is UNKNOWN:
            asked.append(dated)
        else:
            (missing if attainable else barred).append(dated)
    return Finding(
        offer=offer,
        verdict=decide(offer, profile, today, judged)[0],
        standing=standing_of(offer, today),
        met=tuple(met),
        asked=tuple(asked),
        missing=tuple(missing),
        barred=tuple(barred),
        later=tuple(d for d in offer.rules if d.starts_on and today < d.starts_on),
        check_words=unsound or (offer.has_words and not counting),
        place_unread=place_unread,
    )


def _current(offer: Offer, today: date) -> tuple[list[DatedRule], bool, bool]:
    """(the conditions of that day, whether the clause itself has any, whether its place is unread).

    A policy is for its own place unless a condition names others: an enclave lies elsewhere.
    """
    rules = [dated for dated in offer.rules if dated.counts_on(today)]
    counting = bool(rules)
    for dated in rules:
        rule = dated.rule
        if rule.fact == PLACE and rule.operator == ONE_OF and rule.is_sound:
            return rules, counting, False
    place = place_of(offer)
    if place and place != NATION:
        rules.insert(0, _rule_of(place))
    return rules, counting, place == ""


def standing_of(offer: Offer, today: date) -> Standing:
    """A policy that isn't in force supports nobody; a window that has shut neither, whatever is met."""
    if offer.validity == DRAFT:
        return Standing.DRAFT
    if offer.validity in VOID:
        return Standing.VOID
    if offer.ends_on and offer.ends_on < today:
        return Standing.ENDED
    if offer.closes_on and offer.closes_on < today:
        return Standing.CLOSED
    to_come = any(day and today < day for day in (offer.starts_on, offer.opens_on))
    return Standing.TO_COME if to_come else Standing.OPEN


def place_of(offer: Offer) -> str:
    """The code of the place for which the policy was made; "" when its name isn't in the list."""
    return _place_of(offer.level, offer.place_name)


@lru_cache(1024)
def _place_of(level: str, name: str) -> str:
    if level == Level.NATION:
        return NATION
    if not name.strip():
        # The district's own documents are entered without saying whose district.
        return DISTRICT if level == Level.DISTRICT else ""
    return place_code(name)


@cache
def _rule_of(place: str) -> DatedRule:
    return DatedRule(Rule(Fact.PLACE, Operator.ONE_OF, frozenset((place,))))
