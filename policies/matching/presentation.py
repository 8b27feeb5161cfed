"""An outcome as a page shows it. Only the clauses that are seen are read with their texts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from base.visibility import visible
from policies.choices import Fact
from policies.clauses.display import ShownClause
from policies.clauses.display import shown as shown_clauses
from policies.matching.form import FIELDS_OF
from policies.matching.outcome import Outcome
from policies.matching.places import places
from policies.matching.rules import DatedRule
from policies.matching.sentences import dated_sentence, period
from policies.matching.verdicts import OVER, Finding, Offer, Standing, Verdict, place_of
from policies.matching.vocabulary import in_chinese
from policies.models import Clause, Condition, PolicyPage

ORDER = {fact.value: number for number, fact in enumerate(FIELDS_OF)}
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

    `tone` and `when` tell whether it can be applied for now.
    """

    finding: Finding
    shown: ShownClause
    policy: PolicyPage
    url: str
    level: str
    place: str
    when: str
    tone: str
    met: list[Reason] = field(default_factory=list)
    asked: list[Reason] = field(default_factory=list)
    missing: list[Reason] = field(default_factory=list)
    barred: list[Reason] = field(default_factory=list)
    later: list[Reason] = field(default_factory=list)
    exclusive: list[Named] = field(default_factory=list)
    overlapping: list[Named] = field(default_factory=list)


class Cards:
    """Makes cards of clauses; reads everything they need in a fixed number of queries.

    Args:
        offers: those that will be shown, of whatever groups.
    """

    def __init__(
        self,
        offers: Iterable[Offer],
        outcome: Outcome,
        request: HttpRequest,
    ):
        self.findings = {offer.pk: outcome.finding(offer) for offer in offers}
        self.outcome = outcome
        self.profile = outcome.profile
        self.request = request
        self.language = get_language()
        beside = (outcome.exclusive_with, outcome.overlapping_with)
        findings = self.findings.values()
        named = {pk for f in findings for others in beside for pk in others(f.offer)[:NAMED]}
        # Asked again: what was changed since the offers were read has not been looked at by anybody.
        clauses = Clause.objects.public().filter(pk__in={*self.findings, *named})
        clauses = clauses.select_related("policy__locale").prefetch_related("translations")
        self.clauses = {one.clause.pk: one for one in shown_clauses(clauses)}
        self.pages = self._pages()
        self.quotes = self._quotes()

    def _pages(self) -> dict:
        """translation_key → the policy's page in the reader's language, where there is one."""
        if self.language == settings.LANGUAGE_CODE:
            return {}
        keys = {one.clause.policy.translation_key for one in self.clauses.values()}
        pages: QuerySet[PolicyPage] = PolicyPage.objects.filter(
            translation_key__in=keys, locale__language_code=self.language
        )
        return {page.translation_key: page for page in visible(pages).select_related("locale")}

    def _quotes(self) -> dict[tuple[int, DatedRule], str]:
        """(clause, what its condition says) → the condition's own sentence of the policy."""
        rows = Condition.objects.filter(clause__in=self.findings).exclude(quote="")
        return {(row.clause_id, row.dated_rule): row.quote for row in rows}

    def of(self, offers: Iterable[Offer]) -> list[Card]:
        """Cards of some of the offers; a clause that went away meanwhile is left out."""
        return [self._card(self.findings[o.pk]) for o in offers if o.pk in self.clauses]

    def _card(self, finding: Finding) -> Card:
        pk = finding.offer.pk
        policy = self._policy(pk)
        over = [Reason(_when(finding))] if finding.standing in OVER else []
        return Card(
            finding=finding,
            shown=self.clauses[pk],
            policy=policy,
            url=self._url(pk),
            level=policy.get_level_display(),
            place=_place(finding),
            when=_when(finding),
            tone="force" if finding.standing == Standing.OPEN else "draft",
            met=self._reasons(pk, finding.met),
            asked=self._reasons(pk, finding.asked),
            missing=self._reasons(pk, finding.missing),
            barred=[*over, *self._reasons(pk, finding.barred)],
            later=self._reasons(pk, finding.later),
            exclusive=self._named(self.outcome.exclusive_with(finding.offer)),
            overlapping=self._named(self.outcome.overlapping_with(finding.offer)),
        )

    def _policy(self, pk: int) -> PolicyPage:
        policy = self.clauses[pk].clause.policy
        return self.pages.get(policy.translation_key, policy)

    def _url(self, pk: int) -> str:
        return f"{self._policy(pk).get_url(self.request) or ''}#{self.clauses[pk].anchor}"

    def _reasons(self, pk: int, rules: Iterable[DatedRule]) -> list[Reason]:
        """In the order of the questions, whatever order the conditions were entered in."""
        return [
            Reason(dated_sentence(dated), self.quotes.get((pk, dated), ""), self._note(dated))
            for dated in sorted(rules, key=lambda dated: ORDER.get(dated.rule.fact, len(ORDER)))
        ]

    def _note(self, dated: DatedRule) -> str:
        """How long a company that is too young has to wait."""
        rule, age = dated.rule, self.profile.age
        if rule.fact != Fact.AGE or rule.low is None or age.high is None or rule.low <= age.high:
            return ""
        months = ceil(rule.low - age.high)
        return ngettext("in %(n)s month", "in %(n)s months", months) % {"n": months}

    def _named(self, others: tuple[int, ...]) -> list[Named]:
        return [
            Named(
                title=self.clauses[other].words.title,
                url=self._url(other),
                level=self._policy(other).get_level_display(),
            )
            for other in others[:NAMED]
            if other in self.clauses
        ]


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
