"""What a search costs in messages to the database and to Elasticsearch: counts, not times."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.search.backends import get_search_backend

from search import health, reading, upkeep
from search.api import search
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
