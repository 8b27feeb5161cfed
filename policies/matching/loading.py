"""All clauses that may be shown, as `Offer`s: two queries and plain values, whatever their number."""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import BooleanField, Case, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from policies.matching.rules import DatedRule, Rule
from policies.matching.verdicts import Offer
from policies.models import Clause, Condition

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


# What a condition says, the codes last: they are any text.
SAID = ("fact", "operator", "low", "high", "starts_on", "ends_on", "codes")
REMEMBERED = 50_000
MARK = "\x1f"  # the unit separator, which stands in none of them


def load_offers() -> list[Offer]:
    """Every public clause with its conditions, in the order of policies and of clauses in them."""
    rules = _rules_by_clause()
    in_words = Case(
        When(~Q(requirements="") | ~Q(audience=""), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    rows = (
        Clause.objects.public()
        .annotate(in_words=in_words)
        .order_by("policy_id", "sort_order", "pk")
        .values_list(*CLAUSE_VALUES, "in_words")
    )
    return [_offer(tuple(rules.get(row[0], ())), *row) for row in rows]


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


def _rules_by_clause() -> dict[int, list[DatedRule]]:
    """Conditions by clause. Those that say the same share one rule, so that each is judged once.

    A condition comes as one text: twenty thousand rows of texts are read in a fraction of the time
    that rows of numbers, dates and lists take.
    """
    nothing, mark = (Value(text, output_field=TextField()) for text in ("", MARK))
    parts = [Coalesce(Cast(F(name), TextField()), nothing) for name in SAID]
    marked = [part for one in parts for part in (one, mark)][:-1]
    rows = (
        Condition.objects.filter(clause__state=Clause.State.PUBLISHED)
        .order_by()  # the reasons of a clause are put in order where they are shown
        .values_list("clause_id", Concat(*marked, output_field=TextField()))
    )
    found: dict[int, list[DatedRule]] = defaultdict(list)
    for clause, text in rows:
        found[clause].append(_read(text))
    return found


@lru_cache(REMEMBERED)
def _read(text: str) -> DatedRule:
    """What a condition says. The text is all it depends on, so what is remembered is never out of date."""
    fact, operator, low, high, starts_on, ends_on, written = text.split(MARK, 6)
    codes = json.loads(written) if written else []
    # What came in past the editor's checks is no list of texts, and then no sound condition.
    sound = isinstance(codes, list) and all(isinstance(code, str) for code in codes)
    rule = Rule(
        fact,
        operator,
        frozenset(codes if sound else ()),
        Decimal(low) if low else None,
        Decimal(high) if high else None,
    )
    days = (date.fromisoformat(day) if day else None for day in (starts_on, ends_on))
    return DatedRule(rule, *days)
