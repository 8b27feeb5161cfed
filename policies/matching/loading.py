"""All clauses that may be shown, as `Offer`s: two queries and plain values, whatever their number."""

import json
from collections import defaultdict
from datetime import date

from django.db.models import BooleanField, Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from base.visibility import visible
from policies.matching.rules import DatedRule, Rule
from policies.matching.verdicts import Offer
from policies.models import Clause, Condition, PolicyPage

CLAUSE_VALUES = (
    "pk",
    "policy__level",
    "policy__place_name",
    "policy__validity",
    "policy__in_force_from",
    "policy__in_force_until",
    "support",
    "exclusive_group",
    "opens_on",
    "closes_on",
    "ends_on",
)


def public_clauses() -> QuerySet[Clause]:
    """The clauses that anybody may see: published ones of policies that anybody may read."""
    return Clause.objects.filter(
        state=Clause.State.PUBLISHED, policy__in=visible(PolicyPage.objects.all())
    )


def load_offers() -> list[Offer]:
    """Every public clause with its conditions, in the order of policies and of clauses in them."""
    rules = _rules_by_clause()
    in_words = Case(
        When(~Q(requirements="") | ~Q(audience=""), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    rows = (
        public_clauses()
        .annotate(in_words=in_words)
        .order_by("policy_id", "sort_order", "pk")
        .values_list(*CLAUSE_VALUES, "in_words")
    )
    return [_offer(rules.get(row[0], ()), *row) for row in rows]


def _offer(
    rules: tuple[DatedRule, ...],
    pk: int,
    level: str,
    place_name: str,
    validity: str,
    in_force_from: date | None,
    in_force_until: date | None,
    support: str,
    group: str,
    opens_on: date | None,
    closes_on: date | None,
    ends_on: date | None,
    in_words: bool,
) -> Offer:
    return Offer(
        pk=pk,
        level=level,
        place_name=place_name,
        support=support,
        group=group.strip(),
        validity=validity,
        starts_on=in_force_from,
        # What a policy supports ends with the policy, whatever its clause says.
        ends_on=min(filter(None, (ends_on, in_force_until)), default=None),
        opens_on=opens_on,
        closes_on=closes_on,
        has_words=in_words,
        rules=rules,
    )


def _rules_by_clause() -> dict[int, tuple[DatedRule, ...]]:
    """Conditions by clause. Those that say the same share one rule, so that each is judged once."""
    rows = (
        Condition.objects.filter(clause__state=Clause.State.PUBLISHED)
        .annotate(written=Cast(F("codes"), TextField()))
        .order_by("clause_id", "sort_order", "pk")
        .values_list(
            "clause_id", "pk", "starts_on", "ends_on", "fact", "operator", "written", "low", "high"
        )
    )
    known: dict[tuple, Rule] = {}
    found: dict[int, list[DatedRule]] = defaultdict(list)
    for clause, pk, starts_on, ends_on, *said in rows.iterator(chunk_size=5000):
        key = tuple(said)
        rule = known.get(key)
        if rule is None:
            rule = known[key] = _rule(*said)
        found[clause].append(DatedRule(rule, starts_on, ends_on, pk))
    return {clause: tuple(rules) for clause, rules in found.items()}


def _rule(fact: str, operator: str, written: str, low, high) -> Rule:
    codes = json.loads(written) if written else []
    # What came in past the editor's checks is no list of texts, and then no sound condition.
    sound = isinstance(codes, list) and all(isinstance(code, str) for code in codes)
    return Rule(fact, operator, frozenset(codes if sound else ()), low, high)
