"""The index as its keeper needs it: made anew without a gap, compared with the database, repaired."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from elastic_transport import TransportError
from elasticsearch import ApiError
from elasticsearch.helpers import BulkIndexError
from modelsearch.index import get_indexed_models
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from search import changes, entries, fulltext, health, vocabulary
from search.analysis import VERSION
from search.changes import root_of
from search.documents import Document, PageDocument, documents_for
from search.models import EngineState, Entry, IndexState
from search.vocabulary import text_columns

FAILURES = (TransportError, ApiError, BulkIndexError)
BATCH = 250
DATABASE, ELASTICSEARCH = "database", "elasticsearch"
# What an entry takes over from a document, in names that both have.
FACTS = [
    field.name for field in Entry._meta.fields if field.name not in ("page", "index_id", "stamp")
]
# The columns of tokens on PostgreSQL, in the order of `entries.tokens_of`.
VECTORS = ("title", "body", "autocomplete")
# Called with the number of objects that were just done.
Progress = Callable[[int], None]


def elasticsearch():
    """The Elasticsearch backend of this site; None when it has none."""
    return get_search_backend() if health.configured() else None


def database():
    """The backend that keeps the index in the database: the site's, or the one behind Elasticsearch."""
    return getattr(elasticsearch(), "database", None) or get_search_backend()


def engines() -> list[str]:
    return [DATABASE, *([ELASTICSEARCH] if health.configured() else [])]


def batches(model: type[models.Model]) -> Iterator[list[models.Model]]:
    """The indexed objects of a model, some hundred at a time, by key: steady under changes."""
    last = None
    while True:
        found = model.get_indexed_objects().order_by("pk")
        if last is not None:
            found = found.filter(pk__gt=last)
        chunk = list(found[:BATCH])
        if not chunk:
            return
        yield chunk
        last = chunk[-1].pk


def count() -> int:
    """How many objects an index has: of a page type its own pages."""
    return sum(model.get_indexed_objects().count() for model in get_indexed_models())


def rebuild(engine: str, progress: Progress = lambda number: None, words: bool = True) -> int:
    """Make an engine's index anew while the old one answers. Returns the number of objects.

    Args:
        engine: "database" or "elasticsearch".
        progress: called with the number of objects that were just done.
        words: also make the vocabulary of suggestions anew.

    Raises:
        FAILURES: Elasticsearch failed; its old index stays.
    """
    if engine == ELASTICSEARCH:
        return _rebuild_elasticsearch(elasticsearch(), progress)
    done = _rebuild_database(progress)
    if words:
        vocabulary.rebuild()
    return done


def _rebuild_database(progress: Progress) -> int:
    backend = database()
    done = 0
    for model in get_indexed_models():
        index = backend.get_index_for_model(model)
        for chunk in batches(model):
            index.add_items(model, chunk)  # a transaction of its own: writers wait for moments only
            done += len(chunk)
            progress(len(chunk))
    index.delete_stale_entries()
    Entry.objects.exclude(page_id__in=Page.objects.values("pk")).delete()
    # The triggers take out the tokens that a text would have now: of an old analysis they left some.
    if IndexState.load().analysis != VERSION or not _fulltext_is_whole():
        _mend_fulltext()
    tidy()
    IndexState.objects.filter(pk=1).update(analysis=VERSION)
    return done


def tidy() -> None:
    """Let the database put its index in order, after much was written."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _fulltext("'optimize'")
            cursor.execute("ANALYZE")
        elif not connection.in_atomic_block:
            for table in (entries.index_entry()._meta.db_table, Entry._meta.db_table):
                cursor.execute(f"VACUUM (ANALYZE) {table}")


def _rebuild_elasticsearch(backend, progress: Progress) -> int:
    groups: dict[str, list[type[models.Model]]] = {}
    for model in get_indexed_models():
        groups.setdefault(backend.get_index_for_model(model).name, []).append(model)
    done = 0
    for kinds in groups.values():
        rebuilder = backend.rebuilder_class(backend.get_index_for_model(kinds[0]))
        try:
            index = rebuilder.start()
            for model in kinds:
                for chunk in batches(model):
                    index.add_items(model, chunk)
                    done += len(chunk)
                    progress(len(chunk))
            rebuilder.finish()
        except BaseException:
            rebuilder.abandon()
            raise
    health.probe()  # sends what changed meanwhile
    return done


def rebuild_soon() -> None:
    from search.tasks import rebuild_elasticsearch

    rebuild_elasticsearch.enqueue()


def is_complete(backend) -> bool:
    """Whether Elasticsearch has an index of this version for every kind of object."""
    names = {backend.get_index_for_model(model).name: model for model in get_indexed_models()}
    return all(backend.get_index_for_model(model).version() == VERSION for model in names.values())


def is_current(engine: str) -> bool:
    """Whether the index was completed by this version. Raises FAILURES for Elasticsearch."""
    if engine == DATABASE:
        return IndexState.load().analysis == VERSION
    return is_complete(elasticsearch())


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
        FAILURES: Elasticsearch failed.
    """
    found = Differences()
    known, is_same = _in_database() if engine == DATABASE else _in_elasticsearch(elasticsearch())
    for model in get_indexed_models():
        label = root_of(model)._meta.label_lower
        there = known.setdefault(label, {})
        for chunk in batches(model):
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
        found.broken = not _fulltext_is_whole()
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


def _fulltext_is_whole() -> bool:
    if connection.vendor != "sqlite":
        return True
    try:
        _fulltext("'integrity-check'", rank=1)  # 1: compared with the texts that it was made of
    except DatabaseError:
        return False
    return True


def _fulltext(command: str, rank: int | None = None) -> None:
    """Give the full-text table of SQLite one of its commands. Raises DatabaseError."""
    columns, values = fulltext.TABLE, command
    if rank is not None:
        columns, values = f"{columns}, rank", f"{values}, {rank}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {fulltext.TABLE}({columns}) VALUES ({values})")  # noqa: S608


def _in_elasticsearch(backend) -> tuple[Known, Test]:
    from search.backends.elasticsearch import TOKEN_COLUMNS, digest

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
        FAILURES: Elasticsearch failed.
    """
    if engine == ELASTICSEARCH and not is_complete(elasticsearch()):
        rebuild(ELASTICSEARCH)
        return found if found is not None else Differences()
    found = found if found is not None else check(engine)
    if found.broken:
        _mend_fulltext()
    for label in {*found.missing, *found.old}:
        _write_again(engine, label, {*found.missing.get(label, ()), *found.old.get(label, ())})
    for label, ids in found.extra.items():
        _remove(engine, label, ids)
    return found


def _mend_fulltext() -> None:
    if connection.vendor != "sqlite":
        return
    try:
        _fulltext("'rebuild'")
    except DatabaseError:  # not even its frame is left
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in fulltext.CREATE:
                cursor.execute(statement)


def _write_again(engine: str, label: str, ids: set[str]) -> None:
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        part = set(ordered[start : start + BATCH])
        if engine == ELASTICSEARCH:
            changes.bring(elasticsearch(), label, part)
            continue
        model = apps.get_model(label)
        objects = model._default_manager.filter(pk__in=part)
        by_type: dict[type[models.Model], list[models.Model]] = {}
        for thing in objects.specific() if issubclass(model, Page) else objects:
            by_type.setdefault(type(thing), []).append(thing)
        for kind, things in by_type.items():
            database().get_index_for_model(kind).add_items(kind, things)


def _remove(engine: str, label: str, ids: set[str]) -> None:
    if engine == ELASTICSEARCH:
        changes.bring(elasticsearch(), label, ids)
        return
    types = [
        content_type
        for content_type in ContentType.objects.all()
        if label == f"content type {content_type.pk}"
        or ((model := content_type.model_class()) and root_of(model)._meta.label_lower == label)
    ]
    table = entries.index_entry()._default_manager
    table.filter(content_type__in=types, object_id__in=ids).delete()


def status() -> dict[str, object]:
    """How the index stands, for the operator."""
    state = IndexState.load()
    return {
        "entries": Entry.objects.count(),
        "public": Entry.objects.filter(public=True).count(),
        "analysis": state.analysis,
        "vocabulary": state.lexicon_at,
        "engine": EngineState.load(),
        **health.status(),
    }


def index_expired() -> int:
    """Index documents anew whose last day has passed since they were indexed. Returns how many."""
    today = timezone.localdate()
    ids = list(
        Entry.objects.filter(valid=True, valid_until__lt=today).values_list("page_id", flat=True)
    )
    if ids:
        _write_again(DATABASE, "wagtailcore.page", {str(pk) for pk in ids})
        if health.configured():
            changes.note(Page, ids)
    return len(ids)
