"""Matching a company against 5,000 clauses: seconds with loading, without the page around it.

`measure()` is called by the figures of the policy library in a database of its own, and fills it.
`python -m tests.bench.policies_matching` does the same alone, on the engine that DATABASE_URL names.
"""

import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path

CLAUSES, POLICIES, PROFILES = 5000, 500, 40
LIMIT = 0.2  # seconds


def main() -> int:
    from tests.bench.report import table

    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        os.environ["VAR_DIR"] = folder
        from tests.bench.search import prepare

        prepare(Path(folder))
        found = measure()
    rows = [[name, value] for name, value in found.items()]
    print(table(f"Matching against {CLAUSES} clauses (p95 at most {LIMIT} s)", ["", ""], rows))
    return 0 if found["ok"] else 1


def measure() -> dict:
    """Make the clauses, match different companies with them.

    Returns seconds: `first` (a process that has read nothing yet), `p50`, `p95`, `most`; `clauses` and `conditions` in the database; `queries` of
    one match; `ok`, whether p95 is within the limit.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from policies.matching.loading import load_offers
    from policies.matching.outcome import match
    from policies.models import Condition

    chance = random.Random(5)
    fill(chance)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    today = date(2026, 3, 1)
    companies = [company(chance) for _ in range(PROFILES)]
    started = time.perf_counter()
    match(load_offers(), companies[0], today)
    first = time.perf_counter() - started
    with CaptureQueriesContext(connection) as captured:
        outcome = match(load_offers(), companies[0], today)
    seconds = []
    for profile in companies:
        started = time.perf_counter()
        outcome = match(load_offers(), profile, today)
        assert outcome.groups
        assert outcome.by_level
        seconds.append(time.perf_counter() - started)
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return {
        "clauses": len(outcome.offers),
        "conditions": Condition.objects.count(),
        "queries": len(captured),
        "first": round(first, 4),
        "p50": round(statistics.median(seconds), 4),
        "p95": round(p95, 4),
        "most": round(max(seconds), 4),
        "ok": p95 <= LIMIT and len(outcome.offers) == CLAUSES,
    }


def company(chance: random.Random):
    """A company of which about half is known."""
    from policies.matching.profile import Marks, Profile, Range
    from policies.matching.vocabulary import codes_of

    def maybe(value, none):
        return value if chance.random() < 0.7 else none

    def some(fact, most):
        return frozenset(chance.sample(sorted(codes_of(fact)), chance.randint(1, most)))

    def marks(fact):
        held = some(fact, 3)
        return Marks(held, maybe(codes_of(fact) - held, frozenset()))

    def exactly(most):
        return maybe(Range.exactly(chance.randint(0, most)), Range())

    return Profile(
        place=maybe(chance.choice(["140404-zone", "140404", "140400", "440300"]), ""),
        industries=maybe(some("industry", 2), frozenset()),
        sizes=maybe(some("size", 2), frozenset()),
        age=exactly(200),
        revenue=exactly(50_000),
        rd_share=exactly(15),
        staff=exactly(900),
        qualifications=maybe(marks("qualification"), Marks()),
        projects=maybe(marks("project"), Marks()),
    )


def fill(chance: random.Random) -> None:
    """POLICIES documents of all levels, unless there are some, and CLAUSES published clauses with three to five conditions."""
    from django.db import transaction

    from policies.models import Clause, Condition, PolicyPage
    from tests.bench import corpus

    levels = ["national", "provincial", "city"]
    records = (
        {"id": str(number), "title": f"扶持措施{number}", "body": "全文。", "level": levels[number % 3],
         "place": ["全国", "山西省", "长治市"][number % 3]}
        for number in range(POLICIES)
    )  # fmt: skip
    with transaction.atomic():
        policies = list(PolicyPage.objects.order_by("pk").values_list("pk", flat=True)[:POLICIES])
        policies = policies or list(corpus.load(records))
        clauses = Clause.objects.bulk_create(
            Clause(
                policy_id=policies[number % len(policies)],
                title=f"条款{number}",
                support=chance.choice(Clause.Support.values),
                offer="给予支持。" * 20,
                requirements="符合条件。" * 20,
                cap=Decimal(chance.randint(1, 500)),
                cap_unit="wan_yuan",
                ends_on=date(2099, 12, 31),
                exclusive_group=chance.choice(["", "", "", str(uuid.UUID(int=number))[:8]]),
            )
            for number in range(CLAUSES)
        )
        Condition.objects.bulk_create(
            condition(chance, clause, number)
            for clause in clauses
            for number in range(chance.randint(3, 5))
        )
        # Past the gate: what it asks of a clause is none of these figures' business.
        Clause.objects.filter(pk__in=[clause.pk for clause in clauses]).write_state(
            state=Clause.State.PUBLISHED, published_digest="bench", live_digest="bench"
        )


def condition(chance: random.Random, clause, number: int):
    from policies.matching.vocabulary import CODED, codes_of
    from policies.models import Condition

    fact = chance.choice([f for f in Condition.Fact.values if f != "place"])
    row = Condition(clause=clause, sort_order=number, fact=fact)
    if fact in CODED:
        row.operator = "one_of" if chance.random() < 0.8 else "none_of"
        row.codes = chance.sample(sorted(codes_of(fact)), chance.randint(1, 4))
        return row
    row.operator = chance.choice(["at_least", "at_most", "between"])
    low, high = sorted((chance.randint(0, 500), chance.randint(0, 500)))
    row.low = None if row.operator == "at_most" else Decimal(low)
    row.high = None if row.operator == "at_least" else Decimal(high)
    return row


if __name__ == "__main__":
    sys.exit(main())
