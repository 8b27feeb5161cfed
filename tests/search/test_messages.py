"""What a search costs in messages to the database and to Elasticsearch: counts, not times."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.search.backends import get_search_backend

from search import columns, health, reading, upkeep
from search.api import search
from search.entries import next_stamp
from search.kept import ENTRY, MOST, Kept
from search.matching import Scope
from search.results import Question
from search.state import current

pytestmark = pytest.mark.django_db

# The state, the words, where they stand in the index, the texts of the candidates.
FOUND = 4


def asked(query: str, **fields) -> tuple[int, int]:
    """(number of queries, number of those that read pages)."""
    with CaptureQueriesContext(connection) as queries:
        answer = search(Question(query, **fields))
    assert answer.total
    pages = [
        query["sql"]
        for query in queries
        if '"wagtailcore_page"' in query["sql"] or query["sql"].startswith(("EXECUTE", "PREPARE"))
    ]
    return len(queries), len(pages)


def test_a_search_asks_the_database_for_pages_and_four_things_more():
    for query in ("飞地", "政策", "招商引资"):
        search(Question(query, literal=True))  # what a process reads once
        number, pages = asked(query, literal=True)
        # The pages of each type are a query.
        # Elasticsearch has the index; what it has yet to hear of are two statements more on SQLite.
        assert number - pages <= FOUND + health.configured()


def test_many_results_cost_as_many_messages_as_few():
    search(Question("政策", kinds=("policy",), literal=True))
    few, _ = asked("政策", kinds=("policy",), literal=True, per_page=2)
    many, _ = asked("政策", kinds=("policy",), literal=True, per_page=20)
    assert many <= few


def test_totals_are_those_of_the_searches_themselves():
    state = current()
    plans = [reading.make(query, state, 100) for query in ("飞地", "政策", "无此词也", "on Mars")]
    filters = {"level": ("nation",)}
    wanted = [
        (plan, Scope("zh-hans", filters=chosen, by_date=True, stop=0))
        for plan in plans
        for chosen in ({}, filters)
    ]
    backend = get_search_backend()
    totals = backend.totals(wanted, state)
    assert totals == [backend.find(plan, scope, state).total for plan, scope in wanted]
    assert totals[0] > 0 and totals[2] > totals[3] > 0 and totals[4] == 0
    assert backend.totals([], state) == []


def words_asked(query: str) -> int:
    """How many queries a search has asked of the words of the index."""
    with CaptureQueriesContext(connection) as queries:
        assert search(Question(query, literal=True)).total
    return sum(" @@ " in query["sql"] for query in queries)


def test_where_words_are_is_known_until_the_index_changes(own_connection):
    def ask() -> list[int]:
        asked = [words_asked("招商"), words_asked("招商"), words_asked("招商 飞地")]
        next_stamp()
        return [*asked, words_asked("招商 飞地")]

    assert own_connection(ask) == [1, 0, 1, 1]


def test_what_an_open_transaction_finds_is_not_kept():
    state = current()
    assert search(Question("招商")).total
    assert not len(columns.current(state).kept)


def test_kept_places_have_a_limit():
    kept = Kept()
    most = MOST // 4
    places = np.arange(most, dtype=np.int32)
    for word in "abcd":
        kept[word] = places
    assert [word for word in "abcd" if kept.get(word) is not None] == list("bcd")
    kept["b"] = places[:1]  # a small one, and the newest
    kept["e"] = kept["f"] = places
    assert [word for word in "abcdef" if kept.get(word) is not None] == list("bdef")
    kept["all"] = np.arange(MOST, dtype=np.int32)
    assert kept.get("all") is None
    for number in range(MOST // ENTRY + 10):
        kept[str(number)] = places[:0]
    assert len(kept) <= MOST // ENTRY


@pytest.mark.elasticsearch
def test_questions_to_elasticsearch_use_the_connections_that_are_open():
    if not (backend := upkeep.elasticsearch()):
        pytest.skip("this site has no Elasticsearch")

    def opened() -> int:
        nodes = backend.es.nodes.stats(metric="http")["nodes"].values()
        return sum(node["http"]["total_opened"] for node in nodes)

    assert search(Question("飞地")).engine == "elasticsearch"
    before = opened()
    for query in ("飞地", "政策", "电商法", "无此词也", "zhengce"):
        search(Question(query))
    assert opened() == before
