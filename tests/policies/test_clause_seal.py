"""The seal of a published clause: whatever writes it or a part of it, past the service, closes it."""

import pytest

from policies.clauses.digest import digest_of
from policies.models import Clause, ClauseTranslation, Condition
from policies.services.clauses import note_edit, publish_clause, withdraw_clause
from tests.factories.clauses import make_clause, public_clause, seal

pytestmark = pytest.mark.django_db

REASON = "经核对，用语指服务流程，不是承诺"


@pytest.fixture
def policy(page_at):
    return page_at("policies/coal-law")


@pytest.fixture
def publisher(make_user):
    return make_user("Publishers")


@pytest.fixture
def editor(make_user):
    return make_user("Editors")


def shown(clause: Clause) -> bool:
    return Clause.objects.public().filter(pk=clause.pk).exists()


def test_whatever_writes_a_published_clause_closes_it(policy):
    other = make_clause(policy)

    def sealed():
        clause = make_clause(policy)
        seal([clause])
        clause.refresh_from_db()
        return clause, {
            "words": ClauseTranslation(clause=clause, language="en", title="Words"),
            "fact": Condition(clause=clause, fact="staff", operator="at_most", high=300),
        }

    def save(clause, parts):
        clause.offer = "零地价"
        clause.save()

    def save_a_field(clause, parts):
        clause.offer = "零地价"
        clause.save(update_fields=["offer"])

    def bulk_update(clause, parts):
        clause.offer = "零地价"
        Clause.objects.bulk_update([clause], ["offer"])

    def forge(clause, parts):
        Clause.objects.filter(pk=clause.pk).update(
            offer="零地价", live_digest=clause.live_digest, state="published"
        )

    def move_part(clause, parts):
        part = Condition.objects.create(clause=other, fact="staff", operator="at_most", high=9)
        assert not shown(other)
        part.clause = clause
        part.save()

    def commit_part(clause, parts):
        clause.conditions.add(parts["fact"])
        clause.save()

    writes = [
        save,
        save_a_field,
        bulk_update,
        forge,
        move_part,
        lambda clause, parts: Clause.objects.filter(pk=clause.pk).update(cap=9),
        lambda clause, parts: parts["words"].save(),
        lambda clause, parts: parts["fact"].save(),
        lambda clause, parts: Condition.objects.bulk_create([parts["fact"]]),
        commit_part,
    ]
    for write in writes:
        clause, parts = sealed()
        assert shown(clause)
        write(clause, parts)
        assert not shown(clause), write


def test_changing_or_removing_a_part_closes_the_clause(policy, publisher):
    clause = make_clause(policy)
    Condition.objects.create(clause=clause, fact="staff", operator="at_most", high=300)
    ClauseTranslation.objects.create(clause=clause, language="en", title="Support", offer="Support")
    for write in (
        lambda: Condition.objects.filter(clause=clause).update(high=3000),
        lambda: clause.conditions.get().delete(),
        lambda: ClauseTranslation.objects.filter(clause=clause).delete(),
    ):
        assert shown(publish_clause(clause=clause, by=publisher))
        write()
        assert not shown(clause)


def test_a_stale_copy_cannot_bring_a_clause_back(policy, publisher):
    clause = public_clause(policy)
    stale = Clause.objects.get(pk=clause.pk)
    withdraw_clause(clause=clause, by=publisher, reason=REASON)
    stale.save()
    assert Clause.objects.get(pk=clause.pk).state == "withdrawn"
    assert not shown(clause)


def test_a_clause_made_with_a_state_is_a_draft(policy):
    given = {"state": "published", "published_digest": "x", "live_digest": "x"}
    assert not shown(make_clause(policy, **given))
    row = make_clause(policy)
    copy = Clause(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} | given)
    copy.pk = None
    Clause.objects.bulk_create([copy])
    assert not shown(copy)


def test_order_and_place_in_the_list_do_not_matter(policy):
    clause = make_clause(policy)
    one = Condition.objects.create(clause=clause, fact="staff", operator="at_most", high=300)
    Condition.objects.create(clause=clause, fact="age", operator="at_least", low=12)
    before = digest_of(clause)
    one.sort_order = 7
    one.save()
    Clause.objects.filter(pk=clause.pk).update(sort_order=9)
    assert digest_of(clause) == before
    one.quote = "职工三百人以下"
    one.save()
    assert digest_of(clause) != before


def test_an_edit_that_changes_nothing_leaves_the_clause_shown(policy, editor):
    clause = public_clause(policy)
    clause.save()
    assert not shown(clause)
    assert shown(note_edit(clause=clause, by=editor))
    clause.offer = "按实际费用的一半给予补助"
    clause.save()
    assert note_edit(clause=clause, by=editor).state == "draft"
    assert list(clause.log.values_list("action", "who"))[0] == ("changed", "editors")
