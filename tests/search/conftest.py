"""Elasticsearch for the tests: the one of the run, whose index follows every test, and one to stop."""

from collections.abc import Callable, Iterator

import pytest
from elasticsearch import Elasticsearch

from deploy.elasticsearch.node import Node

# {prefix of the indexes: {label of a model: keys}} of what the running test wrote into Elasticsearch.
_written: dict[str, dict[str, set[str]]] = {}
_blocker = pytest.StashKey()


@pytest.fixture
def indexed(db) -> Callable[[], None]:
    """Make the running engine know all changes of the test: `indexed()`.

    A test's transaction is rolled back, so the task that tells Elasticsearch of changes never runs
    in it; until this is called, the search leaves changed pages out, as on a site whose worker is
    late. On the database engines the signals have done all there is.
    """
    from search import changes, upkeep

    def send() -> None:
        if backend := upkeep.elasticsearch():
            assert changes.send(backend), "Elasticsearch did not take the changes"

    return send


@pytest.fixture
def written() -> dict[str, dict[str, set[str]]]:
    """What was written into Elasticsearch: {prefix of the indexes: {label of a model: keys}}."""
    return _written


@pytest.fixture(scope="session", autouse=True)
def _listen() -> Iterator[None]:
    """Note what is written into Elasticsearch, to take it back after the test."""
    from search.backends.elasticsearch_index import Index
    from search.changes import root_of

    actions, delete_ids = Index.actions, Index.delete_ids

    def of_label(index, model):
        labels = _written.setdefault(index.backend.index_prefix, {})
        return labels.setdefault(root_of(model)._meta.label_lower, set())

    def note_added(index, model, items):
        of_label(index, model).update(str(item.pk) for item in items)
        return actions(index, model, items)

    def note_deleted(index, keys, version=None):
        keys = list(keys)
        of_label(index, index.backend.root_behind(index.name)).update(keys)
        return delete_ids(index, keys, version)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Index, "actions", note_added)
        patch.setattr(Index, "delete_ids", note_deleted)
        yield


@pytest.fixture(autouse=True)
def _remember_blocker(request, django_db_blocker) -> None:
    request.node.stash[_blocker] = django_db_blocker


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """When the database has taken a test's changes back, Elasticsearch must, too."""
    try:
        return (yield)
    finally:
        # After the last test of all the database is gone, and soon the node. A skipped test has no stash.
        if nextitem is not None and _written and _blocker in item.stash:
            with item.stash[_blocker].unblock():
                _follow()


def _follow() -> None:
    from search import changes, upkeep

    if backend := upkeep.elasticsearch():
        for label, keys in _written.pop(backend.index_prefix, {}).items():
            changes.bring(backend, label, keys)
        _written.pop(backend.index_prefix, None)


@pytest.fixture(scope="session")
def _elasticsearch_node(tmp_path_factory):
    with Node(tmp_path_factory.mktemp("elasticsearch")) as node:
        yield node


@pytest.fixture
def elasticsearch_node(_elasticsearch_node: Node):
    """A running, empty node of the tests' own: `url`, `stop()`, and `start()` on the same port.

    It is another one than that of ELASTICSEARCH_URL, so nobody else misses it while it is stopped,
    and it is shared by the whole run: a start takes seconds. What a test left is taken away.
    """
    node = _elasticsearch_node
    node.start()  # the test before may have left it stopped
    with Elasticsearch(node.url) as client:
        for index in client.indices.get(index="*", expand_wildcards="all"):
            client.indices.delete(index=index)
    return node
