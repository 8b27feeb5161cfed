"""Two imports at the same moment, and a worker that is killed in the middle: with real processes."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, connections

from policies.importing import files, services, tending
from policies.importing.errors import AnotherImportError
from policies.models import ImportJob, PolicyOrigin
from tests.crm.test_races import one, run, seeded_file  # noqa: F401 a fixture is found by its name

pytestmark = pytest.mark.django_db
# Two portions: the worker is killed between the first and the end of the second.
ROWS = 2 * services.BATCH
WORKER = """
import sys
import django

django.setup()
from policies.importing import services
from policies.models import ImportJob

services.run_import(job=ImportJob.objects.get(pk=int(sys.argv[1])))
"""


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
    worker = start_worker(job)
    try:
        wait_for_writing(worker)
    finally:
        worker.kill()
        worker.wait()
    assert worker.returncode == -signal.SIGKILL
    assert one(PolicyOrigin.objects.count) == 0
    revived = one(lambda: tending.revive(job=ImportJob.objects.get()))
    assert (revived.state, bool(revived.message)) == ("checked", True)
    one(lambda: services.queue_import(job=revived))  # nobody is in the way


def start_worker(job: ImportJob) -> subprocess.Popen:
    """The import in a process of its own, on this database. (A copy of this process, made while other
    threads run, may wait for ever for what one of them held.)"""
    database = connection.settings_dict
    address = f"sqlite:///{connections.settings['default']['NAME']}"
    if connection.vendor != "sqlite":
        at = f"{database['USER']}:{quote(database['PASSWORD'])}@{database['HOST']}:{database['PORT']}"
        address = f"postgres://{at}/{database['NAME']}"
    told = {
        "DATABASE_URL": address,
        "VAR_DIR": str(settings.VAR_DIR),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }
    return subprocess.Popen([sys.executable, "-c", WORKER, str(job.pk)], env=os.environ | told)


def wait_for_writing(worker: subprocess.Popen) -> None:
    """Until some rows are written and others not."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert worker.poll() is None, "the import ended before it could be killed"
        for path in files.folder().glob("*.progress"):
            try:
                done, total = json.loads(path.read_text())
            except (OSError, ValueError):
                continue
            if total == ROWS and 0 < done < ROWS:
                return
        time.sleep(0.002)
    raise AssertionError("the import never began to write")
