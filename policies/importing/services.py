"""An import from upload to end. Each step is one function; the task worker, the admin and the command

call the same ones. What is written is written in one transaction (decision 0013).
"""

import shutil
import uuid
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from policies.importing import files, tables
from policies.importing.errors import (
    AnotherImportError,
    ImportFileError,
    LibraryChangedError,
    NotReadyError,
)
from policies.importing.parsing import Parsed, batched, parse_row
from policies.importing.planning import Planned, Planner
from policies.importing.writing import Writer
from policies.models import ImportJob, ImportRow, PolicyIndexPage
from search import upkeep

State = ImportJob.State
BATCH = 250


def library_page() -> PolicyIndexPage:
    """The Chinese library: the page that imported policies stand below. Raises ImportFileError."""
    index = (
        PolicyIndexPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        .order_by("path")
        .first()
    )
    if index is None:
        raise ImportFileError(_("The site has no policy library yet. Make its page first."))
    return index


def may_publish(user) -> bool:
    return library_page().permissions_for_user(user).can_publish_subpage()


def receive_file(
    *, file: BinaryIO, name: str, user=None, publish: bool = False, source: str = ""
) -> ImportJob:
    """Keep an uploaded file to be checked.

    Args:
        file: open for reading bytes.
        name: what it was called; the ending says what it is.
        user: who uploaded it.
        publish: publish what passes the publish check; the caller has asked whether the user may.
        source: the source of rows that name none.

    Raises:
        ImportFileError: it is of a kind that is not read.
    """
    name = tables.tidy_name(name)
    kind = tables.kind_of(name)
    stored_as = f"{uuid.uuid4().hex}.{kind}"
    path = files.folder() / stored_as
    path.touch(mode=0o600)
    with path.open("wb") as target:
        shutil.copyfileobj(file, target, tables.MEGABYTE)
    return ImportJob.objects.create(
        name=name,
        stored_as=stored_as,
        created_by=user,
        publish=publish,
        source=source.strip(),
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )


# --- Checking -------------------------------------------------------------------------------


def check_file(*, job: ImportJob) -> ImportJob:
    """The dry run: read the file and note for each row what an import would do."""
    if not move(job, {State.WAITING}, State.CHECKING, message=""):
        raise NotReadyError
    with files.lock(str(job.pk)), translation.override(job.language):
        try:
            _check(job)
        except ImportFileError as error:
            job.rows.all().delete()
            move(job, {State.CHECKING}, State.FAILED, message=str(error)[:500])
    job.refresh_from_db()
    return job


def _check(job: ImportJob) -> None:
    planner = planner_for(job)
    unknown: dict[str, None] = {}
    counts: dict[str, int] = {}
    job.rows.all().delete()
    done = 0
    rows = (parse_row(row, unknown) for row in tables.read(files.path_of(job), job.name))
    with files.plan_of(job).open("w", encoding="utf-8", errors="replace") as plan_file:
        for batch in batched(rows, BATCH):
            plan_file.writelines(f"{row.dump()}\n" for row in batch)
            planned = planner.plan(batch)
            ImportRow.objects.bulk_create([plan.as_row(job.pk) for plan in planned])
            for plan in planned:
                counts[plan.outcome] = counts.get(plan.outcome, 0) + 1
            done += len(batch)
            files.set_progress(job, done)
    if not done:
        raise ImportFileError(_("There is no row below the headings."))
    move(
        job,
        {State.CHECKING},
        State.CHECKED,
        counts=counts,
        unknown_headings=list(unknown),
        digest=planner.digest,
    )


def planner_for(job: ImportJob) -> Planner:
    locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    library_page()  # said now, not after a long check
    return Planner(locale_id=locale.pk, publish=job.publish, source=job.source)


# --- Importing ------------------------------------------------------------------------------


def queue_import(*, job: ImportJob, skip_wrong: bool = False) -> None:
    """Have a checked file imported.

    Raises:
        NotReadyError: it is not checked, has nothing to import, or has wrong rows that are not to be
            left out.
        AnotherImportError: another one is being written.
    """
    faulty = job.count(*ImportRow.FAULTY)
    if not job.count("new", "changed") or (faulty and not skip_wrong):
        raise NotReadyError
    if files.is_held(files.WRITING):
        raise AnotherImportError
    if not move(job, {State.CHECKED}, State.QUEUED, skip_wrong=skip_wrong, message=""):
        raise NotReadyError


def run_import(*, job: ImportJob) -> ImportJob:
    """Write a queued import, whole or not at all, then tell the search.

    Raises:
        AnotherImportError: another one is being written; this one is back where it was.
        LibraryChangedError: rows would do something else than what was shown; it is to be checked anew.
        NotReadyError: it is not queued.
    """
    with files.lock(files.WRITING) as free:
        if not free:
            move(job, {State.QUEUED}, State.CHECKED, message=_("Another import was running."))
            raise AnotherImportError
        if not move(job, {State.QUEUED}, State.RUNNING):
            raise NotReadyError
        files.set_progress(job, 0, sum(job.counts.values()))
        try:
            ids = _write(job)
        except LibraryChangedError:
            move(
                job,
                {State.RUNNING},
                State.WAITING,
                message=_("The library has changed since the check. Look at the rows again."),
            )
            raise
        except BaseException:
            move(job, {State.RUNNING}, State.CHECKED, message=interrupted())
            raise
        finish_index(job=job, ids=ids)
    job.refresh_from_db()
    return job


def interrupted() -> str:
    return _("The import was interrupted. Nothing of it was written.")


@transaction.atomic
def _write(job: ImportJob) -> list[int]:
    """Everything that the check found, in one transaction. Returns the ids of the pages."""
    planner = planner_for(job)
    writer = Writer(index=library_page(), user=job.created_by)
    total, done, ids = sum(job.counts.values()), 0, []
    for batch in batched(_checked_rows(job), BATCH):
        planned = planner.plan(batch)
        ids += writer.write(planned)
        _note_pages(job, planned)
        done += len(batch)
        files.set_progress(job, done, total)
    if planner.digest != job.digest:
        raise LibraryChangedError
    writer.finish()
    move(job, {State.RUNNING}, State.INDEXING, unindexed=ids)
    return ids


def _checked_rows(job: ImportJob) -> Iterator[Parsed]:
    with files.plan_of(job).open(encoding="utf-8") as plan_file:
        for line in plan_file:
            yield Parsed.load(line)


def _note_pages(job: ImportJob, planned: list[Planned]) -> None:
    """Say at the rows which pages they made."""
    made = {plan.number: plan.page.pk for plan in planned if plan.outcome == "new"}
    rows = list(ImportRow.objects.filter(job=job, number__in=made))
    for row in rows:
        row.page_id = made[row.number]
    ImportRow.objects.bulk_update(rows, ["page_id"], batch_size=BATCH)


def finish_index(*, job: ImportJob, ids: list[int] | None = None) -> None:
    """Have the search find what was imported, and end. May be called again after an interruption.

    Args:
        ids: the pages, where the caller has them at hand.
    """
    ids = sorted(job.unindexed if ids is None else ids)
    with translation.override(settings.LANGUAGE_CODE):  # the index is the same whoever imports
        _index(job, ids)
    move(job, {State.INDEXING}, State.DONE, unindexed=[], finished_at=timezone.now())
    job.refresh_from_db()
    if job.state == State.DONE:
        files.plan_of(job).unlink(missing_ok=True)
        if not job.count(*ImportRow.FAULTY):
            delete_file(job=job)


def _index(job: ImportJob, ids: list[int]) -> None:
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        # A page is found by the titles of its translations, too.
        keys = Page.objects.filter(pk__in=part).values("translation_key")
        told = Page.objects.filter(translation_key__in=keys).values_list("pk", flat=True)
        upkeep.write_again(upkeep.DATABASE, "wagtailcore.page", {str(pk) for pk in told})
        files.set_progress(job, start + len(part), len(ids))


def delete_file(*, job: ImportJob) -> None:
    """Delete the uploaded file; what was done stays in the list."""
    files.delete(job)
    ImportJob.objects.filter(pk=job.pk).update(stored_as="")


def move(job: ImportJob, before: set[str], after: str, **fields) -> bool:
    """Take the job from one of the states to another; False when it was in none of them."""
    moved = ImportJob.objects.filter(pk=job.pk, state__in=before).update(
        state=after, changed_at=timezone.now(), **fields
    )
    if moved:
        job.state = after
        for name, value in fields.items():
            setattr(job, name, value)
    return bool(moved)
