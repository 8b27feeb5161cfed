"""Two who let documents change each other at the same moment, with real connections of their own."""

import contextlib
import shutil
import threading

import pytest
from django.db import connection, connections, transaction

from policies.models import PolicyPage, PolicyRelation, PolicyVersion
from policies.record.effects import STORED
from policies.record.relation_check import relation_problems
from tests.crm.test_races import one, run, seeded_file  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
SLUGS = ("coal-law", "energy-law")


def pages() -> list[PolicyPage]:
    return [PolicyPage.objects.get(slug=s, locale__language_code="zh-hans") for s in SLUGS]


@pytest.fixture(autouse=True)
def _open_database(seeded_file, db, tmp_path, monkeypatch):  # noqa: F811
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    laws = PolicyPage.objects.filter(slug__in=SLUGS)
    before = one(lambda: list(laws.values("pk", *STORED)))
    yield
    if connection.vendor != "sqlite":

        def tidy():
            PolicyRelation.objects.filter(page__slug__in=SLUGS, kind="abolishes").delete()
            for row in before:
                PolicyPage.objects.filter(pk=row.pop("pk")).update(**row)

        one(tidy)
        # What took effect and was taken back has made versions.
        later = PolicyVersion.objects.filter(policy__slug__in=SLUGS, number__gt=1)
        one(later.delete)


def test_of_two_opposite_abolitions_one_is_refused():
    both_asked = threading.Barrier(2)

    def abolish(page, target):
        with transaction.atomic():
            relation = PolicyRelation(page=page, kind="abolishes", target=target)
            problems = relation_problems(page, [relation])
            with contextlib.suppress(threading.BrokenBarrierError):
                both_asked.wait(1)  # where neither waits for the other, both have asked by now
            if not problems:
                relation.save()
        return len(problems)

    coal, energy = one(pages)
    results = run(lambda: abolish(coal, energy), lambda: abolish(energy, coal))
    assert sorted(results, key=str) == [0, 1], results
