"""One condition against one company: met, not met or unknown, and whether the company could change it.

Adding a fact never takes an answer back: what is met or not met stays so, whatever is learnt.
"""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from policies.choices import Fact, Operator
from policies.matching.industries import divisions_of
from policies.matching.places import contains
from policies.matching.profile import Marks, Profile, Range
from policies.matching.truth import Truth, any_of, of_overlap, opposite
from policies.matching.vocabulary import CODED, codes_of

# Plain texts: rules are judged by the thousand, and members of an enumeration are slow to look up.
ONE_OF, NONE_OF = Operator.ONE_OF.value, Operator.NONE_OF.value
AT_LEAST, AT_MOST, BETWEEN = Operator.AT_LEAST.value, Operator.AT_MOST.value, Operator.BETWEEN.value
CODED_FACTS = frozenset(fact.value for fact in CODED)
NUMBERS = frozenset(Fact.values) - CODED_FACTS
# What a company may come to have; where it is, what it does and how old it is stay as they are.
ATTAINABLE = frozenset({Fact.QUALIFICATION.value, Fact.PROJECT.value})


class Rule(NamedTuple):
    """A condition as data. Codes for `one_of` and `none_of`, ends for numbers; both ends belong."""

    fact: str
    operator: str
    codes: frozenset[str] = frozenset()
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def is_sound(self) -> bool:
        """Whether it can be judged at all: what came past the editor's checks may not."""
        if self.fact in CODED_FACTS:
            known = self.operator in (ONE_OF, NONE_OF)
            return known and not self.codes.isdisjoint(codes_of(self.fact))
        if self.fact not in NUMBERS or self.operator not in (AT_LEAST, AT_MOST, BETWEEN):
            return False
        low, high = self.operator != AT_MOST, self.operator != AT_LEAST
        return (self.low is not None or not low) and (self.high is not None or not high)


class DatedRule(NamedTuple):
    """A rule and the days on which it counts (both belong); outside of them it is no condition at all."""

    rule: Rule
    starts_on: date | None = None
    ends_on: date | None = None

    def counts_on(self, day: date) -> bool:
        return not (
            (self.starts_on and day < self.starts_on) or (self.ends_on and self.ends_on < day)
        )


class Judgement(NamedTuple):
    """`attainable`: it is not met, and the company could change that by itself or with time.

    `sound`: the rule can be judged at all.
    """

    truth: Truth
    attainable: bool = False
    sound: bool = True


UNSOUND = Judgement(Truth.UNKNOWN, sound=False)
ATTAINABLE_LATER = Judgement(Truth.NOT_MET, attainable=True)
# One object for each: thousands of equal ones would only keep the collector of garbage busy.
PLAIN = tuple(Judgement(truth) for truth in Truth)


def judge(rule: Rule, profile: Profile) -> Judgement:
    """What can be said of `rule` for a company of which `profile` is known. An unsound rule is unknown."""
    if not rule.is_sound:
        return UNSOUND
    if rule.fact in NUMBERS:
        return _judge_number(rule, getattr(profile, rule.fact))
    among = _CODE_JUDGES[rule.fact](rule.codes, profile)
    if rule.operator == NONE_OF:
        return PLAIN[opposite(among)]
    if among == Truth.NOT_MET and rule.fact in ATTAINABLE:
        return ATTAINABLE_LATER
    return PLAIN[among]


def _judge_number(rule: Rule, known: Range) -> Judgement:
    low = rule.low if rule.operator != AT_MOST else None
    high = rule.high if rule.operator != AT_LEAST else None
    if low is not None and known.high is not None and known.high < low:
        return ATTAINABLE_LATER
    if high is not None and known.low is not None and high < known.low:
        return PLAIN[Truth.NOT_MET]
    surely_above = low is None or (known.low is not None and low <= known.low)
    surely_below = high is None or (known.high is not None and known.high <= high)
    return PLAIN[Truth.MET if surely_above and surely_below else Truth.UNKNOWN]


@cache
def _divisions(codes: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*map(divisions_of, codes))


def _industry(codes: frozenset[str], profile: Profile) -> Truth:
    """Any of its industries is enough; of a section alone the division is not known."""
    if not profile.industries:
        return Truth.UNKNOWN
    wanted = _divisions(codes)
    return any_of(of_overlap(divisions_of(code), wanted) for code in profile.industries)


def _size(codes: frozenset[str], profile: Profile) -> Truth:
    return of_overlap(profile.sizes, codes)


def _place(codes: frozenset[str], profile: Profile) -> Truth:
    """Inside one of the places; of a company in a larger place it is not known where in it."""
    if not profile.place:
        return Truth.UNKNOWN
    if any(contains(code, profile.place) for code in codes):
        return Truth.MET
    if any(contains(profile.place, code) for code in codes):
        return Truth.UNKNOWN
    return Truth.NOT_MET


def _marks(codes: frozenset[str], marks: Marks) -> Truth:
    if codes & marks.held:
        return Truth.MET
    return Truth.NOT_MET if codes <= marks.lacking else Truth.UNKNOWN


_CODE_JUDGES = {
    Fact.INDUSTRY.value: _industry,
    Fact.SIZE.value: _size,
    Fact.PLACE.value: _place,
    Fact.QUALIFICATION.value: lambda codes, profile: _marks(codes, profile.qualifications),
    Fact.PROJECT.value: lambda codes, profile: _marks(codes, profile.projects),
}
