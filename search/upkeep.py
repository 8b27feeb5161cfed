"""The index as its keeper needs it: made anew without a gap. `search.checking` compares and repairs it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from django.apps import apps
from django.db import connection, models
from django.utils import timezone
from modelsearch.index import get_indexed_models
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from search import changes, entries, fulltext, health, vocabulary
from search.analysis import VERSION
from search.models import EngineState, Entry, IndexState

BATCH = 250
DATABASE, ELASTICSEARCH = "database", "elasticsearch"
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
    """The indexed objects of a model, some hundred at a time, by key: steady under changes.

    All keys are read first: asked for the next hundred behind a key, SQLite would take all that are
    left by their type, and sort them each time.
    """
    wanted = model.get_indexed_objects().order_by("pk")
    keys = list(wanted.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        if chunk := list(wanted.filter(pk__in=keys[start : start + BATCH])):
            yield chunk


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
        health.failures(): Elasticsearch failed; its old index stays.
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
    is_first = not entries.index_entry().objects.exists() and fulltext.is_empty()
    for model in get_indexed_models():
        index = backend.get_index_for_model(model)
        for chunk in batches(model):
            index.add_items(model, chunk)  # a transaction of its own: writers wait for moments only
            done += len(chunk)
            progress(len(chunk))
    index.delete_stale_entries()
    Entry.objects.exclude(page_id__in=Page.objects.values("pk")).delete()
    # The triggers take out the tokens that a text would have now: of an old analysis they left some.
    # A first index has none of them, and to read every text again takes as long as to write it.
    if not is_first and (IndexState.load().analysis != VERSION or not fulltext.is_whole()):
        mend()
    tidy()
    IndexState.objects.filter(pk=1).update(analysis=VERSION)
    return done


def mend() -> None:
    """Make the full-text table anew, and have the processes forget what they read from the old one."""
    fulltext.mend()
    entries.next_stamp()


def tidy() -> None:
    """Let the database put its index in order, after much was written."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            fulltext.command("'optimize'")
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
            for number in _fill(index, kinds):
                done += number
                progress(number)
            rebuilder.finish()
        except BaseException:
            rebuilder.abandon()
            raise
    health.probe()  # sends what changed meanwhile
    return done


def _fill(index, kinds: list[type[models.Model]]) -> Iterator[int]:
    """Write all objects of the models; yields how many at a time.

    While Elasticsearch takes in one portion, the next is read and cut into tokens.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        sent: Future | None = None
        for model in kinds:
            for chunk in batches(model):
                actions = index.actions(model, chunk)
                if sent is not None:
                    sent.result()
                sent = pool.submit(index.write, actions, None)
                yield len(chunk)
        if sent is not None:
            sent.result()


def rebuild_soon() -> None:
    from search.tasks import rebuild_elasticsearch

    rebuild_elasticsearch.enqueue()


def is_complete(backend, *, patient: bool = False) -> bool:
    """Whether Elasticsearch has an index of this version for every kind of object.

    patient: wait for its answer as the makers of an index do, not as a reader.
    """
    models_of = {backend.get_index_for_model(model).name: model for model in get_indexed_models()}
    indexes = map(backend.get_index_for_model, models_of.values())
    return all(index.version(patient=patient) == VERSION for index in indexes)


def is_current(engine: str) -> bool:
    """Whether the index was completed by this version. Raises `health.failures()` for Elasticsearch."""
    if engine == DATABASE:
        return IndexState.load().analysis == VERSION
    return is_complete(elasticsearch(), patient=True)  # it may have been started a moment ago


def write_again(engine: str, label: str, ids: set[str]) -> None:
    """Bring objects of one root model in line with the database in an engine's index."""
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
        write_again(DATABASE, "wagtailcore.page", {str(pk) for pk in ids})
        if health.configured():
            changes.note(Page, ids)
    return len(ids)
