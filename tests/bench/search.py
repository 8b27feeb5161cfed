"""Quality and speed of the search on one engine, over a corpus of its own.

    make bench-search CORPUS=… QUERIES=… ENGINE=sqlite|postgresql|elasticsearch OUT=…

CORPUS: .jsonl(.gz) with id, title, body and, if known, level, place, issuer, promulgated_on, expired.
QUERIES: .jsonl with id, query and, if judged, kind and relevant {document id: grade}.
OUT: the run, lines of {"id", "ranked": [the first ten document ids]}.
NUMBER repeats the corpus to so many documents with bodies of BODY characters, for the speed.
An empty database is made for it and forgotten; the queries go the way of the search page.
"""

import json
import math
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

TEN = 10
# So long nobody asks whether Elasticsearch is back.
DISTRESS = timedelta(hours=1)


def main() -> int:
    names = ("CORPUS", "QUERIES", "ENGINE")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        print(f"make bench-search needs {', '.join(missing)}; see tests/bench/search.py")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        os.environ["VAR_DIR"] = folder
        prepare(Path(folder))
        run(Path(os.environ["CORPUS"]), Path(os.environ["QUERIES"]))
    return 0


def prepare(folder: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django_tasks import task_backends
    from django_tasks.backends.dummy import DummyBackend

    task_backends["default"] = DummyBackend(alias="default", params={})
    call_command("migrate", verbosity=0)
    call_command("load_terms", verbosity=0)


def run(corpus_file: Path, queries_file: Path) -> None:
    from django.db import connection
    from django.utils import timezone

    from search import api, completions, upkeep, vocabulary
    from search.models import EngineState
    from search.results import Question
    from tests.bench import corpus

    engine = os.environ["ENGINE"]
    records = list(corpus.read(corpus_file))
    if number := int(os.environ.get("NUMBER") or 0):
        records = corpus.repeated(records, number, int(os.environ.get("BODY") or 1500))
    started = time.monotonic()
    ids = corpus.load(iter(records))
    print(
        f"{engine}: {len(ids)} documents loaded in {time.monotonic() - started:.1f} s", flush=True
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # PostgreSQL does it by itself where it may
    for name in upkeep.engines():
        started = time.monotonic()
        done = upkeep.rebuild(name, words=False)
        seconds = time.monotonic() - started
        print(
            f"{name}: index of {done} objects in {seconds:.1f} s, {done / seconds:.0f} documents/s",
            flush=True,
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as it does by itself soon after, where it may
    started = time.monotonic()
    print(f"vocabulary: {vocabulary.rebuild()} words in {time.monotonic() - started:.1f} s")
    sizes(engine)
    queries = list(corpus.read(queries_file))
    # What a process loads once: the synonyms, the arrays, and the addresses of the site.
    api.search(Question("政策"))
    completions.suggest("政策", "zh-hans")
    answers, seconds = ask(queries, ids)
    if out := os.environ.get("OUT"):
        Path(out).write_text(
            "".join(
                json.dumps({"id": query["id"], "ranked": ranked}) + "\n"
                for query, ranked in zip(queries, answers, strict=True)
            )
        )
    if not number:
        quality(queries, answers)
    speed("search, each query for the first time", seconds)
    speed("search, asked again", ask(queries, ids)[1])
    speed("suggestions", suggestions(queries))
    if upkeep.elasticsearch():
        # As in distress: the same process, the same pages, the engine behind Elasticsearch.
        EngineState.objects.filter(pk=1).update(up=False, checked_at=timezone.now() + DISTRESS)
        speed("search, by the database instead", ask(queries, ids)[1])
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of the process at its highest: {used:.0f} MB")


def ask(queries: list[dict], ids: dict[int, str]) -> tuple[list[list[str]], list[tuple]]:
    """The first ten documents of each query, and (seconds, query) of each."""
    from search import api
    from search.results import Question

    answers, seconds = [], []
    for query in queries:
        started = time.perf_counter()
        found = api.search(Question(query["query"]))
        seconds.append((time.perf_counter() - started, query["query"]))
        answers.append([ids[hit.page.pk] for hit in found.hits if hit.page.pk in ids][:TEN])
    return answers, seconds


def suggestions(queries: list[dict]) -> list[tuple[float, str]]:
    from search import completions

    seconds = []
    for query in queries:
        for length in (1, 2, 3, 5, 8):
            typed = query["query"][:length]
            started = time.perf_counter()
            completions.suggest(typed, "zh-hans")
            seconds.append((time.perf_counter() - started, typed))
    return seconds


def speed(title: str, seconds: list[tuple[float, str]]) -> None:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)][0]
    median = statistics.median(took for took, _query in ordered)
    slowest = ", ".join(f"{query[:12]} {took * 1000:.0f}" for took, query in ordered[:-4:-1])
    print(f"{title}: median {median * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms; slowest {slowest}")


def quality(queries: list[dict], answers: list[list[str]]) -> None:
    """nDCG@10 by kind: gain 2^grade - 1, ideal order of all judged documents."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    empty = []
    for query, ranked in zip(queries, answers, strict=True):
        relevant = query.get("relevant")
        if relevant is None:
            continue
        if not relevant:
            empty.append(not ranked)
            continue
        value = gain(relevant.get(one, 0) for one in ranked) / gain(
            sorted(relevant.values(), reverse=True)[:TEN]
        )
        by_kind[query.get("kind", "all")].append(value)
        by_kind["ALL"].append(value)
    for kind, values in by_kind.items():
        print(f"nDCG@10 {kind:9} {statistics.fmean(values):.3f}  ({len(values)})")
    if empty:
        print(f"without an answer and rightly so: {sum(empty)} of {len(empty)}")


def gain(grades) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def sizes(engine: str) -> None:
    from django.db import connection

    from search import upkeep

    if backend := upkeep.elasticsearch():
        stats = backend.es.indices.stats(index=f"{backend.index_prefix}*")
        size = stats["_all"]["primaries"]["store"]["size_in_bytes"]
        print(f"elasticsearch: index of {size / 1e6:.0f} MB")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_total_relation_size('wagtailsearch_indexentry'), "
                "pg_total_relation_size('search_entry'), pg_total_relation_size('search_term')"
            )
            parts = cursor.fetchone()
        else:
            cursor.execute(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            )
            parts = cursor.fetchone()
    print(f"database: {' + '.join(f'{part / 1e6:.0f}' for part in parts)} MB")


if __name__ == "__main__":
    sys.exit(main())
