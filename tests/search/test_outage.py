"""Elasticsearch goes and comes back while the site is used: a real node, real commits, real threads."""

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections
from elasticsearch import Elasticsearch
from wagtail.models import Page, PageViewRestriction

from search import changes, checking, columns, health, notices, upkeep
from search.api import search
from search.models import EngineState, Entry, PendingChange
from search.results import Question

pytestmark = [
    pytest.mark.elasticsearch,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="copies the file of the database"),
]
PREFIX = "outage_"
WORD = "泽鹿木樨"  # in no page of the seed


@pytest.fixture(scope="module")
def _seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The seeded database as a file."""
    path = tmp_path_factory.mktemp("seeded") / "db.sqlite3"
    with django_db_blocker.unblock():
        connection.ensure_connection()
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
        copy.close()
        with on_database(path):
            EngineState.objects.all().delete()
            for number, page in enumerate(chosen()):
                page.title = f"{WORD}办法之{number}"
                page.save_revision().publish()
            PendingChange.objects.all().delete()
    return path


@contextmanager
def on_database(path: Path) -> Iterator[None]:
    """The site on another database file, in this thread and in those that begin meanwhile."""
    before, config = connections["default"], connections.settings["default"]
    connections.settings["default"] = {**config, "NAME": str(path)}
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = config
        connections["default"] = before
        columns.forget()


def chosen() -> list[Page]:
    listing = Page.objects.get(locale__language_code="zh-hans", slug="policies")
    return list(listing.get_children().live().order_by("pk").specific()[:8])


@pytest.fixture
def committed(_seeded, db, tmp_path):
    """A database of the test's own where changes are committed, so that threads and tasks see them.

    `db` comes first: it makes the database of the run, and its transaction stays there.
    """
    path = tmp_path / "db.sqlite3"
    path.write_bytes(_seeded.read_bytes())
    with on_database(path):
        yield
        for thread in threading.enumerate():
            if thread.name == "search-probe":
                thread.join(30)


def point_to(settings, url: str) -> None:
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {
            "BACKEND": "search.backends.elasticsearch",
            "URLS": [url],
            "INDEX_PREFIX": PREFIX,
            "AUTO_UPDATE": False,
        },
        "database": {"BACKEND": "search.backends.database"},
    }


@pytest.fixture
def node(committed, _elasticsearch_node, written, settings, monkeypatch):
    """A node of the tests' own with a whole index, which the site searches with."""
    _elasticsearch_node.start()
    monkeypatch.setattr(health, "PAUSE", timedelta(seconds=0.3))
    point_to(settings, _elasticsearch_node.url)
    backend = upkeep.elasticsearch()
    if upkeep.is_complete(backend):
        for label, touched in written.pop(PREFIX, {}).items():
            changes.bring(backend, label, touched)
    else:
        upkeep.rebuild(upkeep.ELASTICSEARCH)
    written.pop(PREFIX, None)
    return _elasticsearch_node


@pytest.fixture
def policies(committed):
    return chosen()


def ask(query: str = WORD):
    return search(Question(query, literal=True))


def keys(results) -> list[int]:
    return [hit.page.pk for hit in results.hits]


def until(condition, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.1)


def kept_by(node, page) -> dict:
    """What the node itself keeps of a page; empty when it has none."""
    with Elasticsearch(node.url) as client:
        client.indices.refresh(index=f"{PREFIX}wagtailcore_page")
        answer = client.options(ignore_status=404).get(
            index=f"{PREFIX}wagtailcore_page", id=str(page.pk)
        )
        return answer.get("_source", {})


# --- Under use ----------------------------------------------------------------------------


def lists_of_the_admin(policies) -> tuple:
    """Not read yet: one to be read as it is, one to be counted, one with a facet."""
    pages = Page.objects.filter(locale=policies[0].locale)
    return pages.search(WORD), pages.autocomplete("zelu"), pages.search(WORD)


def lists_of_the_admin_go_on(lazy, counted, faceted) -> None:
    EngineState.objects.update(up=True)
    assert len(lazy) == 8
    EngineState.objects.update(up=True)
    assert counted.count() == 8
    EngineState.objects.update(up=True)
    assert faceted.facet("live") == {True: 8}
    assert not EngineState.load().up


def nobody_asks_a_node_that_is_down(node) -> None:
    with Listener(int(node.url.rpartition(":")[2])) as listener:
        for _ in range(5):
            assert ask().engine == "database"
        assert list(Page.objects.all().search(WORD))
    assert listener.connections == 0


# A start of the node costs more than the rest of the test, so all that asks for a stopped one is here.


def test_stopped_and_started_under_use(policies, node, client, monkeypatch):
    editor = get_user_model().objects.create_superuser("chief", "chief@example.org", "x" * 14)
    client.force_login(editor)
    before = ask()
    assert (before.engine, before.total) == ("elasticsearch", 8)
    assert notices.outage() is None
    lists = lists_of_the_admin(policies)

    with monkeypatch.context() as patch:
        patch.setattr(health, "PAUSE", timedelta(minutes=1))
        node.stop()
        stopped = ask()
        nobody_asks_a_node_that_is_down(node)
        lists_of_the_admin_go_on(*lists)
    assert stopped.engine == "database", "the very next search answers"
    assert (keys(stopped), stopped.total) == (keys(before), before.total)
    assert stopped.facets == before.facets
    state = EngineState.load()
    assert not state.up
    assert state.error
    outage = notices.outage()
    assert outage.since == state.since
    assert notices.outage_for(editor) == outage
    assert client.get("/search/", {"q": WORD}).status_code == 200

    # Much happens meanwhile.
    changed, unpublished, private, deleted, *rest = policies
    changed.title = "改了名的办法"
    changed.save_revision().publish()
    unpublished.unpublish()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    gone = deleted.pk
    deleted.delete()
    new = rest[0].copy(update_attrs={"title": f"{WORD}新办法", "slug": "new-one"})
    expected = {page.pk for page in rest} | {new.pk}
    assert set(keys(ask())) == expected
    assert notices.outage().waiting > 0

    node.start()
    until(lambda: ask() and EngineState.load().up)
    back = ask()
    assert back.engine == "elasticsearch"
    assert set(keys(back)) == expected
    assert back.total == len(expected)
    assert notices.outage() is None
    assert not PendingChange.objects.exists()
    # And not only because they were left out: the node knows.
    assert kept_by(node, unpublished)["public"] is False
    assert kept_by(node, private)["public"] is False
    assert kept_by(node, new)["public"] is True
    deleted.pk = gone
    assert kept_by(node, deleted) == {}
    assert not checking.check(upkeep.ELASTICSEARCH)
    assert not checking.check(upkeep.DATABASE)


def test_waiting_changes_are_left_out(node, policies, settings):
    """The worker is away: Elasticsearch is there and knows the old state."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    first, second, third, *_rest = policies
    first.unpublish()
    PageViewRestriction.objects.create(page=second, restriction_type="login")
    third.delete()
    results = ask()
    assert (results.engine, results.total) == ("elasticsearch", 5)
    assert not {first.pk, second.pk} & set(keys(results))
    (kinds,) = [facet for facet in results.facets if facet.name == "kind"]
    assert [(choice.code, choice.count) for choice in kinds.choices] == [("policy", 5)]


def test_more_waiting_changes_than_can_be_left_out_are_the_databases_business(node, policies):
    PendingChange.objects.bulk_create(
        PendingChange(model="wagtailcore.page", object_id=str(10**6 + n)) for n in range(1100)
    )
    assert (ask().engine, ask().total) == ("database", 8)
    assert changes.send(upkeep.elasticsearch())
    assert (ask().engine, ask().total) == ("elasticsearch", 8)


def test_node_that_lost_its_data_gets_a_new_index(node, policies):
    with Elasticsearch(node.url) as client:
        for index in client.indices.get(index=f"{PREFIX}*"):
            client.indices.delete(index=index)
    assert (ask().engine, ask().total) == ("database", 8)
    until(lambda: ask() and EngineState.load().up, 30)
    assert (ask().engine, ask().total) == ("elasticsearch", 8)
    assert not checking.check(upkeep.ELASTICSEARCH)


def test_index_of_another_version_is_replaced(node, policies):
    with Elasticsearch(node.url) as client:
        client.indices.put_mapping(index=f"{PREFIX}wagtailcore_page", meta={"analysis": "0"})
    assert not health.probe()
    until(lambda: ask() and EngineState.load().up, 30)
    assert upkeep.is_current(upkeep.ELASTICSEARCH)


# --- Servers that are worse than none --------------------------------------------------------


class Listener:
    """Takes connections and says nothing."""

    def __init__(self, port: int = 0) -> None:
        self.server = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.connections = 0
        self.kept: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                taken, _address = self.server.accept()
            except OSError:
                return
            self.kept.append(taken)
            self.connections += 1

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *error: object) -> None:
        # A close does not wake the thread that waits in accept().
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        for taken in self.kept:
            taken.close()


@contextmanager
def answering(status: int, body: bytes, headers: dict[str, str]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _answer  # noqa: N815

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def without_index(policies, settings, monkeypatch):
    """The site as it is when Elasticsearch was there a moment ago."""
    monkeypatch.setattr(health, "PAUSE", timedelta(minutes=1))
    EngineState.objects.all().delete()
    return lambda url: point_to(settings, url)


def test_server_that_never_answers_costs_one_search_two_seconds(without_index):
    with Listener() as listener:
        without_index(listener.url)
        started = time.monotonic()
        assert (ask().engine, ask().total) == ("database", 8)
        waited = time.monotonic() - started
        assert waited > 1.5
        started = time.monotonic()
        for _ in range(3):
            assert ask().engine == "database"
        assert time.monotonic() - started < waited
        assert listener.connections == 1


PRODUCT = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (500, b'{"error": "no"}', PRODUCT),
        (503, b"<html>Unavailable</html>", {"Content-Type": "text/html"}),
        (429, b'{"error": "busy"}', PRODUCT),
        (401, b'{"error": "who are you"}', PRODUCT),
        (200, b"garbage", PRODUCT),
        (200, b"<html>Welcome</html>", {"Content-Type": "text/html"}),
    ],
)
def test_server_in_distress_is_left_alone(without_index, status, body, headers):
    with answering(status, body, headers) as url:
        without_index(url)
        assert (ask().engine, ask().total) == ("database", 8)
        assert not EngineState.load().up
        assert not health.probe()
        EngineState.objects.update(up=True)
        assert len(Page.objects.filter(live=True).search(WORD)) >= 8
        EngineState.objects.update(up=True)
        assert Page.objects.filter(live=True).search(WORD).count() >= 8


def test_refused_question_is_answered_by_the_database_alone(without_index):
    """A question that Elasticsearch does not like is no sign that it is away."""
    with answering(400, b'{"error": "too many clauses"}', PRODUCT) as url:
        without_index(url)
        assert (ask().engine, ask().total) == ("database", 8)
        assert EngineState.load().up


# --- Races ----------------------------------------------------------------------------------


def together(*functions) -> None:
    """Run functions at once, each in a thread with a connection of its own."""
    barrier = threading.Barrier(len(functions))
    errors = []

    def run(function):
        try:
            barrier.wait()
            function()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_one_process_of_all_asks_again(node, monkeypatch):
    health.failed(ConnectionError("for the test"))
    time.sleep(0.4)
    monkeypatch.setattr(health, "PAUSE", timedelta(minutes=1))
    EngineState.objects.update(checked_at=EngineState.load().checked_at - timedelta(minutes=2))
    state = EngineState.load()
    due = []
    together(*[lambda: due.append(health._is_due(state))] * 4)
    assert sorted(due) == [False, False, False, True]


def test_changes_that_are_sent_twice_at_once_arrive(node, policies):
    PendingChange.objects.bulk_create(
        PendingChange(model="wagtailcore.page", object_id=str(page.pk)) for page in policies * 40
    )
    together(*[lambda: changes.send(upkeep.elasticsearch())] * 3)
    assert not PendingChange.objects.exists()
    assert not checking.check(upkeep.ELASTICSEARCH)


def test_change_that_is_noted_while_others_are_sent_is_not_lost(
    node, policies, settings, monkeypatch
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    page, *_rest = policies
    bring = changes.bring

    def slowly(*arguments):
        bring(*arguments)
        if not PendingChange.objects.filter(object_id="0").exists():
            PendingChange.objects.create(model="wagtailcore.page", object_id="0")
            Page.objects.get(pk=page.pk).specific.unpublish()

    changes.note(Page, [page.pk])
    monkeypatch.setattr(changes, "bring", slowly)
    assert changes.send(upkeep.elasticsearch())
    assert not PendingChange.objects.exists()
    assert kept_by(node, page)["public"] is False


def test_change_that_is_noted_while_it_comes_back_is_not_lost(node, policies, monkeypatch):
    """Its task finds Elasticsearch still down, after the last look at what waits."""
    page, *_rest = policies
    health.failed(ConnectionError("for the test"))
    send = changes.send
    done = []

    def then_more(backend):
        result = send(backend)
        if not done:
            done.append(True)
            Page.objects.get(pk=page.pk).specific.unpublish()
        return result

    monkeypatch.setattr(changes, "send", then_more)
    assert health.probe()
    assert not PendingChange.objects.exists()
    assert kept_by(node, page)["public"] is False
    assert Entry.objects.get(pk=page.pk).public is False
