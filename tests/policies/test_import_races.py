"""Two imports at the same moment, and a worker that is killed in the middle: with real processes."""

import csv
import io
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections

from policies.importing import files, services, tending
from policies.importing.errors import AnotherImportError
from policies.models import ImportJob, PolicyOrigin
from tests.crm.test_races import one, run, seeded_file  # noqa: F401 a fixture is found by its name

pytestmark = pytest.mark.django_db
# Two portions: the worker is killed between the first and the end of the second.
ROWS = 2 * services.BATCH


@pytest.fixture(autouse=True)
def _open_database(seeded_file, db, tmp_path, monkeypatch):  # noqa: F811
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    yield
    if connection.vendor != "sqlite":
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


def queued(prefix: str, number: int = 20) -> ImportJob:
    job = services.receive_file(file=io.BytesIO(rows(prefix, number)), name="a.csv")
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


def test_a_killed_worker_leaves_nothing_and_no_lock():
    job = one(lambda: queued("k", ROWS))
    worker = fork(lambda: services.run_import(job=job))
    try:
        wait_for_writing(worker)
    finally:
        os.kill(worker, signal.SIGKILL)
        _pid, status = os.waitpid(worker, 0)
    assert os.WIFSIGNALED(status)
    assert one(PolicyOrigin.objects.count) == 0
    revived = one(lambda: tending.revive(job=ImportJob.objects.get()))
    assert (revived.state, bool(revived.message)) == ("checked", True)
    one(lambda: services.queue_import(job=revived))  # nobody is in the way


def fork(function: Callable) -> int:
    """Call the function in a process of its own, with database connections of its own."""
    pid = os.fork()
    if pid == 0:
        # A new thread has new connections; those of this one belong to the test.
        thread = threading.Thread(target=function)
        thread.start()
        thread.join()
        os._exit(0)
    return pid


def wait_for_writing(worker: int) -> None:
    """Until some rows are written and others not."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert os.waitpid(worker, os.WNOHANG) == (0, 0), (
            "the import ended before it could be killed"
        )
        for path in files.folder().glob("*.progress"):
            try:
                done, total = json.loads(path.read_text())
            except (OSError, ValueError):
                continue
            if total == ROWS and 0 < done < ROWS:
                return
        time.sleep(0.002)
    raise AssertionError("the import never began to write")
