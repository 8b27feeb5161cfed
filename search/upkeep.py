"""The index as its keeper needs it: made anew without a gap, compared with the database, repaired."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection, models
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
# Called with the number of objects that were done; the first time with the number of all.
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
    tidy()
    IndexState.load()
    IndexState.objects.filter(pk=1).update(analysis=VERSION)
    return done


def tidy() -> None:
    """Let the database put its index in order, after much was written."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {fulltext.TABLE}({fulltext.TABLE}) VALUES ('optimize')")  # noqa: S608
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
        index = rebuilder.start()
        index.set_refresh("-1")
        for model in kinds:
            index.add_model(model)
        for model in kinds:
            for chunk in batches(model):
                index.add_items(model, chunk)
                done += len(chunk)
                progress(len(chunk))
        index.set_refresh(None)
        index.mark(VERSION)
        rebuilder.finish()
    # What changed meanwhile went to the old index.
    repair(ELASTICSEARCH)
    health.probe()
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
    Elasticsearch, whose words can't be read back, their fingerprint is compared, and that of an
    old analysis differs.
    """
    known = _in_database() if engine == DATABASE else _in_elasticsearch(elasticsearch())
    found = Differences()
    for model in get_indexed_models():
        label = root_of(model)._meta.label_lower
        there = known.setdefault(label, {})
        for chunk in batches(model):
            for thing, document in zip(chunk, documents_for(chunk), strict=True):
                pk = str(thing.pk)
                if pk not in there:
                    found.missing.setdefault(label, set()).add(pk)
                elif not there.pop(pk)(document):
                    found.old.setdefault(label, set()).add(pk)
            found.checked += len(chunk)
            progress(len(chunk))
    for label, left in known.items():
        if left:
            found.extra[label] = set(left)
    if engine == DATABASE:
        found.broken = not _fulltext_is_whole()
    return found


Test = Callable[[Document], bool]


def _in_database() -> dict[str, dict[str, Test]]:
    table = entries.index_entry()
    title, body = text_columns()
    facts = dict(Entry.objects.values_list("index_id", "fingerprint"))
    rows = table._default_manager.select_related("content_type").only(
        "content_type", "object_id", title, body
    )
    sizes: dict[int, tuple[int, int]] = {}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, length(title), length(body) FROM {table._meta.db_table}")  # noqa: S608
            sizes = {pk: (first, second) for pk, first, second in cursor.fetchall()}
    found: dict[str, dict[str, Test]] = {}
    for row in rows.iterator(chunk_size=500):
        model = row.content_type.model_class()
        label = root_of(model)._meta.label_lower if model else row.content_type.model
        texts = hash((getattr(row, title), getattr(row, body) or ""))
        found.setdefault(label, {})[row.object_id] = _same(
            texts, facts.get(row.pk), sizes.get(row.pk)
        )
    return found


def _same(texts: int, fingerprint: str | None, sizes: tuple[int, int] | None) -> Test:
    def test(document: Document) -> bool:
        if hash((document.title, document.body)) != texts:
            return False
        if isinstance(document, PageDocument) and document.fingerprint != fingerprint:
            return False
        if sizes is None:
            return True
        head, body, _completed = entries.tokens_of(document)
        return sizes == (len(head.split()), len(body.split()))

    return test


def _fulltext_is_whole() -> bool:
    if connection.vendor != "sqlite":
        return True
    from django.db import DatabaseError, transaction

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Rank 1: compared with the texts that it was made of.
            cursor.execute(
                f"INSERT INTO {fulltext.TABLE}({fulltext.TABLE}, rank) VALUES ('integrity-check', 1)"  # noqa: S608
            )
    except DatabaseError:
        return False
    return True


def _in_elasticsearch(backend) -> dict[str, dict[str, Test]]:
    found: dict[str, dict[str, Test]] = {}
    for model in get_indexed_models():
        root = root_of(model)
        if root._meta.label_lower in found:
            continue
        there = backend.get_index_for_model(root).fingerprints()
        found[root._meta.label_lower] = {
            pk: (lambda document, known=known: document.fingerprint == known)
            for pk, known in there.items()
        }
    return found


def repair(engine: str, found: Differences | None = None) -> Differences:
    """Bring an engine's index in line with the database. Returns the differences that there were."""
    found = found if found is not None else check(engine)
    backend = database() if engine == DATABASE else elasticsearch()
    if found.broken:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {fulltext.TABLE}({fulltext.TABLE}) VALUES ('rebuild')")  # noqa: S608
    for label in {*found.missing, *found.old}:
        _write_again(backend, engine, label, {*found.missing.get(label, ()), *found.old.get(label, ())})
    for label, ids in found.extra.items():
        _remove(backend, engine, label, ids)
    return found


def _write_again(backend, engine: str, label: str, ids: set[str]) -> None:
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        part = set(ordered[start : start + BATCH])
        if engine == ELASTICSEARCH:
            changes._send(backend, label, part)
            continue
        from django.apps import apps

        model = apps.get_model(label)
        objects = model._default_manager.filter(pk__in=part)
        by_type: dict[type[models.Model], list[models.Model]] = {}
        for thing in objects.specific() if issubclass(model, Page) else objects:
            by_type.setdefault(type(thing), []).append(thing)
        for kind, things in by_type.items():
            backend.get_index_for_model(kind).add_items(kind, things)


def _remove(backend, engine: str, label: str, ids: set[str]) -> None:
    from django.apps import apps
    from django.contrib.contenttypes.models import ContentType

    if engine == ELASTICSEARCH:
        changes._send(backend, label, ids)
        return
    table = entries.index_entry()._default_manager
    try:
        root = apps.get_model(label)
        types = [
            content_type
            for content_type in ContentType.objects.all()
            if (model := content_type.model_class()) and root_of(model) is root
        ]
        table.filter(content_type__in=types, object_id__in=ids).delete()
    except LookupError:
        table.filter(content_type__model=label, object_id__in=ids).delete()


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
