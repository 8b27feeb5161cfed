"""SQL queries of every public page, warm: at most 15, and no statement once per row.

Runs against a copy of the filled database, in this process, through Django's test client.
Exit code 1 when a page needs more than its share.
"""

import os
import re
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import django

from tests.bench.report import table
from tests.live_site import ROOT, copy_of_filled_site, environment_for

LIMIT = 15
# A statement that comes back this often on one page is asked per row.
REPEATS = 3


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = copy_of_filled_site(Path(name))
        os.environ.update(environment_for(folder, "config.settings.development"))
        sys.path.insert(0, str(ROOT / "site"))
        django.setup()
        rows, bad = measure()
    columns = ["page type", "pages", "most queries", "most repeats", "at", ""]
    print(table(f"SQL queries of a warm page (at most {LIMIT})", columns, rows))
    return 1 if bad else 0


def measure() -> tuple[list[list], int]:
    from django.test import Client

    from tests.bench.inventory import collect

    client = Client(headers={"host": "localhost"})
    by_kind = defaultdict(list)
    for address in collect():
        client.get(address.path)
        queries, status = statements(client, address.path)
        repeats = max(Counter(map(shape, queries)).values(), default=0)
        by_kind[address.kind].append((len(queries), repeats, address.path, status))
    rows, bad = [], 0
    for kind, found in by_kind.items():
        most = max(found)
        wrong = [
            path
            for count, repeats, path, status in found
            if count > LIMIT or repeats >= REPEATS or status != 200
        ]
        bad += len(wrong)
        repeats = max(repeats for _, repeats, _, _ in found)
        verdict = f"{len(wrong)} too many, e.g. {wrong[0]}" if wrong else "ok"
        rows.append([kind, len(found), most[0], repeats, most[2], verdict])
    return rows, bad


def statements(client, path: str) -> tuple[list[str], int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    return [query["sql"] for query in captured.captured_queries], response.status_code


def shape(sql: str) -> str:
    """The statement without its values, so that the same one for another row looks the same."""
    return re.sub(r"'(?:[^']|'')*'|\b\d+\b", "?", sql)


if __name__ == "__main__":
    sys.exit(main())
