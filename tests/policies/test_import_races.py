"""Two imports at the same moment, and a worker that is killed in the middle: with real processes."""

import csv
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from policies.importing import files, services
from policies.importing.errors import AnotherImportError
from policies.models import ImportJob, PolicyOrigin
from tests.crm.test_races import one, run

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
# Two portions: the worker is killed between the first and the end of the second.
ROWS = 2 * services.BATCH


@pytest.fixture(scope="module")
def seeded_file(django_db_setup, django_db_blocker, tmp_path_factory):
    """SQLite's test database as a file, copied before a test holds a transaction on it."""
    file = tmp_path_factory.mktemp("imports") / "seeded.sqlite3"
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with sqlite3.connect(file) as target:
                connection.connection.backup(target)
    return file


@pytest.fixture(autouse=True)
def database(seeded_file, db, tmp_path, monkeypatch) -> str:
    """The address of a database that other processes can open."""
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
        yield f"sqlite:///{file}"
        return
    given = connection.settings_dict
    yield (
        f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    )
    one(tidy)


def tidy() -> None:
    for origin in PolicyOrigin.objects.all():
        origin.policy.delete()
    ImportJob.objects.all().delete()


def rows(prefix: str, number: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["source_id", "title", "level", "body"])
    writer.writerows(
        [f"{prefix}-{n}", f"泽鹿木樨{prefix}第{n}号办法", "市", "正文。" * 50]
        for n in range(number)
    )
    return text.getvalue().encode()


def queued(prefix: str) -> ImportJob:
    job = services.receive_file(file=io.BytesIO(rows(prefix, 20)), name="a.csv")
    job = services.check_file(job=job)
    services.queue_import(job=job)
    return job


def test_of_two_imports_at_once_one_is_written_and_the_other_waits():
    jobs = one(lambda: [queued("a"), queued("b")])
    results = run(*(lambda job=job: services.run_import(job=job) for job in jobs))
    states = one(lambda: sorted(ImportJob.objects.values_list("state", flat=True)))
    refused = [result for result in results if isinstance(result, AnotherImportError)]
    assert len(refused) == states.count("checked"), results
    assert states.count("done") == 2 - len(refused) >= 1
    assert one(PolicyOrigin.objects.count) == 20 * states.count("done")
    assert one(lambda: sum(PolicyOrigin.objects.values_list("policy__numchild", flat=True))) == 0


def test_a_killed_worker_leaves_nothing_and_no_lock(database, tmp_path):
    file = tmp_path / "many.csv"
    file.write_bytes(rows("k", ROWS))
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "VAR_DIR": str(settings.VAR_DIR),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
    }
    command = [sys.executable, "manage.py", "import_policies", str(file)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for_writing(process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert one(PolicyOrigin.objects.count) == 0
    job = one(lambda: services.revive(job=ImportJob.objects.get()))
    assert (job.state, bool(job.message)) == ("checked", True)
    one(lambda: services.queue_import(job=job))  # nobody is in the way


def wait_for_writing(process: subprocess.Popen) -> None:
    """Until some rows are written and others not."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the import ended before it could be killed"
        for path in files.folder().glob("*.progress"):
            try:
                done, total = json.loads(path.read_text())
            except (OSError, ValueError):
                continue
            if total == ROWS and 0 < done < ROWS:
                return
        time.sleep(0.002)
    raise AssertionError("the import never began to write")
