"""What becomes of imports that were interrupted, are not wanted, or are a week old."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from policies.importing import files
from policies.importing.errors import NotReadyError
from policies.importing.services import State, delete_file, finish_index, interrupted, move
from policies.models import ImportJob

KEPT = timedelta(days=7)


def discard(*, job: ImportJob) -> None:
    """Forget an import that is not being worked on. Raises NotReadyError."""
    if job.is_working and _is_alive(job):
        raise NotReadyError
    files.delete(job)
    job.delete()


def _is_alive(job: ImportJob) -> bool:
    if job.state == State.CHECKING:
        return files.is_held(str(job.pk))
    if job.state in (State.RUNNING, State.INDEXING):
        return files.is_held(files.WRITING)
    return True


def revive(*, job: ImportJob) -> ImportJob:
    """Set an import right whose worker was killed: nothing of it was written, or only the search waits."""
    if not job.is_working or _is_alive(job):
        return job
    if job.state == State.CHECKING:
        message = _("The check was interrupted. Upload the file again.")
        move(job, {State.CHECKING}, State.FAILED, message=message)
    elif job.state == State.RUNNING:
        move(job, {State.RUNNING}, State.CHECKED, message=interrupted())
    elif job.state == State.INDEXING:
        with files.lock(files.WRITING) as free:
            if free:
                finish_index(job=job)
    job.refresh_from_db()
    return job


def tend_imports() -> int:
    """For the daily round: end what was interrupted, delete what is a week old. Returns how many went."""
    for job in ImportJob.objects.exclude(state__in=[State.CHECKED, State.DONE, State.FAILED]):
        revive(job=job)
    old = ImportJob.objects.filter(created_at__lt=timezone.now() - KEPT)
    gone = 0
    for job in old:
        if job.is_working and _is_alive(job) and job.state not in (State.WAITING, State.QUEUED):
            continue
        job.rows.all().delete()
        delete_file(job=job)
        gone += 1
    _sweep()
    return gone


def _sweep() -> None:
    """Files that belong to no import any more."""
    known = set(ImportJob.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    limit = (timezone.now() - KEPT).timestamp()
    for path in Path(files.folder()).iterdir():
        is_lock = path.suffix == ".lock"
        if path.name not in known and not is_lock and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
