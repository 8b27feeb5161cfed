"""modelsearch's Elasticsearch 9 backend with our reading of Chinese, and the database behind it.

The index holds our tokens in fields with the built-in `whitespace` analyzer, so an ordinary
Elasticsearch needs no plugin. When it does not answer, the same question goes to the database
(search.health says when it is asked again); what changes meanwhile waits in `PendingChange`, and a
page that waits there is left out of what Elasticsearch says.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy

from django.db import models, transaction
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError
from elasticsearch.helpers import BulkIndexError, scan
from elasticsearch.serializer import JsonSerializer
from modelsearch.backends import elasticsearch9 as stock
from modelsearch.backends.base import get_model_root
from modelsearch.index import FilterField, class_is_indexed, get_indexed_models
from modelsearch.query import And, MatchAll, Not, Or, Phrase, PlainText
from modelsearch.utils import deep_update
from wagtail.models import Page

from search import changes, health, matching
from search.analysis import VERSION
from search.backends.database import SearchBackend as DatabaseBackend
from search.backends.queries import word_tokens
from search.documents import Document, PageDocument, documents_for
from search.entries import next_stamp, tokens_of
from search.facets import FACETS
from search.matching import AT_PLACE, IN_TITLE, RANK, SECOND_LOOK, TITLE_STEP, Found, Scope
from search.models import Entry, IndexState, PendingChange
from search.plan import Plan, Word

# What it means that Elasticsearch is not there: no answer, too late, or an answer of distress.
FAILURES = (TransportError, ApiError)
# Seconds that the makers of an index may take; a reader's question has TIMEOUT.
PATIENT = 60
# More waiting changes than this are not left out one by one: the database answers.
MOST_LEFT_OUT = 1000
# Buckets of a facet; a district has fewer issuing bodies than this.
MOST_VALUES = 1000
# Elasticsearch refuses to count further into a list.
WINDOW = 10_000

TOKEN_COLUMNS = ("title", "body", "completed")
# The answers to a write that comes too late, and to a delete of what is not there.
CONFLICT, MISSING = 409, 404
_TOKENS = {
    "type": "text",
    "analyzer": "whitespace",
    "norms": False,
    "index_options": "docs",
}
_PAGE_FIELDS = {
    "page_id": {"type": "long"},
    "public": {"type": "boolean"},
    "locale": {"type": "keyword"},
    "kind": {"type": "keyword"},
    "day": {"type": "integer"},
    "valid": {"type": "boolean"},
    "rank": {"type": "byte"},
    "place": {"type": "keyword"},
    "title_steps": {"type": "byte"},
    **{f"facet_{name}": {"type": "keyword"} for name in FACETS},
}


class Mapping(stock.Elasticsearch9Mapping):
    def get_mapping(self):
        kept = {
            name: {key: value for key, value in field.items() if key != "copy_to"}
            for name, field in super().get_mapping()["properties"].items()
            if field["type"] not in ("text", "nested")
        }
        fields: dict[str, dict] = dict.fromkeys(TOKEN_COLUMNS, _TOKENS)
        fields["fingerprint"] = {"type": "keyword", "index": False}
        if issubclass(self.model, Page):
            fields |= _PAGE_FIELDS
        return {
            # The tokens are only searched: what is shown comes from the database.
            "_source": {"excludes": list(TOKEN_COLUMNS)},
            "dynamic": False,
            "properties": kept | fields,
        }

    def get_document(self, obj):
        return self.document(obj, documents_for([obj])[0])

    def document(self, obj: models.Model, document: Document) -> dict:
        """What Elasticsearch keeps of an object."""
        title, body, completed = tokens_of(document)
        content = {
            "pk": str(obj.pk),
            "_django_content_type": self.get_all_content_types(),
            "title": title,
            "body": body,
            "completed": completed,
            "fingerprint": document.fingerprint,
        }
        for field in self.model.get_search_fields():
            if isinstance(field, FilterField):
                name, value, _completed = self._get_document_field_data(field, obj)
                content[name] = value
        if isinstance(document, PageDocument):
            length = document.title_length
            content |= {
                "page_id": obj.pk,
                "public": document.public,
                "locale": document.locale,
                "kind": document.kind,
                "day": document.dated_on.toordinal() if document.dated_on else 0,
                "valid": document.valid,
                "rank": document.rank,
                "place": document.place,
                "title_steps": sum(length <= limit for limit in matching.TITLE_STEPS),
                **{f"facet_{name}": codes for name, codes in document.facets.items()},
            }
        return content


class Index(stock.Elasticsearch9Index):
    """An index, or the alias by which the site knows it."""

    def __init__(self, backend, name):
        super().__init__(backend, name)
        # For those who make an index; a reader's question goes through `backend.es`.
        self.es = backend.es.options(request_timeout=PATIENT)

    def exists(self):
        return self.es.indices.exists(index=self.name)

    def aliased_indices(self):
        """The indexes behind the alias; none when there is no such alias."""
        try:
            return super().aliased_indices()
        except NotFoundError:
            return []

    def add_items(self, model, items, version: int | None = None):
        """Add objects of one model.

        Args:
            version: a number that grows; what was written with a higher one stays.

        Raises:
            FAILURES, BulkIndexError: Elasticsearch did not take them.
        """
        if not class_is_indexed(model):
            return
        mapping = self.mapping_class(model)
        items = list(items)
        self._write(
            (
                {"_id": mapping.get_document_id(item), **mapping.document(item, document)}
                for item, document in zip(items, documents_for(items), strict=True)
            ),
            version,
        )

    def add_item(self, item):
        self.add_items(type(item), [item])

    def delete_ids(self, keys: Iterable[str], version: int | None = None) -> None:
        """Take out objects that are gone; those that are not there don't matter. See `add_items`."""
        self._write(({"_op_type": "delete", "_id": key} for key in keys), version, MISSING)

    def _write(self, actions: Iterable[dict], version: int | None, *harmless: int) -> None:
        numbered = {} if version is None else {"version": version, "version_type": "external_gte"}
        # An index that is gone must be made with its mapping, never by the way.
        known = self.name in {index.name for index in self.backend.all_indexes()}
        _done, errors = self.backend.bulk(
            self.es,
            ({**numbered, **action} for action in actions),
            index=self.name,
            require_alias=known,
            raise_on_error=False,
        )
        wrong = [error for error in errors if not _is_harmless(error, CONFLICT, *harmless)]
        if wrong:
            raise BulkIndexError(f"{len(wrong)} documents were not indexed", wrong)

    def version(self) -> str:
        """The analysis that a complete index was written with; empty when there is none."""
        try:
            answer = self.backend.es.indices.get_mapping(index=self.name)
        except NotFoundError:
            return ""
        found = {
            mapping["mappings"].get("_meta", {}).get("analysis", "") for mapping in answer.values()
        }
        return found.pop() if len(found) == 1 else ""

    def contents(self) -> dict[str, str]:
        """What the index keeps of every object, as a digest (see `digest`), by its key."""
        try:
            self.refresh()
            return {hit["_id"]: digest(hit["_source"]) for hit in self._all({"match_all": {}})}
        except NotFoundError:
            return {}

    def without(self, column: str) -> set[str]:
        """The keys of objects that have no tokens in a column."""
        query = {"bool": {"must_not": {"exists": {"field": column}}}}
        try:
            return {hit["_id"] for hit in self._all(query, _source=False)}
        except NotFoundError:
            return set()

    def keys(self) -> Iterator[str]:
        return (hit["_id"] for hit in self._all({"match_all": {}}, _source=False))

    def _all(self, query: dict, **more):
        return scan(self.es, index=self.name, query={"query": query, **more}, size=2000)


def _is_harmless(error: dict, *statuses: int) -> bool:
    """Whether a part of a bulk request failed as it may: not because there is no index."""
    said = next(iter(error.values()))
    return said["status"] in statuses and "index_not_found" not in str(said.get("error"))


def digest(content: dict) -> str:
    """A document without its tokens as a short text, the same before and after its travels."""
    kept = {key: value for key, value in content.items() if key not in TOKEN_COLUMNS}
    text = json.dumps(json.loads(JsonSerializer().dumps(kept)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Rebuilder(stock.Elasticsearch9SearchBackend.atomic_rebuilder_class):
    """Makes a new index beside the one that answers, and puts it in its place in one step."""

    def start(self):
        # What changes from here on may have been read before.
        self.begun = IndexState.load().stamp
        # All in one request: each that alters an index takes Elasticsearch a tenth of a second.
        self.index.es.indices.create(
            index=self.index.name,
            settings=deep_update(
                deepcopy(self.index.backend.settings["settings"]),
                {"index": {"refresh_interval": "-1"}},
            ),
            mappings=self._mappings(),
        )
        return self.index

    def _mappings(self) -> dict:
        """The fields of all models that are kept in this index."""
        backend = self.index.backend
        mappings: dict = {}
        for model in get_indexed_models():
            if backend.get_index_for_model(model).name == self.alias.name:
                deep_update(mappings, backend.mapping_class(model).get_mapping())
        return mappings

    def finish(self):
        self.index.es.indices.put_settings(
            index=self.index.name, settings={"index": {"refresh_interval": None}}
        )
        self.index.es.indices.put_mapping(index=self.index.name, meta={"analysis": VERSION})
        self.index.refresh()
        there = set(self.index.keys())
        # Who may read a page is written with `IndexState` locked: nothing changes during the step.
        with transaction.atomic():
            next_stamp()
            root = self.alias.backend.root_behind(self.alias.name)
            changes.note(root, self._changed(root, there))
            self._take_the_place()

    def _changed(self, root: type[models.Model], there: set[str]) -> set[str]:
        """The objects that may be otherwise than they were read; what was sent went to the old index."""
        now = {str(pk) for pk in root._default_manager.values_list("pk", flat=True)}
        if root is not Page:
            return now | there  # they have no stamps, and are few
        changed = Entry.objects.filter(stamp__gt=self.begun).values_list("pk", flat=True)
        return {str(pk) for pk in changed} | (there - now)

    def abandon(self) -> None:
        """Take the unfinished index away, if Elasticsearch still answers."""
        with suppress(*FAILURES):
            self.index.delete()

    def _take_the_place(self) -> None:
        steps: list[dict] = [{"add": {"index": self.index.name, "alias": self.alias.name}}]
        old = [index.name for index in self.alias.aliased_indices()]
        if not old and self.alias.exists():
            old = [self.alias.name]  # an index of that name, not of our making
        steps += [{"remove_index": {"index": name}} for name in old]
        self.index.es.indices.update_aliases(actions=steps)


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
        if not isinstance(query, PlainText | Phrase):
            raise NotImplementedError(
                f"`{type(query).__name__}` is not supported by this search backend."
            )
        wanted = word_tokens(query.query_string, last_is_prefix=self.last_is_prefix)
        if not wanted:
            return {"match_none": {}}
        column = self.column
        if column == "body" and self.fields and set(self.fields) == {"title"}:
            column = "title"
        either = isinstance(query, PlainText) and query.operator.lower() == "or"
        clauses = [_token(column, token) for token in wanted]
        found = {"bool": {"should": clauses}} if either else {"bool": {"filter": clauses}}
        if self.column != "body":
            return found
        # What is in the title before what is in the text.
        in_title = {"bool": {"filter": [_token("title", token) for token in wanted]}}
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


class SearchBackend(stock.Elasticsearch9SearchBackend):
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
        waiting = left_out() if health.usable() else None
        if waiting is None:
            return self.database.find(plan, scope, state)
        try:
            return self._find(plan, scope, waiting)
        except FAILURES as error:
            health.failed(error)
            return self.database.find(plan, scope, state)

    def _find(self, plan: Plan, scope: Scope, waiting: Sequence[int]) -> Found:
        by_date = scope.by_date or plan.is_empty
        first = 0 if not by_date and scope.start < SECOND_LOOK else scope.start
        last = max(scope.stop, SECOND_LOOK) if first == 0 and not by_date else scope.stop
        chosen = {
            name: {"terms": {f"facet_{name}": list(codes)}}
            for name, codes in scope.filters.items()
            if codes
        }
        body = {
            "query": query_of(plan, scope, waiting, scored=not by_date),
            "sort": [{"day": "desc"}, {"page_id": "desc"}]
            if by_date
            else [{"valid": "desc"}, "_score", {"page_id": "desc"}],
            "from_": min(first, WINDOW - 1),
            "size": max(0, min(last, WINDOW) - first),
            "track_total_hits": True,
            "source": False,
            "docvalue_fields": ["page_id"],
            "aggregations": {
                name: {
                    "filter": {
                        "bool": {"filter": [f for other, f in chosen.items() if other != name]}
                    },
                    "aggregations": {
                        "values": {"terms": {"field": f"facet_{name}", "size": MOST_VALUES}}
                    },
                }
                for name in FACETS
            },
        }
        if chosen:
            body["post_filter"] = {"bool": {"filter": list(chosen.values())}}
        answer = self.es.search(index=self.get_index_for_model(Page).name, **body)
        ids = [hit["fields"]["page_id"][0] for hit in answer["hits"]["hits"]]
        return Found(
            total=answer["hits"]["total"]["value"],
            facets={
                name: {b["key"]: b["doc_count"] for b in found["values"]["buckets"]}
                for name, found in answer["aggregations"].items()
            },
            best=[] if by_date else ids[:SECOND_LOOK] if first == 0 else [],
            part=ids[scope.start - first : scope.stop - first],
            engine="elasticsearch",
        )


def left_out() -> list[int] | None:
    """Pages that Elasticsearch may know wrongly; None when there are too many."""
    ids = PendingChange.objects.filter(model="wagtailcore.page").values_list("object_id", flat=True)
    waiting = [int(pk) for pk in ids.distinct()[: MOST_LEFT_OUT + 1]]
    return waiting if len(waiting) <= MOST_LEFT_OUT else None


def query_of(plan: Plan, scope: Scope, waiting: Sequence[int], scored: bool) -> dict:
    """The query of a plan: who may be found as filters, the rough order as constant scores."""
    filters: list[dict] = [{"term": {"public": True}}]
    if not scope.anywhere:
        filters.append({"term": {"locale": scope.locale}})
    if scope.only:
        filters.append({"terms": {"page_id": list(scope.only)}})
    if scope.kinds:
        filters.append({"terms": {"kind": list(scope.kinds)}})
    filters += [{"term": {"body": number}} for number in plan.numbers]
    if plan.deciding:
        enough = [
            _all(_present("body", plan.deciding[i]) for i in chosen if not plan.deciding[i].common)
            for chosen in plan.combinations
        ]
        filters.append(_any([*enough, *(_present("title", word) for word in plan.heavy)]))
    query: dict = {"filter": filters}
    if waiting:
        query["must_not"] = [{"terms": {"page_id": list(waiting)}}]
    if scored:
        query["should"] = [clause for word in plan.words for clause in _scores(word)]
        query["should"] += [_score({"term": {"rank": n}}, RANK * n) for n in (1, 2, 3)]
        query["should"] += [
            _score({"term": {"title_steps": n}}, TITLE_STEP * n)
            for n in range(1, len(matching.TITLE_STEPS) + 1)
        ]
    return {"bool": query}


def _scores(word: Word) -> list[dict]:
    found = []
    if word.tokens:
        found.append(_score(_present("title", word), IN_TITLE * word.weight))
        if not word.common:
            found.append(_score(_present("body", word), word.weight))
    if word.place:
        own, above = [word.place.name, word.place.short], word.place.province
        found.append(_score({"terms": {"place": own}}, AT_PLACE))
        if above not in own:
            found.append(_score({"term": {"place": above}}, AT_PLACE / 2))
    return found


def _score(clause: dict, boost: float) -> dict:
    return {"constant_score": {"filter": clause, "boost": boost}}


def _present(column: str, word: Word) -> dict:
    return _any(_all(_token(column, token) for token in tokens) for tokens in word.tokens)


def _token(column: str, token: str) -> dict:
    if token.endswith("*"):
        return {"prefix": {column: token.rstrip("*")}}
    return {"term": {column: token}}


def _all(clauses) -> dict:
    clauses = list(clauses)
    if not clauses:
        return {"match_all": {}}
    return clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}}


def _any(clauses) -> dict:
    clauses = list(clauses)
    if not clauses:
        return {"match_none": {}}
    if len(clauses) == 1:
        return clauses[0]
    return {"bool": {"should": clauses, "minimum_should_match": 1}}
