"""Figures of the policy library at 100,000 documents, each against its target; fails when one is missed.

    make bench-policies [NUMBER=100000] [BODY=1200] [ROUNDS=60]

An empty PostgreSQL is filled for it and forgotten. Every request goes through the whole site (test
client: middleware, view, template), with the database warm; for the times the site's caches are emptied
before each.
The figures of matching and of the import come from `tests.bench.policies_matching` and
`tests.bench.policy_import`.
"""

import importlib
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

QUERIES, MILLISECONDS = 15, 100
# Requests that a process needs to be warm: templates, catalogues, the arrays of the search.
WARMING = 3
# What is counted. A search is also counted itself, by one write that no reader waits for.
READS = ("SELECT", "(SELECT", "WITH")
WORDS = (
    "企业",
    "科技创新",
    "中小企业融资担保",
    "公平竞争审查",
    "长治市煤炭",
    "安全生产 处罚",
    "知识产权",
    "就业补贴",
)


@dataclass(frozen=True)
class Figure:
    """What was measured: of pages `queries` (the most) and milliseconds, of others their own words."""

    name: str
    queries: int | None = None
    median: float | None = None
    p95: float | None = None
    target: str = f"≤ {QUERIES} queries, p95 ≤ {MILLISECONDS} ms"
    reached: bool | None = None

    @property
    def ok(self) -> bool:
        if self.reached is not None:
            return self.reached
        return (self.queries or 0) <= QUERIES and (self.p95 or 0) <= MILLISECONDS

    def row(self) -> list[str]:
        def number(value, form):
            return "" if value is None else format(value, form)

        cells = [number(self.queries, "d"), number(self.median, ".0f"), number(self.p95, ".0f")]
        return [self.name, *cells, self.target, "OK" if self.ok else "MISSED"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        os.environ["VAR_DIR"] = folder
        from tests.bench import search

        search.prepare(Path(folder))
        fill(int(os.environ.get("NUMBER") or 100_000), int(os.environ.get("BODY") or 1200))
        figures = [*pages(int(os.environ.get("ROUNDS") or 60)), *others()]
        from tests.bench.report import table

        head = ["", "queries", "median ms", "p95 ms", "target", ""]
        print(table("Policy library", head, [figure.row() for figure in figures]))
        missed = [figure.name for figure in figures if not figure.ok]
        print(f"Missed: {', '.join(missed)}" if missed else "All targets reached.")
        return 1 if missed else 0


def fill(number: int, body: int) -> None:
    from django.db import connection

    from search import upkeep
    from tests.bench import corpus, policy_corpus

    started = time.monotonic()
    ids = corpus.load(policy_corpus.records(number, body))
    say(f"{len(ids)} policies made", started)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # PostgreSQL does it by itself where it may
    started = time.monotonic()
    done = upkeep.rebuild(upkeep.DATABASE)
    say(f"search: {done} objects and the vocabulary", started)


def say(text: str, started: float) -> None:
    print(f"{text} in {time.monotonic() - started:.0f} s", flush=True)


def pages(rounds: int) -> Iterable[Figure]:
    """The library page in every way it can be asked for, and a document's page."""
    from policies.models import PolicyPage

    codes = choices()

    def filters(*names: str) -> list[str]:
        """Addresses with these filters, with one value after the other."""
        most = max(len(codes[name]) for name in names)
        return [
            "/policies/?" + "&".join(f"{n}={quote(codes[n][i % len(codes[n])])}" for n in names)
            for i in range(min(most, rounds))
        ]

    asked = {
        "library": ["/policies/"],
        **{name: filters(name) for name in codes},
        "in force": ["/policies/?in_force=1"],
        "level and status": filters("level", "status"),
        "subject and year": filters("subject", "year"),
        "by publication": ["/policies/?sort=published"],
        "page 2": ["/policies/?page=2", *(f"{path}&page=2" for path in filters("level"))],
        "page 100": ["/policies/?page=100"],
        "words": [f"/policies/?q={quote(words)}" for words in WORDS],
        "words and level": [
            f"/policies/?q={quote(words)}&level={level}"
            for words in WORDS
            for level in codes["level"]
        ],
    }
    slugs = list(PolicyPage.objects.order_by("pk").values_list("slug", flat=True)[:rounds])
    asked["a policy"] = [f"/policies/{slug}/" for slug in slugs[1:]]
    asked["a statute of 105,000 characters"] = [f"/policies/{slugs[0]}/"]
    for name, paths in asked.items():
        figure = measured(name, paths, rounds)
        print("  ".join(figure.row()), flush=True)
        yield figure


def choices() -> dict[str, list[str]]:
    """Values of each facet that documents have, the most frequent among them."""
    from policies.library import FACETS
    from search.api import search
    from search.results import Question

    found = search(Question(kinds=("policy",), sort="date"))
    names = ("level", *FACETS)
    codes = {facet.name: [c.code for c in facet.choices] for facet in found.facets}
    return {name: codes[name] for name in names if codes.get(name)}


def measured(name: str, paths: list[str], rounds: int) -> Figure:
    """Ask for the paths in turn, `rounds` times."""
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()

    def ask(path: str) -> float:
        caches["default"].clear()
        started = time.perf_counter()
        response = client.get(path)
        seconds = time.perf_counter() - started
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status_code}")
        return seconds * 1000

    for path in (paths * WARMING)[:WARMING]:
        ask(path)
    queries = 0
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        statements = (query["sql"] for query in captured)
        queries = max(queries, sum(one.startswith(READS) for one in statements))
    times = sorted(ask(paths[i % len(paths)]) for i in range(rounds))
    p95 = times[math.ceil(0.95 * len(times)) - 1]
    return Figure(name, queries, statistics.median(times), p95)


def others() -> Iterable[Figure]:
    """The figures of the parts that bring their own, as far as they are there."""
    for name, read in ELSEWHERE.items():
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            continue
        yield read(module, module.measure())


def _matching(module, found: dict) -> Figure:
    return Figure(
        f"matching against {found['clauses']} clauses",
        found["queries"],
        found["p50"] * 1000,
        found["p95"] * 1000,
        f"p95 ≤ {module.LIMIT * 1000:.0f} ms",
        found["ok"],
    )


def _import(module, found: dict) -> Figure:
    said = f"{found['seconds']:.0f} s, {found['growth_megabytes']:+.0f} MB for the last 4,000"
    target = f"≤ {found['most_seconds']} s, memory ≤ +{found['most_growth_megabytes']} MB"
    return Figure(f"import of 5,000: {said}", target=target, reached=module.is_met(found))


ELSEWHERE = {
    "tests.bench.policies_matching": _matching,
    "tests.bench.policy_import": _import,
}


if __name__ == "__main__":
    sys.exit(main())
