"""Published clauses for tests, without what the tests of the gate are about."""

from policies.models import Clause, Condition, PolicyPage
from tests.factories.clauses import make_clause, seal


def published(of: PolicyPage | Clause, *, conditions: list[dict] = (), **fields) -> Clause:
    """A new published clause of a policy, or the same clause published as it stands now."""
    clause = of
    if isinstance(of, PolicyPage):
        clause = make_clause(of, **fields)
        for number, condition in enumerate(conditions):
            Condition.objects.create(clause=clause, sort_order=number, **condition)
    seal([clause])
    clause.refresh_from_db()
    return clause
