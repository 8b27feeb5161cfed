"""The answer to a visitor: every clause in its group, counted by level, with what excludes what."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from policies.choices import Fact, Level, Operator
from policies.matching.places import line_of, places
from policies.matching.profile import Profile
from policies.matching.rules import Judgement, Rule, judge
from policies.matching.verdicts import Finding, Offer, Verdict, assess

# From what is nearest to the company to what holds everywhere.
NEAREST_FIRST = (Level.PARK, Level.DISTRICT, Level.CITY, Level.PROVINCE, Level.NATION)
RANK = {level.value: number for number, level in enumerate(NEAREST_FIRST)}
# A reason for support that several levels may share: what is supported, not who may have it.
REASONS = (Fact.QUALIFICATION, Fact.PROJECT)
# What somebody could really get, or nearly.
HOPEFUL = (Verdict.APPLIES, Verdict.NEARLY, Verdict.POSSIBLE)


@dataclass(frozen=True)
class Outcome:
    """`findings`: all clauses, the nearest level first, in the order of their policies."""

    findings: tuple[Finding, ...]

    @cached_property
    def groups(self) -> dict[Verdict, list[Finding]]:
        found: dict[Verdict, list[Finding]] = {verdict: [] for verdict in Verdict}
        for finding in self.findings:
            found[finding.verdict].append(finding)
        return found

    @cached_property
    def by_level(self) -> dict[str, Counter]:
        """level → how many clauses of each verdict; the nearest level first, empty ones left out."""
        counts: dict[str, Counter] = {level.value: Counter() for level in NEAREST_FIRST}
        for finding in self.findings:
            counts.setdefault(finding.offer.level, Counter())[finding.verdict] += 1
        return {level: count for level, count in counts.items() if count}

    @cached_property
    def questions(self) -> dict[str, int]:
        """fact → how many possible clauses wait for it, the most wanted first."""
        wanted = Counter(
            fact
            for finding in self.groups[Verdict.POSSIBLE]
            for fact in {rule.rule.fact for rule in finding.asked if rule.rule.is_sound}
        )
        return dict(sorted(wanted.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def exclusive(self) -> dict[int, tuple[int, ...]]:
        """clause → the clauses of its group, itself left out, of which a company may take only one."""
        groups: dict[str, list[int]] = defaultdict(list)
        for finding in self._hopeful:
            if finding.offer.group:
                groups[finding.offer.group].append(finding.offer.pk)
        return _others(groups.values())

    @cached_property
    def overlapping(self) -> dict[int, tuple[int, ...]]:
        """clause → clauses of other levels that give the same kind of support for the same reason.

        The reason is a qualification or a kind of project that a condition of both names.
        """
        by_reason: dict[tuple, list[Finding]] = defaultdict(list)
        for finding in self._hopeful:
            for code in _reasons(finding.offer):
                by_reason[finding.offer.support, code].append(finding)
        found: dict[int, set[int]] = defaultdict(set)
        for findings in by_reason.values():
            if len({finding.offer.level for finding in findings}) > 1:
                for one in findings:
                    found[one.offer.pk] |= {
                        f.offer.pk for f in findings if f.offer.level != one.offer.level
                    }
        return {pk: tuple(sorted(others)) for pk, others in found.items()}

    @property
    def _hopeful(self) -> Iterable[Finding]:
        return (finding for finding in self.findings if finding.verdict in HOPEFUL)


def match(offers: Iterable[Offer], profile: Profile, today: date) -> Outcome:
    """All of `offers` against one company on the day `today`. Equal conditions are judged once."""
    judged: dict[int, Judgement] = {}

    def remembered(rule: Rule, profile: Profile) -> Judgement:
        # The rules live as long as the offers do, so their addresses are good keys meanwhile.
        known = judged.get(id(rule))
        if known is None:
            known = judged[id(rule)] = judge(rule, profile)
        return known

    findings = [assess(offer, profile, today, remembered) for offer in offers]
    findings.sort(key=lambda finding: RANK.get(finding.offer.level, len(RANK)))
    return Outcome(tuple(findings))


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


def _others(groups: Iterable[list[int]]) -> dict[int, tuple[int, ...]]:
    return {
        pk: tuple(other for other in group if other != pk)
        for group in groups
        if len(group) > 1
        for pk in group
    }
