"""Elasticsearch for the tests that are marked with it: a real node, which they may stop."""

import pytest
from elasticsearch import Elasticsearch

from deploy.elasticsearch.node import Node


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
