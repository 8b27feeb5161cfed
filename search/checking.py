"""The index compared with the database, object by object, and repaired."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from modelsearch.index import get_indexed_models

from search import changes, entries, fulltext, upkeep
from search.changes import root_of
from search.documents import Document, PageDocument, documents_for
from search.models import Entry
from search.upkeep import DATABASE, ELASTICSEARCH, Progress
from search.vocabulary import text_columns

# What an entry takes over from a document, in names that both have.
FACTS = [
    field.name for field in Entry._meta.fields if field.name not in ("page", "index_id", "stamp")
]
# The columns of tokens on PostgreSQL, in the order of `entries.tokens_of`.
VECTORS = ("title", "body", "autocomplete")


@dataclass
class Differences:
    """Objects by the label of their root model whose entry is missing, old, or of nothing."""

    missing: dict[str, set[str]] = field(default_factory=dict)
    old: dict[str, set[str]] = field(default_factory=dict)
    extra: dict[str, set[str]] = field(default_factory=dict)
    # The full-text table of SQLite says that it does not fit its source.
    broken: bool = False
    checked: int = 0

    def __bool__(self) -> bool:
        return self.broken or bool(self.missing or self.old or self.extra)

    def number(self, kind: str) -> int:
        return sum(len(ids) for ids in getattr(self, kind).values())


def check(engine: str, progress: Progress = lambda number: None) -> Differences:
    """Compare an engine's index with the database, object by object.

    What stands in the index is compared with what would be written now, its words included. On
    Elasticsearch, whose words can't be read back, their fingerprint is compared.

    Raises:
        health.failures(): Elasticsearch failed.
    """
    found = Differences()
    known, is_same = (
        _in_database() if engine == DATABASE else _in_elasticsearch(upkeep.elasticsearch())
    )
    for model in get_indexed_models():
        label = root_of(model)._meta.label_lower
        there = known.setdefault(label, {})
        for chunk in upkeep.batches(model):
            for thing, document in zip(chunk, documents_for(chunk), strict=True):
                pk = str(thing.pk)
                if pk not in there:
                    found.missing.setdefault(label, set()).add(pk)
                elif not is_same(label, there.pop(pk), thing, document):
                    found.old.setdefault(label, set()).add(pk)
            found.checked += len(chunk)
            progress(len(chunk))
    for label, left in known.items():
        if left:
            found.extra[label] = set(left)
    if engine == DATABASE:
        found.broken = not fulltext.is_whole()
    return found


# {label of a root model: {key: what the index has}}, and whether that is what it should have.
Known = dict[str, dict[str, object]]
Test = Callable[[str, object, models.Model, Document], bool]


def _in_database() -> tuple[Known, Test]:
    table = entries.index_entry()
    columns = [*text_columns(), *(["autocomplete"] if connection.vendor == "sqlite" else [])]
    facts = {row[0]: row[1:] for row in Entry.objects.values_list("index_id", *FACTS)}
    vectors = _vectors() if connection.vendor == "postgresql" else {}
    rows = table._default_manager.values_list("pk", "content_type", "object_id", *columns)
    known: Known = {}
    for pk, content_type, object_id, *texts in rows.iterator(chunk_size=500):
        model = ContentType.objects.get_for_id(content_type).model_class()
        label = root_of(model)._meta.label_lower if model else f"content type {content_type}"
        has = (_hash(text or "" for text in texts), facts.get(pk), vectors.get(pk))
        known.setdefault(label, {})[object_id] = has

    def is_same(label: str, has: object, thing: models.Model, document: Document) -> bool:
        texts = [document.title, document.body, document.autocomplete][: len(columns)]
        page = isinstance(document, PageDocument)
        return has == (
            _hash(texts),
            tuple(getattr(document, name) for name in FACTS) if page else None,
            _digest(*entries.tokens_of(document)) if vectors else None,
        )

    return known, is_same


def _hash(texts: Iterable[str]) -> int:
    return hash(tuple(texts))


def _vectors() -> dict[int, str]:
    """Digests of the vectors of PostgreSQL, as `_digest` makes them of tokens."""
    lexemes = (f"array_to_string(tsvector_to_array({name}), ' ')" for name in VECTORS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, md5(concat_ws('|', {', '.join(lexemes)})) "  # noqa: S608
            f"FROM {entries.index_entry()._meta.db_table}"
        )
        return dict(cursor.fetchall())


def _digest(*columns: str) -> str:
    from search.backends.postgresql import MOST_TOKENS

    lexemes = (
        " ".join(sorted({*tokens.split(" ")[:MOST_TOKENS]} - {""}, key=str.encode))
        for tokens in columns
    )
    return hashlib.md5("|".join(lexemes).encode(), usedforsecurity=False).hexdigest()


def _in_elasticsearch(backend) -> tuple[Known, Test]:
    from search.backends.elasticsearch_index import TOKEN_COLUMNS, digest

    roots = {root_of(model)._meta.label_lower: root_of(model) for model in get_indexed_models()}
    indexes = {label: backend.get_index_for_model(root) for label, root in roots.items()}
    known: Known = {label: dict(index.contents()) for label, index in indexes.items()}
    # The tokens themselves can't be read back, only that there are none.
    bare = {
        label: {column: index.without(column) for column in TOKEN_COLUMNS}
        for label, index in indexes.items()
    }

    def is_same(label: str, has: object, thing: models.Model, document: Document) -> bool:
        content = backend.mapping_class(type(thing)).document(thing, document)
        return has == digest(content) and all(
            (str(thing.pk) in keys) == (not content[column].strip())
            for column, keys in bare[label].items()
        )

    return known, is_same


def repair(engine: str, found: Differences | None = None) -> Differences:
    """Bring an engine's index in line with the database. Returns the differences that there were.

    Raises:
        health.failures(): Elasticsearch failed.
    """
    if engine == ELASTICSEARCH and not upkeep.is_current(ELASTICSEARCH):
        upkeep.rebuild(ELASTICSEARCH)
        return found if found is not None else Differences()
    found = found if found is not None else check(engine)
    if found.broken:
        upkeep.mend()
    for label in {*found.missing, *found.old}:
        upkeep.write_again(
            engine, label, {*found.missing.get(label, ()), *found.old.get(label, ())}
        )
    for label, ids in found.extra.items():
        _remove(engine, label, ids)
    return found


def _remove(engine: str, label: str, ids: set[str]) -> None:
    if engine == ELASTICSEARCH:
        changes.bring(upkeep.elasticsearch(), label, ids)
        return
    types = [
        content_type
        for content_type in ContentType.objects.all()
        if label == f"content type {content_type.pk}"
        or ((model := content_type.model_class()) and root_of(model)._meta.label_lower == label)
    ]
    table = entries.index_entry()._default_manager
    table.filter(content_type__in=types, object_id__in=ids).delete()
