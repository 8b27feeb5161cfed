"""Published clauses for tests, without what the tests of the gate are about."""

from policies.models import Clause, Condition, PolicyPage


def published(of: PolicyPage | Clause, *, conditions: list[dict] = (), **fields) -> Clause:
    """A new published clause of a policy, or the same clause published as it stands now."""
    clause = of
    if isinstance(of, PolicyPage):
        clause = Clause.objects.create(policy=of, **{"title": "条款", "support": "grant", **fields})
        for number, condition in enumerate(conditions):
            Condition.objects.create(clause=clause, sort_order=number, **condition)
    Clause.objects.filter(pk=clause.pk).update(state=Clause.State.PUBLISHED)
    clause.refresh_from_db()
    return clause
