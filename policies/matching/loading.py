"""All clauses that may be shown, as `Offer`s: one query while nothing has changed, whatever their number."""

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

# The clause's digest stands for all that its own rows say; what its policy says stands beside it.
KEY = (
    "pk",
    "live_digest",
    "policy__level",
    "policy__place_name",
    "policy__validity",
    "policy__in_force_from",
    "policy__in_force_until",
)
OWN = ("support", "exclusive_group", "opens_on", "closes_on", "ends_on")
# What a condition says, the codes last: they are any text.
SAID = ("fact", "operator", "low", "high", "starts_on", "ends_on", "codes")
REMEMBERED = 50_000
MARK = "\x1f"  # the unit separator, which stands in none of them


# clause → (the values of KEY, the offer that they stand for), in this process.
_known: dict[int, tuple[tuple, Offer]] = {}


def load_offers() -> list[Offer]:
    """Every public clause with its conditions, in the order of policies and of clauses in them.

    What was read before is read again only when its digest is another: the digest is made of what the
    clause and its conditions say, so every process knows by itself what is out of date.
    """
    rows = list(Clause.objects.public().order_by("policy_id", "sort_order", "pk").values_list(*KEY))
    fresh = _read_offers([row for row in rows if _known.get(row[0], ((),))[0] != row])
    if len(_known) > 2 * len(rows) + 1000:
        for pk in _known.keys() - {row[0] for row in rows}:
            _known.pop(pk, None)
    # A clause that was deleted meanwhile is in neither.
    offers = (fresh.get(row[0]) or _known.get(row[0], ((), None))[1] for row in rows)
    return [offer for offer in offers if offer is not None]


def _read_offers(keys: list[tuple]) -> dict[int, Offer]:
    """The offers of those clauses; remembers those that did not change while they were read."""
    if not keys:
        return {}
    pks = [key[0] for key in keys]
    in_words = Case(
        When(~Q(requirements="") | ~Q(audience=""), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    clauses = Clause.objects.filter(pk__in=pks)
    own = {
        pk: values
        for pk, *values in clauses.annotate(in_words=in_words).values_list("pk", *OWN, "in_words")
    }
    rules = _rules_by_clause(pks)
    found = {
        key[0]: _offer(tuple(rules.get(key[0], ())), *key, *own[key[0]])
        for key in keys
        if key[0] in own
    }
    digests = dict(clauses.values_list("pk", "live_digest"))
    for key in keys:
        if key[0] in found and digests.get(key[0]) == key[1]:
            _known[key[0]] = (key, found[key[0]])
    return found


def _offer(
    rules: tuple[DatedRule, ...],
    pk: int,
    _digest: str,
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


def _rules_by_clause(clauses: list[int]) -> dict[int, list[DatedRule]]:
    """Conditions by clause. Those that say the same share one rule, so that each is judged once.

    A condition comes as one text: twenty thousand rows of texts are read in a fraction of the time
    that rows of numbers, dates and lists take.
    """
    nothing, mark = (Value(text, output_field=TextField()) for text in ("", MARK))
    parts = [Coalesce(Cast(F(name), TextField()), nothing) for name in SAID]
    marked = [part for one in parts for part in (one, mark)][:-1]
    rows = (
        Condition.objects.filter(clause__in=clauses)
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
