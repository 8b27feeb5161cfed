"""What all conditions of a clause together say to one company on one day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

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


OVER = (Standing.DRAFT, Standing.VOID, Standing.ENDED, Standing.CLOSED)


@dataclass(frozen=True)
class Offer:
    """A clause as far as matching needs it.

    `has_words`: its conditions stand in words, too. `group`: the mark of those that exclude each
    other, or "". Dates belong to their period; None is an open end.
    """

    pk: int
    level: str
    place_name: str = ""
    support: str = ""
    group: str = ""
    validity: str = Validity.IN_FORCE
    starts_on: date | None = None
    ends_on: date | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    has_words: bool = False
    rules: tuple[DatedRule, ...] = ()


@dataclass(frozen=True)
class Finding:
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


def assess(
    offer: Offer,
    profile: Profile,
    today: date,
    judged: Callable[[Rule, Profile], Judgement] = judge,
) -> Finding:
    """The verdict on one clause. The order of its conditions changes nothing but the order of reasons.

    - not met and not attainable, or nobody can apply any more: NOT;
    - else not met but attainable: NEARLY, whatever else is unknown;
    - else all met, and all that is asked stands in the conditions: APPLIES;
    - else POSSIBLE.
    """
    current = [rule for rule in offer.rules if rule.counts_on(today)]
    place, place_unread = _rule_of_place(offer, current)
    judgements = [(rule, judged(rule.rule, profile)) for rule in (*place, *current)]
    met = tuple(rule for rule, j in judgements if j.truth == Truth.MET)
    asked = tuple(rule for rule, j in judgements if j.truth == Truth.UNKNOWN)
    missing = tuple(r for r, j in judgements if j.truth == Truth.NOT_MET and j.attainable)
    barred = tuple(r for r, j in judgements if j.truth == Truth.NOT_MET and not j.attainable)
    standing = standing_of(offer, today)
    check_words = (offer.has_words and not current) or any(not r.rule.is_sound for r in asked)
    if barred or standing in OVER:
        verdict = Verdict.NOT
    elif missing:
        verdict = Verdict.NEARLY
    elif asked or check_words or place_unread:
        verdict = Verdict.POSSIBLE
    else:
        verdict = Verdict.APPLIES
    return Finding(
        offer=offer,
        verdict=verdict,
        standing=standing,
        met=met,
        asked=asked,
        missing=missing,
        barred=barred,
        later=tuple(r for r in offer.rules if r.starts_on and today < r.starts_on),
        check_words=check_words,
        place_unread=place_unread,
    )


def standing_of(offer: Offer, today: date) -> Standing:
    """A policy that isn't in force supports nobody; a window that has shut neither, whatever is met."""
    if offer.validity == Validity.DRAFT:
        return Standing.DRAFT
    if offer.validity in INVALID:
        return Standing.VOID
    if offer.ends_on and offer.ends_on < today:
        return Standing.ENDED
    if offer.closes_on and offer.closes_on < today:
        return Standing.CLOSED
    begins = max(filter(None, (offer.starts_on, offer.opens_on)), default=None)
    return Standing.TO_COME if begins and today < begins else Standing.OPEN


def place_of(offer: Offer) -> str:
    """The code of the place for which the policy was made; "" when its name isn't in the list."""
    if offer.level == Level.NATION:
        return NATION
    if not offer.place_name.strip():
        # The district's own documents are entered without saying whose district.
        return DISTRICT if offer.level == Level.DISTRICT else ""
    return place_code(offer.place_name)


def _rule_of_place(offer: Offer, current: list[DatedRule]) -> tuple[tuple[DatedRule, ...], bool]:
    """A policy is for its own place unless a condition names others: an enclave lies in another city.

    Returns the rule that says so, and whether the place could not be read.
    """
    for dated in current:
        rule = dated.rule
        if rule.fact == Fact.PLACE and rule.operator == Operator.ONE_OF and rule.is_sound:
            return (), False
    code = place_of(offer)
    if code == NATION:
        return (), False
    return ((_rule_of(code),), False) if code else ((), True)


@cache
def _rule_of(place: str) -> DatedRule:
    return DatedRule(Rule(Fact.PLACE, Operator.ONE_OF, frozenset((place,))))
