"""What two people do to a clause at the same moment, with real connections of their own."""

import shutil

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections, transaction
from wagtail.search import index

from policies.clauses.digest import digest_of
from policies.clauses.errors import AlreadyPublishedError
from policies.models import Clause, ClauseLog, Condition, PolicyPage
from policies.services.clauses import note_edit, publish_clause
from tests.crm.test_races import one, run, seeded_file  # noqa: F401 a fixture is found by its name
from tests.factories.clauses import make_clause
from tests.factories.crm import UserFactory

pytestmark = pytest.mark.django_db

TITLE, OFFER = "两人同时处理的条款", "按实际费用的一成给予补助"


def tidy() -> None:
    Clause.objects.filter(title=TITLE).delete()
    rows = ClauseLog.objects.filter(title=TITLE)
    rows._raw_delete(rows.db)
    get_user_model().objects.filter(username__startswith="user-").delete()
    # What the races committed stands in the index that later tests read.
    for page in PolicyPage.objects.filter(slug="coal-law"):
        index.insert_or_update_object(page)


@pytest.fixture(autouse=True)
def _open_database(seeded_file, db, tmp_path, monkeypatch):  # noqa: F811
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    yield
    if connection.vendor != "sqlite":
        one(tidy)


def new_clause() -> Clause:
    pages = PolicyPage.objects.filter(slug="coal-law", locale__language_code="zh-hans")
    return make_clause(pages.get(), title=TITLE, offer=OFFER)


def state_of(clause: Clause):
    """Whether the clause is public, and the actions in its log, the oldest first."""

    def look():
        actions = ClauseLog.objects.filter(clause_id=clause.pk).order_by("pk")
        shown = Clause.objects.public().filter(pk=clause.pk).exists()
        return shown, list(actions.values_list("action", flat=True))

    return one(look)


def offer_of(clause: Clause) -> str:
    return Clause.objects.get(pk=clause.pk).offer


def test_two_publishers_at_once_publish_once():
    clause = one(new_clause)
    publishers = one(lambda: [UserFactory(role="Publishers") for _ in range(3)])
    results = run(*(lambda by=by: publish_clause(clause=clause, by=by) for by in publishers))
    won = [result for result in results if isinstance(result, Clause)]
    assert len(won) == 1, results
    assert sum(isinstance(result, AlreadyPublishedError) for result in results) == 2, results
    assert state_of(clause) == (True, ["published"])


@pytest.mark.parametrize("way", ["form", "shell", "part"])
def test_an_edit_beside_a_publication_never_shows_what_nobody_looked_at(way):
    clause = one(new_clause)
    publisher, editor = one(lambda: [UserFactory(role="Publishers"), UserFactory(role="Editors")])

    def edit():
        if way == "part":
            Condition.objects.create(clause_id=clause.pk, fact="staff", operator="at_most", high=1)
            return
        with transaction.atomic():
            if way == "form":
                Clause.objects.select_for_update().get(pk=clause.pk)
            row = Clause.objects.get(pk=clause.pk)
            row.offer = "零地价"
            row.save()
            if way == "form":
                note_edit(clause=row, by=editor)

    results = run(lambda: publish_clause(clause=clause, by=publisher), edit)
    shown, _actions = state_of(clause)
    assert one(lambda: offer_of(clause)) == ("零地价" if way != "part" else OFFER)
    if way == "part":
        # Published with the condition in it, or closed by it.
        whole = one(lambda: digest_of(clause) == Clause.objects.get(pk=clause.pk).published_digest)
        assert one(lambda: Condition.objects.filter(clause_id=clause.pk).count()) == 1, results
        assert not shown or whole, results
    else:
        assert not shown, results
