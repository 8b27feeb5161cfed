"""modelsearch's Elasticsearch 9 backend with our reading of Chinese, and the database behind it.

The index holds our tokens in fields with the built-in `whitespace` analyzer, so an ordinary
Elasticsearch needs no plugin. When it does not answer, the same question goes to the database
(search.health says when it is asked again); what changes meanwhile waits in `PendingChange`, and a
page that waits there is left out of what Elasticsearch says.
"""

import os
from collections.abc import Sequence

from django.db import models
from elasticsearch import Elasticsearch
from modelsearch.backends import elasticsearch9 as stock
from modelsearch.backends.base import get_model_root
from modelsearch.index import get_indexed_models
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText
from wagtail.models import Page

from search import health
from search.backends.database import SearchBackend as DatabaseBackend
from search.backends.elasticsearch_index import FAILURES, Index, Mapping, Rebuilder
from search.backends.elasticsearch_queries import query_of, token_clause
from search.backends.queries import word_tokens
from search.facets import FACETS
from search.matching import SECOND_LOOK, Found, Scope
from search.models import IndexState
from search.plan import Plan
from search.state import MOST_LEFT_OUT

# Buckets of a facet; a district has fewer issuing bodies than this.
MOST_VALUES = 1000
# Elasticsearch refuses to count further into a list.
WINDOW = 10_000


class _Chinese:
    """Queries of the admin: all words, each anywhere in the text (or in the title alone)."""

    column = "body"
    last_is_prefix = False

    def get_inner_query(self):
        return self._ours(self.query)

    def _ours(self, query):
        if isinstance(query, MatchAll):
            return {"match_all": {}}
        if isinstance(query, And):
            return {"bool": {"must": [self._ours(part) for part in query.subqueries]}}
        if isinstance(query, Or):
            return {"bool": {"should": [self._ours(part) for part in query.subqueries]}}
        if isinstance(query, Not):
            return {"bool": {"must_not": self._ours(query.subquery)}}
        if isinstance(query, Boost):
            return self._ours(query.subquery)  # the order is not by weights
        if not isinstance(query, PlainText | Phrase | Fuzzy):
            # As modelsearch's own backends say it.
            raise NotImplementedError(
                f"`{type(query).__name__}` is not supported by this search backend."
            )
        wanted = word_tokens(query.query_string, last_is_prefix=self.last_is_prefix)
        if not wanted:
            return {"match_none": {}}
        column = self.column
        if column == "body" and self.fields and set(self.fields) == {"title"}:
            column = "title"
        either = isinstance(query, PlainText | Fuzzy) and query.operator.lower() == "or"
        clauses = [token_clause(column, token) for token in wanted]
        found = {"bool": {"should": clauses}} if either else {"bool": {"filter": clauses}}
        if self.column != "body":
            return found
        # What is in the title before what is in the text.
        in_title = {"bool": {"filter": [token_clause("title", token) for token in wanted]}}
        return {"bool": {"must": found, "should": {"constant_score": {"filter": in_title}}}}


class QueryCompiler(_Chinese, stock.Elasticsearch9SearchQueryCompiler):
    mapping_class = Mapping
    DEFAULT_OPERATOR = "and"


class AutocompleteQueryCompiler(_Chinese, stock.Elasticsearch9AutocompleteQueryCompiler):
    mapping_class = Mapping
    DEFAULT_OPERATOR = "and"
    column = "completed"
    last_is_prefix = True


class Results(stock.Elasticsearch9SearchResults):
    """Results of the admin's lists; the database's when Elasticsearch fails while it is asked."""

    def _instead(self):
        compiler = self.query_compiler
        again = self.backend.database._search(
            self.backend.database.autocomplete_query_compiler_class
            if isinstance(compiler, AutocompleteQueryCompiler)
            else self.backend.database.query_compiler_class,
            compiler.query,
            compiler.queryset,
            fields=compiler.fields,
            order_by_relevance=compiler.order_by_relevance,
        )
        again.start, again.stop, again._score_field = self.start, self.stop, self._score_field
        return again

    def _do_search(self):
        try:
            return list(super()._do_search())
        except FAILURES as error:
            health.failed(error)
            return self._instead()._do_search()

    def _do_count(self):
        try:
            return super()._do_count()
        except FAILURES as error:
            health.failed(error)
            return self._instead()._do_count()

    def facet(self, field_name):
        """As modelsearch's, with more than ten values and without a made-up one."""
        field = self.query_compiler._get_filterable_field(field_name)
        if field is None:
            return super().facet(field_name)  # which says what is wrong
        column = self.query_compiler.mapping.get_field_column_name(field)
        body = self._get_es_body(for_count=True)
        body["aggregations"] = {"values": {"terms": {"field": column, "size": MOST_VALUES}}}
        name = self.backend.get_index_for_model(self.query_compiler.queryset.model).name
        try:
            answer = self._backend_do_search(body, index=name, size=0)
        except FAILURES as error:
            health.failed(error)
            return self._instead().facet(field_name)
        return {b["key"]: b["doc_count"] for b in answer["aggregations"]["values"]["buckets"]}


_clients: dict[tuple[int, str], Elasticsearch] = {}


def client(**options) -> Elasticsearch:
    """The client for these options, one for each process, so that its connections stay open.

    A backend is made for every question: a client of its own would connect anew each time.
    """
    wanted = os.getpid(), repr(options)
    if wanted not in _clients:
        _clients[wanted] = Elasticsearch(**options)
    return _clients[wanted]


class SearchBackend(stock.Elasticsearch9SearchBackend):
    client_class = staticmethod(client)
    mapping_class = Mapping
    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    results_class = Results
    atomic_rebuilder_class = Rebuilder
    # One index per kind of object, one shard: the site is small and counts are then exact.
    settings = {
        "settings": {
            "index": {"number_of_shards": 1, "max_result_window": WINDOW, "max_terms_count": 65536}
        }
    }

    def __init__(self, params):
        params = {"OPTIONS": {}, "TIMEOUT": 2, **params}
        # A search waits for one answer only; the database has the next.
        params["OPTIONS"] = {"max_retries": 0, "retry_on_timeout": False, **params["OPTIONS"]}
        super().__init__(params)
        self.database = DatabaseBackend({})

    def root_behind(self, name: str) -> type[models.Model]:
        """The model whose objects are in the index of that name."""
        roots = {get_model_root(model) for model in get_indexed_models()}
        return next(root for root in roots if self.get_index_for_model(root).name == name)

    def _search(self, query_compiler_class, query, model_or_queryset, **kwargs):
        if not health.usable():
            name = (
                "autocomplete"
                if query_compiler_class is self.autocomplete_query_compiler_class
                else "search"
            )
            return getattr(self.database, name)(query, model_or_queryset, **kwargs)
        return super()._search(query_compiler_class, query, model_or_queryset, **kwargs)

    def find(self, plan: Plan, scope: Scope, state: IndexState) -> Found:
        """The public pages that match, counted and roughly ordered; by the database in distress."""
        if plan.absent:
            return Found()
        if _answers(state):
            try:
                return self._find(plan, scope, state.waiting)
            except FAILURES as error:
                _failed(error, state)
        return self.database.find(plan, scope, state)

    def totals(self, asked: Sequence[tuple[Plan, Scope]], state: IndexState) -> list[int]:
        """How many public pages match each plan in its scope: one message for all."""
        possible = [(plan, scope) for plan, scope in asked if not plan.absent]
        if possible and _answers(state):
            try:
                counted = iter(self._totals(possible, state.waiting))
                return [0 if plan.absent else next(counted) for plan, _scope in asked]
            except FAILURES as error:
                _failed(error, state)
        return self.database.totals(asked, state)

    def _totals(self, asked: Sequence[tuple[Plan, Scope]], waiting: Sequence[int]) -> list[int]:
        clauses = {
            str(number): {
                "bool": {
                    "filter": [
                        query_of(plan, scope, waiting, scored=False),
                        *_filters(scope).values(),
                    ]
                }
            }
            for number, (plan, scope) in enumerate(asked)
        }
        answer = self.es.search(
            index=self.get_index_for_model(Page).name,
            size=0,
            track_total_hits=False,
            aggregations={"totals": {"filters": {"filters": clauses}}},
        )
        found = answer["aggregations"]["totals"]["buckets"]
        return [found[name]["doc_count"] for name in clauses]

    def _find(self, plan: Plan, scope: Scope, waiting: Sequence[int]) -> Found:
        by_date = scope.by_date or plan.is_empty
        first = 0 if not by_date and scope.start < SECOND_LOOK else scope.start
        last = max(scope.stop, SECOND_LOOK) if first == 0 and not by_date else scope.stop
        chosen = _filters(scope)
        body = {
            "query": query_of(plan, scope, waiting, scored=not by_date),
            "sort": [{scope.day: "desc"}, {"page_id": "desc"}]
            if by_date
            else [{"valid": "desc"}, "_score", {"page_id": "desc"}],
            "from_": min(first, WINDOW - 1),
            "size": max(0, min(last, WINDOW) - first),
            "track_total_hits": True,
            # Nothing that is stored, not even the key of the document: only a number of each hit.
            "stored_fields": "_none_",
            "docvalue_fields": ["page_id"],
        }
        if scope.with_facets:
            body["aggregations"] = {name: counted(name, chosen) for name in FACETS}
        if chosen:
            body["post_filter"] = {"bool": {"filter": list(chosen.values())}}
        answer = self.es.search(index=self.get_index_for_model(Page).name, **body)
        ids = [hit["fields"]["page_id"][0] for hit in answer["hits"]["hits"]]
        return Found(
            total=answer["hits"]["total"]["value"],
            facets={
                name: {b["key"]: b["doc_count"] for b in found.get("values", found)["buckets"]}
                for name, found in answer.get("aggregations", {}).items()
            },
            best=[] if by_date else ids[:SECOND_LOOK] if first == 0 else [],
            part=ids[scope.start - first : scope.stop - first],
            engine="elasticsearch",
        )


def _filters(scope: Scope) -> dict[str, dict]:
    """What was chosen of each facet, as a clause."""
    return {
        name: {"terms": {f"facet_{name}": list(codes)}}
        for name, codes in scope.filters.items()
        if codes
    }


def counted(name: str, chosen: dict[str, dict]) -> dict:
    """How often each value of a facet comes, under what was chosen of the other facets."""
    values = {"terms": {"field": f"facet_{name}", "size": MOST_VALUES}}
    others = [clause for other, clause in chosen.items() if other != name]
    if not others:  # a filter that lets everything through would be asked of each document
        return values
    return {"filter": {"bool": {"filter": others}}, "aggregations": {"values": values}}


def _answers(state: IndexState) -> bool:
    """Whether Elasticsearch is there and knows enough: what it may know wrongly is left out."""
    return health.usable(state.engine) and len(state.waiting) <= MOST_LEFT_OUT


def _failed(error: Exception, state: IndexState) -> None:
    health.failed(error)
    # As the others see it from now on; a refused question leaves it as it was.
    state.engine.refresh_from_db()
