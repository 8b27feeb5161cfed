"""Several who publish the same policy at the same moment, with real connections of their own."""

import shutil

import pytest
from django.db import connection, connections

from policies.models import PolicyPage, PolicyVersion
from policies.services.versions import record_version
from tests.crm.test_races import one, run, seeded_file  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


def the_policy() -> PolicyPage:
    return PolicyPage.objects.get(slug="coal-law", locale__language_code="zh-hans")


@pytest.fixture
def policy_id(seeded_file, db, tmp_path, monkeypatch):  # noqa: F811
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    before = one(the_policy)
    yield before.pk
    if connection.vendor != "sqlite":

        def tidy():
            PolicyPage.objects.filter(pk=before.pk).update(title=before.title)
            PolicyVersion.objects.filter(policy_id=before.pk, number__gt=1).delete()

        one(tidy)


def stored(policy_id) -> list[tuple[int, str]]:
    rows = PolicyVersion.objects.filter(policy_id=policy_id).order_by("number")
    return [(version.number, version.data["title"]) for version in rows]


def test_racing_publishers_make_one_version(policy_id):
    one(lambda: PolicyPage.objects.filter(pk=policy_id).update(title="同时发布"))
    results = run(*[lambda: record_version(policy_id=policy_id)] * 4)
    assert sum(isinstance(result, PolicyVersion) for result in results) == 1, results
    assert sum(result is None for result in results) == 3, results
    assert [number for number, _title in one(lambda: stored(policy_id))] == [1, 2]


def test_the_last_version_is_what_readers_see(policy_id):
    def publish(title):
        PolicyPage.objects.filter(pk=policy_id).update(title=title)
        return record_version(policy_id=policy_id)

    results = run(*(lambda title=title: publish(title) for title in ("甲", "乙", "丙")))
    assert not any(isinstance(result, Exception) for result in results), results
    versions = one(lambda: stored(policy_id))
    assert [number for number, _title in versions] == list(range(1, len(versions) + 1))
    assert versions[-1][1] == one(the_policy).title
