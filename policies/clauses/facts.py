"""Reads from the database what the gate judges: a clause with all its words, and the word list."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from base.visibility import visible
from policies.clauses.gate import ClauseFacts, Problem, Severity, Word, check
from policies.clauses.rules import quotes_found
from policies.models import Clause, GateWord, PolicyPage
from policies.models.clause import ClauseWords

WORDS = [field.name for field in ClauseWords._meta.get_fields()]
OWN_WORDS = [*WORDS, "locator", "quote", "legal_basis", "exclusive_group"]


def problems_of(clause: Clause, today: date | None = None) -> list[Problem]:
    """What stands against publishing `clause` as its rows are now."""
    return check(facts_of(clause), word_list(), today or timezone.localdate())


def facts_of(clause: Clause, public_policies: set[int] | None = None) -> ClauseFacts:
    """The facts of a clause as it is stored.

    Args:
        clause: with its policy, translations and conditions at hand when many are asked for.
        public_policies: keys of the policies that everybody may read, when they are known.
    """
    policy = clause.policy
    if public_policies is None:
        public = visible(PolicyPage.objects.filter(pk=policy.pk)).exists()
    else:
        public = policy.pk in public_policies
    return ClauseFacts(
        texts=texts_of(clause),
        policy_public=public,
        policy_validity=policy.current_validity,
        policy_until=policy.in_force_until,
        review=clause.review,
        reviewed_on=clause.reviewed_on,
        reviewed_by=clause.reviewed_by,
        review_reasons=clause.review_reasons,
        legal_basis=clause.legal_basis,
        ends_on=clause.ends_on,
        opens_on=clause.opens_on,
        closes_on=clause.closes_on,
        open_to_all=clause.open_to_all,
        has_cap=clause.cap is not None,
        cap_unit=clause.cap_unit,
        quote_found=quotes_found(clause),
    )


def texts_of(clause: Clause) -> dict[str, str]:
    """Every word of a clause that readers see, by field."""
    texts = {name: getattr(clause, name) for name in OWN_WORDS}
    for translation in clause.translations.all():
        for name in WORDS:
            texts[f"translations.{translation.language}.{name}"] = getattr(translation, name)
    for number, condition in enumerate(clause.conditions.all(), start=1):
        texts[f"conditions.{number}.quote"] = condition.quote
    return texts


def word_list() -> list[Word]:
    """The words in use."""
    return [_word(row) for row in GateWord.objects.active()]


def with_problems(clauses: Iterable[Clause], today: date) -> list[tuple[Clause, list[Problem]]]:
    """Each clause with what stands against it; as many queries for all as for one.

    Args:
        clauses: a QuerySet of clauses.
    """
    # Prefetched, the clauses of a policy share its page, and its text is read once.
    clauses = list(clauses.prefetch_related("policy", "translations", "conditions"))
    ids = {clause.policy_id for clause in clauses}
    public = set(visible(PolicyPage.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    words = word_list()
    return [(clause, check(facts_of(clause, public), words, today)) for clause in clauses]


def _word(row: GateWord) -> Word:
    harmless = (line.strip() for line in row.harmless_in.splitlines())
    return Word(
        phrase=row.phrase,
        rule=row.rule,
        explanation=row.explanation,
        severity=Severity(row.severity),
        audience_only=row.place == GateWord.Place.AUDIENCE,
        harmless_in=tuple(filter(None, harmless)),
        unless_lawful=row.unless_lawful,
    )
