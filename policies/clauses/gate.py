"""The fairness gate (公平竞争审查): what keeps a clause of support from being published.

It knows facts and words only, no database: `policies.clauses.facts` reads them. A refusal can't be
overridden, a warning needs a publisher's reason, a note is for the publisher to read. Where nothing
can be said, because the word list is empty, nothing is published. Decision 0012 says why.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from policies.choices import INVALID, Review, Validity
from policies.clauses.text import find, fold, may_stand


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True)
class Problem:
    """One thing that the gate found. `word` is the phrase of the list that stands in `field`."""

    code: str
    field: str
    rule: str
    message: str
    severity: Severity
    word: str = ""


@dataclass(frozen=True)
class Word:
    """A phrase of the word list (`policies.models.GateWord`)."""

    phrase: str
    rule: str
    explanation: str = ""
    severity: Severity = Severity.WARN
    audience_only: bool = False
    harmless_in: tuple[str, ...] = ()
    unless_lawful: bool = False


@dataclass(frozen=True)
class ClauseFacts:
    """A clause as the gate looks at it.

    `texts` are all words that a reader will see, by the name of their field; those of a translation
    or a condition as "translations.en.offer" and "conditions.quote". `quote_found` says whether the
    sentence stands in the policy's text word for word; None where this site has not the whole text.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    policy_public: bool = True
    policy_validity: str = Validity.IN_FORCE
    policy_until: date | None = None
    review: str = ""
    reviewed_on: date | None = None
    reviewed_by: str = ""
    review_reasons: str = ""
    legal_basis: str = ""
    ends_on: date | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    open_to_all: bool = False
    has_cap: bool = False
    cap_unit: str = ""
    quote_found: bool | None = None

    def lacks(self, name: str) -> bool:
        return not self.texts.get(name, "").strip()


@dataclass(frozen=True)
class Check:
    """A demand that no reason can take the place of.

    `broken(facts, today)` tells whether the clause fails it; `demand` is the line of the checklist.
    """

    code: str
    field: str
    rule: Promise
    demand: Promise
    message: Promise
    broken: Callable[[ClauseFacts, date], bool]


SITE_RULE = _("Rule of this site")
ARTICLE_10 = _("Regulations on Fair Competition Review (公平竞争审查条例), article 10")
ARTICLE_12 = _("Regulations on Fair Competition Review (公平竞争审查条例), article 12")
ARTICLE_13 = _("Regulations on Fair Competition Review (公平竞争审查条例), articles 13 and 14")
ARTICLE_17 = _("Regulations on Fair Competition Review (公平竞争审查条例), article 17")
ARTICLE_18 = _("Regulations on Fair Competition Review (公平竞争审查条例), article 18")
MEASURES = _("Measures for Implementing the Regulations (公平竞争审查条例实施办法)")

CHECKS = (
    Check(
        "policy-public", "policy", SITE_RULE,
        _("The policy’s page can be read by everybody"),
        _("The page of the policy is not public; publish it first."),
        lambda facts, today: not facts.policy_public,
    ),
    Check(
        "policy-in-force", "policy", SITE_RULE,
        _("The policy holds"),
        _("The policy is void, abolished or has ended: nothing can be promised by it."),
        lambda facts, today: facts.policy_validity in INVALID
        or bool(facts.policy_until and facts.policy_until < today),
    ),
    Check(
        "policy-issued", "policy", SITE_RULE,
        _("The policy has been issued"),
        _("The policy is a draft for comment: it promises nothing yet."),
        lambda facts, today: facts.policy_validity == Validity.DRAFT,
    ),
    Check(
        "audience", "audience", MEASURES,
        _("It says who it is for"),
        _("Say who the clause is for."),
        lambda facts, today: facts.lacks("audience"),
    ),
    Check(
        "offer", "offer", SITE_RULE,
        _("It says what is given"),
        _("Say what is given."),
        lambda facts, today: facts.lacks("offer"),
    ),
    Check(
        "review", "review", ARTICLE_18,
        _("A fairness review has been held"),
        _("The conclusion of the fairness review is missing; without a review nothing may be issued."),
        lambda facts, today: facts.review not in Review.values,
    ),
    Check(
        "review-failed", "review", ARTICLE_18,
        _("The clause has passed the review"),
        _("The clause has not passed the fairness review and may not be issued."),
        lambda facts, today: facts.review == Review.FAILED,
    ),
    Check(
        "review-day", "reviewed_on", ARTICLE_17,
        _("The day of the review is given and past"),
        _("Give the day of the fairness review; it can’t lie in the future."),
        lambda facts, today: facts.reviewed_on is None or facts.reviewed_on > today,
    ),
    Check(
        "review-body", "reviewed_by", ARTICLE_13,
        _("The body that reviewed it is named"),
        _("Name the body that held the fairness review."),
        lambda facts, today: not facts.reviewed_by.strip(),
    ),
    Check(
        "exception-reasons", "review_reasons", ARTICLE_17,
        _("An exception of article 12 states its reasons"),
        _("An exception of article 12 needs its reasons in the review’s conclusion."),
        lambda facts, today: facts.review == Review.EXCEPTION and not facts.review_reasons.strip(),
    ),
    Check(
        "legal-basis", "legal_basis", ARTICLE_10,
        _("The legal basis is given"),
        _("The legal basis is missing."),
        lambda facts, today: not facts.legal_basis.strip(),
    ),
    Check(
        "end", "ends_on", ARTICLE_12,
        _("The day on which the support ends is given"),
        _("The day on which the support ends is missing."),
        lambda facts, today: facts.ends_on is None,
    ),
    Check(
        "end-past", "ends_on", ARTICLE_12,
        _("The support has not ended"),
        _("The support has ended already."),
        lambda facts, today: facts.ends_on is not None and facts.ends_on < today,
    ),
    Check(
        "open-to-all", "open_to_all", ARTICLE_10,
        _("Everyone who meets the conditions may have it"),
        _("Support for certain enterprises may not be published: the conditions must be open to all."),
        lambda facts, today: not facts.open_to_all,
    ),
    Check(
        "period", "closes_on", SITE_RULE,
        _("The dates are in order"),
        _("The dates are not in order: applications open, close, then the support ends."),
        lambda facts, today: not _in_order(facts.opens_on, facts.closes_on)
        or not _in_order(facts.opens_on, facts.ends_on),
    ),
    Check(
        "cap-unit", "cap_unit", SITE_RULE,
        _("An amount has its unit"),
        _("The amount has no unit."),
        lambda facts, today: facts.has_cap and not facts.cap_unit,
    ),
    Check(
        "quote-missing", "quote", SITE_RULE,
        _("It quotes the sentence of the policy that it rests on"),
        _("Quote the sentence of the policy that the clause rests on: readers are shown it as the reason."),
        lambda facts, today: facts.lacks("quote"),
    ),
    Check(
        "quote", "quote", SITE_RULE,
        _("The sentence quoted stands in the policy"),
        _("The sentence does not stand in the text of the policy word for word."),
        lambda facts, today: facts.quote_found is False,
    ),
)  # fmt: skip

# Where the words say who may have it.
AUDIENCE = ("audience", "requirements", "title", "quote")
# Where the names of other documents and of their measures are given.
CITING = ("legal_basis",)


def check(facts: ClauseFacts, words: Iterable[Word], today: date) -> list[Problem]:
    """All that stands against publishing the clause on `today`: refusals first, in the form's order."""
    words = list(words)
    problems = [
        Problem(c.code, c.field, str(c.rule), str(c.message), Severity.BLOCK)
        for c in CHECKS
        if c.broken(facts, today)
    ]
    if not words:
        message = gettext("The word list is empty, so no text can be judged.")
        problems.append(Problem("no-words", "", str(SITE_RULE), message, Severity.BLOCK))
    problems += _words(facts, words)
    if facts.quote_found is None and not facts.lacks("quote"):
        message = gettext(
            "This site has not the whole text of the policy: compare the sentence with the original."
        )
        problems.append(Problem("quote-unseen", "quote", str(SITE_RULE), message, Severity.NOTE))
    order = list(Severity)
    return sorted(problems, key=lambda problem: order.index(problem.severity))


def blocks(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == Severity.BLOCK]


def warnings(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == Severity.WARN]


def _words(facts: ClauseFacts, words: list[Word]) -> list[Problem]:
    folded = {name: fold(text) for name, text in facts.texts.items() if text.strip()}
    # Most words stand nowhere: one look at everything spares a look at each text.
    everything = "。".join(folded.values())
    found = []
    for word in words:
        if not may_stand(word.phrase, everything):
            continue
        for name, text in folded.items():
            if word.audience_only and name.rpartition(".")[2] not in AUDIENCE:
                continue
            stands, harmless = find(word.phrase, text, word.harmless_in)
            severity = _severity(word, facts.review, mild=harmless or name in CITING)
            if stands and severity:
                found.append(
                    Problem("word", name, word.rule, word.explanation, severity, word.phrase)
                )
    return found


def _severity(word: Word, review: str, mild: bool) -> Severity | None:
    """How a word counts here; None where it means nothing."""
    if word.severity != Severity.BLOCK:
        return None if mild else Severity.WARN
    # 条例第十条: 没有法律、行政法规依据或者未经国务院批准，不得…; 第十二条: 可以出台.
    allowed = review == Review.EXCEPTION or (word.unless_lawful and review == Review.LAWFUL)
    return Severity.WARN if mild or allowed else Severity.BLOCK


def _in_order(first: date | None, last: date | None) -> bool:
    return not (first and last) or first <= last
