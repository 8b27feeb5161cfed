"""The private folder of imports: uploaded files, how far an import is, and who works on it.

It lies in `VAR_DIR`, which no web server serves. A worker that works on an import holds a lock on a
file; the system lets go of it when the worker is killed, so nobody waits for a dead one.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from policies.models import ImportJob

# Held while policies are written; one for all.
WRITING = "writing"


def folder() -> Path:
    path = Path(settings.VAR_DIR) / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(job: ImportJob) -> Path:
    """Where the uploaded file lies."""
    return folder() / job.stored_as


def plan_of(job: ImportJob) -> Path:
    """Where the checked rows lie, ready to be written."""
    return folder() / f"{job.pk}.plan"


def delete(job: ImportJob) -> None:
    """Delete all files of an import."""
    if job.stored_as:
        path_of(job).unlink(missing_ok=True)
    for ending in ("plan", "progress", "lock"):
        (folder() / f"{job.pk}.{ending}").unlink(missing_ok=True)


def set_progress(job: ImportJob, done: int, total: int = 0) -> None:
    """Note how many rows are done, of how many (0: not known)."""
    target = folder() / f"{job.pk}.progress"
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps([done, total]))
    fresh.replace(target)


def progress(job: ImportJob) -> tuple[int, int]:
    try:
        done, total = json.loads((folder() / f"{job.pk}.progress").read_text())
    except (OSError, ValueError):
        return 0, 0
    return done, total


@contextmanager
def lock(name: str, patience: float = 0.5) -> Iterator[bool]:
    """Hold a lock within the block, when nobody else does; yields whether it is held.

    `patience`: seconds to try again: who only looks (`is_held`) holds it for a moment, too.
    """
    handle = os.open(folder() / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _take(handle, time.monotonic() + patience)
    finally:
        os.close(handle)


def _take(handle: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)
        else:
            return True


def is_held(name: str) -> bool:
    """Whether somebody works under this lock now."""
    with lock(name, patience=0) as free:
        return not free
