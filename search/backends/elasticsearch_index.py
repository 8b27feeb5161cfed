"""What Elasticsearch holds of the site: the fields, the documents, and how an index is made anew."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import deepcopy
from functools import cached_property

from django.db import models, transaction
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError
from elasticsearch.helpers import BulkIndexError, scan
from elasticsearch.serializer import JsonSerializer
from modelsearch.backends import elasticsearch9 as stock
from modelsearch.index import FilterField, class_is_indexed, get_indexed_models
from modelsearch.utils import deep_update
from wagtail.models import Page

from search import changes, matching
from search.analysis import VERSION
from search.columns import ordinal
from search.documents import Document, PageDocument, documents_for
from search.entries import next_stamp, tokens_of
from search.facets import FACETS
from search.models import Entry, IndexState, PendingChange

# What it means that Elasticsearch is not there: no answer, too late, or an answer of distress.
FAILURES = (TransportError, ApiError)
# Seconds that the makers of an index may take; a reader's question has TIMEOUT.
PATIENT = 60
# … and putting an index of a million pages in one piece.
MERGING = 1800

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
    **{name: {"type": "integer"} for name in matching.DAYS},
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

    @cached_property
    def _filters(self) -> list[FilterField]:
        fields = self.model.get_search_fields()
        return [field for field in fields if isinstance(field, FilterField)]

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
        for field in self._filters:
            name, value, _completed = self._get_document_field_data(field, obj)
            content[name] = value
        if isinstance(document, PageDocument):
            length = document.title_length
            content |= {
                "page_id": obj.pk,
                "public": document.public,
                "locale": document.locale,
                "kind": document.kind,
                "day": ordinal(document.dated_on),
                "published": ordinal(document.published_on),
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
        self.write(self.actions(model, list(items)), version)

    def actions(self, model, items: list) -> list[dict]:
        """What Elasticsearch is told of objects of one model."""
        if not class_is_indexed(model):
            return []
        mapping = self.mapping_class(model)
        return [
            {"_id": mapping.get_document_id(item), **mapping.document(item, document)}
            for item, document in zip(items, documents_for(items), strict=True)
        ]

    def add_item(self, item):
        self.add_items(type(item), [item])

    def delete_ids(self, keys: Iterable[str], version: int | None = None) -> None:
        """Take out objects that are gone; those that are not there don't matter. See `add_items`."""
        self.write(({"_op_type": "delete", "_id": key} for key in keys), version, MISSING)

    def write(self, actions: Iterable[dict], version: int | None, *harmless: int) -> None:
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

    def version(self, *, patient: bool = False) -> str:
        """The analysis that a complete index was written with; empty when there is none."""
        client = self.es if patient else self.backend.es
        try:
            answer = client.indices.get_mapping(index=self.name)
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
        # What changes from here on may have been read before; what waits now will be read.
        self.begun = IndexState.load().stamp
        self.waiting = list(
            PendingChange.objects.filter(model=self._root._meta.label_lower)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
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
        # Nobody reads it yet: in one piece each word is looked up once for a search, not ten times.
        patient = self.index.es.options(request_timeout=MERGING)
        patient.indices.forcemerge(index=self.index.name, max_num_segments=1)
        self.index.refresh()
        there = set(self.index.keys())
        # Who may read a page is written with `IndexState` locked: nothing changes during the step.
        with transaction.atomic():
            next_stamp()
            for start in range(0, len(self.waiting), 500):
                done = self.waiting[start : start + 500]
                PendingChange.objects.filter(pk__in=done).delete()
            changes.note(self._root, self._changed(self._root, there))
            self._take_the_place()

    @property
    def _root(self) -> type[models.Model]:
        return self.alias.backend.root_behind(self.alias.name)

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
