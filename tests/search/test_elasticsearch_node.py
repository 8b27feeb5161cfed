"""The node of deploy/elasticsearch: what the search asks of a server, and how it comes and goes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from elasticsearch import ConflictError, ConnectionError, Elasticsearch
from elasticsearch.helpers import bulk

from deploy import run
from deploy.elasticsearch.node import Node, NodeError

pytestmark = pytest.mark.elasticsearch
ROOT = Path(__file__).resolve().parents[2]
RUN = str(ROOT / "deploy/elasticsearch/run.sh")
BUILD = str(ROOT / "deploy/elasticsearch/build.sh")

# Chinese comes cut into tokens, so spaces are all that the server has to know.
MAPPINGS = {
    "dynamic": "strict",
    "properties": {
        "title": {"type": "text", "analyzer": "whitespace"},
        "body": {"type": "text", "analyzer": "whitespace", "search_analyzer": "keyword"},
        "kind": {"type": "keyword"},
        "number": {"type": "keyword", "normalizer": "lowercase"},
        "topics": {"type": "keyword"},
        "year": {"type": "integer"},
        "published": {"type": "date"},
        "live": {"type": "boolean"},
        "stored": {"type": "keyword", "index": False, "doc_values": False},
    },
}
SETTINGS = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "refresh_interval": "-1",
    "max_result_window": 20_000,
    "similarity": {"default": {"type": "BM25", "b": 0.5, "k1": 1.2}},
}
DOCUMENTS = [
    (
        "1",
        "招 商 招商 引资 招商引资 政策",
        "policy",
        "JZF〔2023〕12",
        ["money", "land"],
        2023,
        True,
    ),
    ("2", "科创 飞地 科创飞地 实施 方案", "policy", "JZF〔2024〕3", ["enclave"], 2024, True),
    ("3", "招商 推介 会", "event", "", ["money"], 2025, True),
    ("4", "招商 草稿", "policy", "", [], 2025, False),
]


@pytest.fixture
def client(elasticsearch_node):
    with Elasticsearch(elasticsearch_node.url) as client:
        yield client


@pytest.fixture
def filled(client):
    client.indices.create(index="pages-1", settings=SETTINGS, mappings=MAPPINGS)
    client.indices.put_alias(index="pages-1", name="pages")
    actions = [
        {
            "_index": "pages-1",
            "_id": key,
            "title": title,
            "body": title,
            "kind": kind,
            "number": number,
            "topics": topics,
            "year": year,
            "published": f"{year}-03-01",
            "live": live,
            "stored": "never searched",
        }
        for key, title, kind, number, topics, year, live in DOCUMENTS
    ]
    assert bulk(client, actions, refresh=True) == (4, [])
    return client


def ids(answer) -> list[str]:
    return [hit["_id"] for hit in answer["hits"]["hits"]]


def found(client, query: dict, **more) -> set[str]:
    return set(ids(client.search(index="pages", query=query, **more)))


def test_server_is_a_real_elasticsearch_9(client):
    assert client.ping()
    info = client.info()
    assert info["version"]["number"].split(".")[0] == "9"
    assert info["tagline"] == "You Know, for Search"
    assert info.meta.headers["x-elastic-product"] == "Elasticsearch"


def test_no_analysis_beyond_the_core_of_the_server_is_there(client):
    tokens = client.indices.analyze(analyzer="whitespace", text="招商 ABC 招商引资")["tokens"]
    assert [token["token"] for token in tokens] == ["招商", "ABC", "招商引资"]
    plugins = client.nodes.info(metric="plugins")["nodes"].values()
    assert [plugin["name"] for node in plugins for plugin in node["plugins"]] == ["front"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"match_all": {}}, {"1", "2", "3", "4"}),
        ({"term": {"title": "招商"}}, {"1", "3", "4"}),
        ({"terms": {"topics": ["land", "enclave"]}}, {"1", "2"}),
        ({"term": {"number": "jzf〔2023〕12"}}, {"1"}),
        ({"prefix": {"title": {"value": "科创"}}}, {"2"}),
        ({"range": {"year": {"gte": 2024, "lt": 2026}}}, {"2", "3", "4"}),
        ({"range": {"published": {"lte": "2024-03-01"}}}, {"1", "2"}),
        ({"exists": {"field": "topics"}}, {"1", "2", "3"}),
        ({"ids": {"values": ["2", "9"]}}, {"2"}),
        ({"constant_score": {"filter": {"term": {"live": True}}}}, {"1", "2", "3"}),
        (
            {
                "bool": {
                    "must": [{"term": {"title": "招商"}}],
                    "filter": [{"term": {"live": True}}],
                    "must_not": [{"term": {"kind": "event"}}],
                }
            },
            {"1"},
        ),
        (
            {
                "bool": {
                    "should": [{"term": {"title": word}} for word in ("招商", "引资", "政策")],
                    "minimum_should_match": 2,
                }
            },
            {"1"},
        ),
        ({"match": {"title": {"query": "招商 引资", "operator": "and"}}}, {"1"}),
        ({"match_phrase": {"title": "招商 推介"}}, {"3"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_queries_find(filled, query, expected):
    assert found(filled, query) == expected
    assert filled.count(index="pages", query=query)["count"] == len(expected)


def test_scores_add_up_by_clause_and_boost(filled):
    clauses = [
        {"constant_score": {"filter": {"term": {"title": word}}, "boost": boost}}
        for word, boost in (("招商", 2), ("引资", 3))
    ]
    answer = filled.search(index="pages", query={"bool": {"should": clauses}})
    assert [(hit["_id"], hit["_score"]) for hit in answer["hits"]["hits"]][0] == ("1", 5.0)
    assert {hit["_score"] for hit in answer["hits"]["hits"][1:]} == {2.0}


def test_sort_source_pages_and_total(filled):
    answer = filled.search(
        index="pages",
        query={"match_all": {}},
        sort=[{"year": "desc"}, {"number": {"order": "asc", "missing": "_last"}}, "_score"],
        source=["title"],
        from_=1,
        size=2,
        track_total_hits=True,
    )
    assert len(answer["hits"]["hits"]) == 2
    assert ids(answer)[1] == "2"
    assert answer["hits"]["total"] == {"value": 4, "relation": "eq"}
    assert set(answer["hits"]["hits"][0]["_source"]) == {"title"}


def test_facets_count_under_filters_of_their_own(filled):
    answer = filled.search(
        index="pages",
        size=0,
        query={"term": {"title": "招商"}},
        aggs={
            "live": {
                "filter": {"bool": {"filter": [{"term": {"live": True}}]}},
                "aggs": {
                    "topics": {"terms": {"field": "topics", "size": 50}},
                    "years": {"terms": {"field": "year", "order": {"_key": "desc"}}},
                },
            }
        },
    )
    live = answer["aggregations"]["live"]
    assert live["doc_count"] == 2
    assert {b["key"]: b["doc_count"] for b in live["topics"]["buckets"]} == {"money": 2, "land": 1}
    assert [b["key"] for b in live["years"]["buckets"]] == [2025, 2023]


def test_more_facet_values_than_ten_are_counted(client):
    client.indices.create(index="bodies", mappings={"properties": {"body": {"type": "keyword"}}})
    actions = [{"_index": "bodies", "body": f"body {n}"} for n in range(37)]
    bulk(client, actions, refresh=True)
    answer = client.search(
        index="bodies", size=0, aggs={"bodies": {"terms": {"field": "body", "size": 100}}}
    )
    assert len(answer["aggregations"]["bodies"]["buckets"]) == 37


def test_single_documents_come_and_go(filled):
    assert [doc["found"] for doc in filled.mget(index="pages", ids=["1", "9"])["docs"]] == [1, 0]
    filled.index(index="pages-1", id="9", document={"title": "新 文件"})
    assert found(filled, {"term": {"title": "新"}}) == set(), "not before the refresh"
    filled.indices.refresh(index="pages")
    assert found(filled, {"term": {"title": "新"}}) == {"9"}
    filled.delete(index="pages-1", id="9", refresh=True)
    assert (
        filled.options(ignore_status=404).delete(index="pages-1", id="9")["result"] == "not_found"
    )
    assert not filled.exists(index="pages", id="9")
    gone = [{"_op_type": "delete", "_index": "pages-1", "_id": key} for key in ("3", "8")]
    done, errors = bulk(filled, gone, refresh=True, raise_on_error=False)
    assert (done, [error["delete"]["status"] for error in errors]) == (1, [404])
    assert found(filled, {"match_all": {}}) == {"1", "2", "4"}


def test_old_version_of_a_document_is_refused(filled):
    filled.index(index="pages-1", id="1", document={}, version=5, version_type="external")
    with pytest.raises(ConflictError):
        filled.index(index="pages-1", id="1", document={}, version=4, version_type="external")


def test_alias_moves_to_another_index_in_one_step(filled):
    filled.indices.create(index="pages-2", settings=SETTINGS, mappings=MAPPINGS)
    filled.indices.update_aliases(
        actions=[
            {"remove": {"index": "pages-1", "alias": "pages"}},
            {"add": {"index": "pages-2", "alias": "pages"}},
        ]
    )
    assert list(filled.indices.get_alias(name="pages")) == ["pages-2"]
    assert filled.indices.exists_alias(name="pages")
    assert found(filled, {"match_all": {}}) == set()
    filled.indices.delete(index="pages-1")
    assert not filled.indices.exists(index="pages-1")


def test_settings_and_size_can_be_asked_and_changed(filled):
    filled.indices.put_settings(index="pages-1", settings={"refresh_interval": "1s"})
    settings = filled.indices.get_settings(index="pages")["pages-1"]["settings"]["index"]
    assert settings["refresh_interval"] == "1s"
    filled.indices.forcemerge(index="pages-1", max_num_segments=1)
    assert filled.indices.stats(index="pages")["_all"]["primaries"]["store"]["size_in_bytes"] > 0
    meta = {"built": "2026-11-24"}
    filled.indices.put_mapping(index="pages-1", meta=meta)
    assert filled.indices.get_mapping(index="pages")["pages-1"]["mappings"]["_meta"] == meta


def test_many_searches_in_one_request_and_a_walk_over_everything(filled):
    answer = filled.msearch(
        searches=[
            {"index": "pages"},
            {"query": {"term": {"title": "招商"}}, "size": 0},
            {"index": "pages"},
            {"query": {"term": {"title": "飞地"}}, "size": 0},
        ]
    )
    assert [one["hits"]["total"]["value"] for one in answer["responses"]] == [3, 1]
    seen, after = [], None
    while True:
        page = filled.search(
            index="pages", size=3, sort=[{"year": "asc"}, {"_doc": "asc"}], search_after=after
        )["hits"]["hits"]
        if not page:
            break
        seen += [hit["_id"] for hit in page]
        after = page[-1]["sort"]
    assert sorted(seen) == ["1", "2", "3", "4"]


def test_stopped_node_refuses_and_is_started_again_with_its_data(
    elasticsearch_node, filled, monkeypatch, capsys
):
    """By what `make run SEARCH=elasticsearch` does when its node ends while the site runs."""
    url = elasticsearch_node.url
    monkeypatch.setattr(run, "SECONDS_BETWEEN_STARTS", 0.2)
    assert run.revive(elasticsearch_node, 0.0) == 0.0
    elasticsearch_node.stop()
    assert not elasticsearch_node.is_running()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), 1)
    with pytest.raises(ConnectionError), Elasticsearch(url, max_retries=0) as impatient:
        impatient.search(index="pages")

    noticed = run.revive(elasticsearch_node, 0.0)
    assert noticed > 0
    assert "the site goes on without it" in capsys.readouterr().err
    assert run.revive(elasticsearch_node, noticed) == noticed
    time.sleep(0.3)
    assert run.revive(elasticsearch_node, noticed) == 0.0
    elasticsearch_node.wait()
    assert elasticsearch_node.url == url
    assert answers(url)
    assert found(filled, {"term": {"title": "飞地"}}) == {"2"}, "a client recovers by itself"


def test_next_test_gets_the_node_running_and_empty(elasticsearch_node, client):
    assert elasticsearch_node.is_running()
    assert client.indices.get(index="*") == {}


def test_unusable_node_is_told_with_the_end_of_its_log(elasticsearch_node, tmp_path):
    port = elasticsearch_node.url.rpartition(":")[2]
    node = Node(tmp_path, ports=port)
    with pytest.raises(NodeError, match="Address already in use"):
        node.start()
    assert not node.is_running()


def test_node_is_built_once():
    folder = Path(
        subprocess.run([BUILD], capture_output=True, text=True, check=True).stdout.strip()
    )
    before = folder.stat().st_mtime_ns
    again = subprocess.run([BUILD], capture_output=True, text=True, check=True)
    assert (Path(again.stdout.strip()), again.stderr) == (folder, "")
    assert folder.stat().st_mtime_ns == before
    tracked = subprocess.run(["git", "ls-files", "*.jar"], cwd=ROOT, capture_output=True, text=True)
    assert tracked.stdout == "", "the jars carry a licence of their own"


ASK = (
    "import os, sys, urllib.request as r;"
    "print(os.environ['ELASTICSEARCH_URL'], os.getppid(), flush=True);"
    "assert b'for Search' in r.urlopen(os.environ['ELASTICSEARCH_URL']).read();"
)


@pytest.fixture
def run_beside_node(tmp_path):
    """Start run.sh with a Python program; what it prints first: the node's address, and its parent."""
    processes = []

    def start(program: str) -> tuple[subprocess.Popen, str]:
        process = subprocess.Popen(
            [RUN, sys.executable, "-c", ASK + program],
            cwd=tmp_path,
            env=os.environ | {"TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process, process.stdout.readline().split()[0]

    yield start
    for process in processes:
        process.kill()
        process.wait()


def nothing_is_left(url: str, folder: Path) -> bool:
    deadline = time.monotonic() + 10
    while any(folder.iterdir()) or answers(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def test_command_gets_a_node_and_its_exit_code_is_kept(run_beside_node, tmp_path):
    process, url = run_beside_node("sys.exit(7)")
    assert process.wait(30) == 7
    assert nothing_is_left(url, tmp_path)


def test_signal_ends_command_and_node(run_beside_node, tmp_path):
    process, url = run_beside_node("import time; time.sleep(600)")
    assert answers(url)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 128 + signal.SIGTERM
    assert nothing_is_left(url, tmp_path)


def test_killed_run_takes_its_node_along(run_beside_node):
    process, url = run_beside_node("import time; time.sleep(600)")
    process.kill()
    deadline = time.monotonic() + 20
    while answers(url):
        assert time.monotonic() < deadline
        time.sleep(0.1)
