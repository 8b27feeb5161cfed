"""The answer to a visitor: every clause in its group, counted by level, with what excludes what."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from policies.choices import Fact, Level, Operator
from policies.matching.places import line_of, places
from policies.matching.profile import Profile
from policies.matching.rules import Judgement, Rule, judge
from policies.matching.verdicts import ASKED, Finding, Offer, Verdict, assess, decide

# From what is nearest to the company to what holds everywhere.
NEAREST_FIRST = (Level.PARK, Level.DISTRICT, Level.CITY, Level.PROVINCE, Level.NATION)
RANK = {level.value: number for number, level in enumerate(NEAREST_FIRST)}
# A reason for support that several levels may share: what is supported, not who may have it.
REASONS = (Fact.QUALIFICATION, Fact.PROJECT)
# What somebody could really get, or nearly.
HOPEFUL = (Verdict.APPLIES, Verdict.NEARLY, Verdict.POSSIBLE)


class Outcome:
    """The verdicts on all of `offers` for one company on one day; reasons are made for what is shown."""

    def __init__(self, offers: Iterable[Offer], profile: Profile, today: date):
        self.profile = profile
        self.today = today
        # The nearest level first, in the order of the policies.
        self.offers = sorted(offers, key=lambda offer: RANK.get(offer.level, len(RANK)))
        self._judged: dict[int, Judgement] = {}
        self.verdicts: list[Verdict] = []
        self._asked: list[int] = []
        for offer in self.offers:
            verdict, asked = decide(offer, profile, today, self._judge)
            self.verdicts.append(verdict)
            self._asked.append(asked)

    def _judge(self, rule: Rule, profile: Profile) -> Judgement:
        """Equal conditions are judged once: they are one rule, which lives as long as the offers do."""
        known = self._judged.get(id(rule))
        if known is None:
            known = self._judged[id(rule)] = judge(rule, profile)
        return known

    def finding(self, offer: Offer) -> Finding:
        """The verdict on one of the offers, with its reasons."""
        return assess(offer, self.profile, self.today, self._judge)

    @cached_property
    def groups(self) -> dict[Verdict, list[Offer]]:
        found: dict[Verdict, list[Offer]] = {verdict: [] for verdict in Verdict}
        for offer, verdict in zip(self.offers, self.verdicts, strict=True):
            found[verdict].append(offer)
        return found

    @cached_property
    def by_level(self) -> dict[str, Counter]:
        """level → how many clauses of each verdict; the nearest level first, empty ones left out."""
        counts: dict[str, Counter] = {level.value: Counter() for level in NEAREST_FIRST}
        for offer, verdict in zip(self.offers, self.verdicts, strict=True):
            counts.setdefault(offer.level, Counter())[verdict] += 1
        return {level: count for level, count in counts.items() if count}

    @cached_property
    def questions(self) -> dict[str, int]:
        """fact → how many possible clauses wait for it, the most wanted first."""
        waiting = Counter(
            asked
            for verdict, asked in zip(self.verdicts, self._asked, strict=True)
            if verdict is Verdict.POSSIBLE
        )
        wanted = {
            fact: sum(number for asked, number in waiting.items() if asked & bit)
            for fact, bit in ASKED.items()
        }
        found = sorted(wanted.items(), key=lambda item: (-item[1], item[0]))
        return {fact: number for fact, number in found if number}

    def exclusive_with(self, offer: Offer) -> tuple[int, ...]:
        """The other clauses of its group, of which a company may take only one; by their keys."""
        if offer.group == "" or offer.pk not in self._hopeful:
            return ()
        return tuple(one.pk for one in self._by_group[offer.group] if one.pk != offer.pk)

    def overlapping_with(self, offer: Offer) -> tuple[int, ...]:
        """Clauses of other levels that give the same kind of support for the same reason; by their keys.

        The reason is a qualification or a kind of project that a condition of both names.
        """
        if offer.pk not in self._hopeful:
            return ()
        others = (
            other.pk
            for code in sorted(_reasons(offer))
            for other in self._by_reason[offer.support, code]
            if other.level != offer.level
        )
        return tuple(dict.fromkeys(others))

    @cached_property
    def _hopeful(self) -> dict[int, Offer]:
        return {offer.pk: offer for verdict in HOPEFUL for offer in self.groups[verdict]}

    @cached_property
    def _by_group(self) -> dict[str, list[Offer]]:
        groups: dict[str, list[Offer]] = defaultdict(list)
        for offer in self._hopeful.values():
            groups[offer.group].append(offer)
        return groups

    @cached_property
    def _by_reason(self) -> dict[tuple, list[Offer]]:
        reasons: dict[tuple, list[Offer]] = defaultdict(list)
        for offer in self._hopeful.values():
            for code in _reasons(offer):
                reasons[offer.support, code].append(offer)
        return reasons


def match(offers: Iterable[Offer], profile: Profile, today: date) -> Outcome:
    """All of `offers` against one company on the day `today`."""
    return Outcome(offers, profile, today)


def levels_of(place: str) -> list[tuple[Level, str]]:
    """(level, code) of everything that contains a place, itself first; empty when it isn't known."""
    return [(places()[code].level, code) for code in line_of(place)]


def _reasons(offer: Offer) -> set[tuple[str, str]]:
    return {
        (dated.rule.fact, code)
        for dated in offer.rules
        if dated.rule.fact in REASONS and dated.rule.operator == Operator.ONE_OF
        for code in dated.rule.codes
    }
