"""An outcome as a page shows it. Only the clauses that are seen are read with their texts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from base.visibility import visible
from policies.choices import CapUnit, Fact
from policies.matching.outcome import Outcome
from policies.matching.places import places
from policies.matching.profile import Profile
from policies.matching.rules import DatedRule
from policies.matching.sentences import dated_sentence, number, period
from policies.matching.verdicts import Finding, Standing, Verdict, place_of
from policies.matching.vocabulary import in_chinese
from policies.models import Clause, ClauseTranslation, Condition, PolicyPage

# What a cap is counted in, as it follows the number.
UNITS = {
    CapUnit.YUAN: _("%(n)s yuan"),
    CapUnit.WAN_YUAN: _("%(n)s × 10,000 yuan"),
    CapUnit.PERCENT: _("%(n)s%%"),
    CapUnit.YUAN_YEAR: _("%(n)s yuan a year"),
    CapUnit.YUAN_HEAD: _("%(n)s yuan a person"),
    CapUnit.SQUARE_METRE: _("%(n)s m²"),
}
# Clauses named beside another one, at most.
NAMED = 5


@dataclass(frozen=True)
class Reason:
    """A condition in words; `quote` is its own sentence of the policy, if it has one."""

    text: str
    quote: str = ""
    note: str = ""


@dataclass(frozen=True)
class Named:
    """Another clause, as it is pointed at."""

    title: str
    url: str
    level: str


@dataclass(frozen=True)
class Card:
    """A clause with its verdict, in the reader's language.

    `tone` and `when` tell whether it can be applied for now; `quote` is the sentence of the policy.
    """

    finding: Finding
    clause: Clause
    words: Clause | ClauseTranslation
    policy: PolicyPage
    url: str
    level: str
    place: str
    cap: str
    when: str
    tone: str
    met: list[Reason] = field(default_factory=list)
    asked: list[Reason] = field(default_factory=list)
    missing: list[Reason] = field(default_factory=list)
    barred: list[Reason] = field(default_factory=list)
    later: list[Reason] = field(default_factory=list)
    exclusive: list[Named] = field(default_factory=list)
    overlapping: list[Named] = field(default_factory=list)


def anchor(clause_pk: int) -> str:
    """Where a clause stands on its policy's page."""
    return f"clause-{clause_pk}"


class Cards:
    """Makes cards of findings; reads everything they need in a fixed number of queries.

    Args:
        findings: those that will be shown, of whatever groups.
    """

    def __init__(
        self,
        findings: Iterable[Finding],
        outcome: Outcome,
        profile: Profile,
        today: date,
        request: HttpRequest,
    ):
        self.findings = list(findings)
        self.outcome = outcome
        self.profile = profile
        self.today = today
        self.request = request
        self.language = get_language()
        shown = [finding.offer.pk for finding in self.findings]
        named = {
            pk
            for one in shown
            for others in (outcome.exclusive, outcome.overlapping)
            for pk in others.get(one, ())[:NAMED]
        }
        clauses = Clause.objects.filter(pk__in={*shown, *named})
        self.clauses = {c.pk: c for c in clauses.select_related("policy__locale")}
        self.translations = self._translations()
        self.pages = self._pages()
        self.quotes = self._quotes()

    def _translations(self) -> dict[int, ClauseTranslation]:
        if self.language == settings.LANGUAGE_CODE:
            return {}
        rows = ClauseTranslation.objects.filter(clause__in=self.clauses, language=self.language)
        return {row.clause_id: row for row in rows}

    def _pages(self) -> dict:
        """translation_key → the policy's page in the reader's language, where there is one."""
        if self.language == settings.LANGUAGE_CODE:
            return {}
        keys = {clause.policy.translation_key for clause in self.clauses.values()}
        pages: QuerySet[PolicyPage] = PolicyPage.objects.filter(
            translation_key__in=keys, locale__language_code=self.language
        )
        return {page.translation_key: page for page in visible(pages).select_related("locale")}

    def _quotes(self) -> dict[tuple[int, DatedRule], str]:
        """(clause, what its condition says) → the condition's own sentence of the policy."""
        shown = [finding.offer.pk for finding in self.findings]
        rows = Condition.objects.filter(clause__in=shown).exclude(quote="")
        return {(row.clause_id, row.dated_rule): row.quote for row in rows}

    def of(self, findings: Iterable[Finding]) -> list[Card]:
        """Cards of some of the findings; a clause that went away meanwhile is left out."""
        return [self._card(finding) for finding in findings if finding.offer.pk in self.clauses]

    def _card(self, finding: Finding) -> Card:
        pk = finding.offer.pk
        clause = self.clauses[pk]
        policy = self.pages.get(clause.policy.translation_key, clause.policy)
        return Card(
            finding=finding,
            clause=clause,
            words=self.translations.get(pk, clause),
            policy=policy,
            url=self._url(clause),
            level=policy.get_level_display(),
            place=_place(finding),
            cap=cap_text(clause),
            when=_when(finding),
            tone="force" if finding.standing == Standing.OPEN else "draft",
            met=self._reasons(pk, finding.met),
            asked=self._reasons(pk, finding.asked),
            missing=self._reasons(pk, finding.missing),
            barred=self._reasons(pk, finding.barred),
            later=self._reasons(pk, finding.later),
            exclusive=self._named(self.outcome.exclusive, pk),
            overlapping=self._named(self.outcome.overlapping, pk),
        )

    def _url(self, clause: Clause) -> str:
        policy = self.pages.get(clause.policy.translation_key, clause.policy)
        return f"{policy.get_url(self.request) or ''}#{anchor(clause.pk)}"

    def _reasons(self, pk: int, rules: Iterable[DatedRule]) -> list[Reason]:
        return [
            Reason(dated_sentence(dated), self.quotes.get((pk, dated), ""), self._note(dated))
            for dated in rules
        ]

    def _note(self, dated: DatedRule) -> str:
        """How long a company that is too young has to wait."""
        rule, age = dated.rule, self.profile.age
        if rule.fact != Fact.AGE or rule.low is None or age.high is None or rule.low <= age.high:
            return ""
        months = ceil(rule.low - age.high)
        return ngettext("in %(n)s month", "in %(n)s months", months) % {"n": months}

    def _named(self, others: dict[int, tuple[int, ...]], pk: int) -> list[Named]:
        return [
            Named(
                title=self.translations.get(other, self.clauses[other]).title,
                url=self._url(self.clauses[other]),
                level=self.clauses[other].policy.get_level_display(),
            )
            for other in others.get(pk, ())[:NAMED]
            if other in self.clauses
        ]


def cap_text(clause: Clause) -> str:
    """The most that is given, with its unit; "" when the clause names none."""
    if clause.cap is None:
        return ""
    pattern = UNITS.get(clause.cap_unit)
    return str(pattern) % {"n": number(clause.cap)} if pattern else number(clause.cap)


def _place(finding: Finding) -> str:
    """Whose policy it is: the name in the list of places, or as the policy has it."""
    place = places().get(place_of(finding.offer))
    if place is None:
        return finding.offer.place_name
    return place.zh if in_chinese() else place.en


def _when(finding: Finding) -> str:
    offer = finding.offer
    if finding.standing == Standing.DRAFT:
        return gettext("The policy is a draft for comment")
    if finding.standing == Standing.VOID:
        return gettext("The policy is no longer in force")
    if finding.standing == Standing.ENDED:
        return gettext("Support ended: %(days)s") % {"days": period(None, offer.ends_on)}
    if finding.standing == Standing.CLOSED:
        days = {"days": period(offer.opens_on, offer.closes_on)}
        return gettext("Applications closed: %(days)s") % days
    if finding.standing == Standing.TO_COME:
        begins = max(filter(None, (offer.starts_on, offer.opens_on)))
        return gettext("Not open yet: %(days)s") % {"days": period(begins, offer.closes_on)}
    if offer.opens_on or offer.closes_on:
        days = {"days": period(offer.opens_on, offer.closes_on)}
        return gettext("Open for applications: %(days)s") % days
    if offer.ends_on:
        return gettext("In force: %(days)s") % {"days": period(None, offer.ends_on)}
    return gettext("In force; the text names no period")


GROUP_TITLES = {
    Verdict.APPLIES: _("These apply"),
    Verdict.NEARLY: _("These would apply: what is missing"),
    Verdict.POSSIBLE: _("Possible: a few answers decide"),
    Verdict.NOT: _("These do not apply, and why"),
}
GROUP_NOTES = {
    Verdict.APPLIES: _("By your answers every condition that is entered here is met."),
    Verdict.NEARLY: _(
        "Something is not met yet that a company can reach, or that comes with time."
    ),
    Verdict.POSSIBLE: _("Nothing speaks against it so far, but something is not known."),
    Verdict.NOT: _("Industry, place, size, an upper limit or a closed window stands against it."),
}
