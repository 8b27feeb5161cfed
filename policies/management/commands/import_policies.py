from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from policies.importing import services
from policies.importing.errors import AnotherImportError, ImportFileError, LibraryChangedError
from policies.importing.errors_file import explain
from policies.importing.parsing import labels
from policies.models import ImportJob, ImportRow

# More are of one kind; the spreadsheet has them all.
MOST_TOLD = 20


class Command(BaseCommand):
    help = (
        "Imports policies from XLSX, CSV, JSON, JSON Lines (.jsonl, .jsonl.gz), Word (.docx) or a .zip "
        "of Word files: whole, or nothing of it. New ones are drafts unless --publish is given."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--publish", action="store_true", help="publish what is complete")
        parser.add_argument("--skip-wrong", action="store_true", help="leave wrong rows out")
        parser.add_argument("--source", default="", help="the source of policies that name none")
        parser.add_argument("--user", help="whose name stands in the history of the pages")

    def handle(self, *args, **options):
        job = self._receive(options)
        try:
            self._check(job)
            faulty = job.count(*ImportRow.FAULTY)
            if options["dry_run"]:
                return
            if faulty and not options["skip_wrong"]:
                raise CommandError(
                    f"{faulty} rows are wrong, so nothing was imported. Mend them, or leave them out "
                    "with --skip-wrong."
                )
            if job.count("new", "changed"):
                self._import(job, skip_wrong=options["skip_wrong"])
        finally:
            services.delete_file(job=job)
            if job.state != ImportJob.State.DONE:
                job.delete()

    def _receive(self, options) -> ImportJob:
        user = None
        if options["user"]:
            users = get_user_model()
            user = users.objects.filter(**{users.USERNAME_FIELD: options["user"]}).first()
            if user is None:
                raise CommandError(f"There is no user {options['user']!r}.")
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                return services.receive_file(
                    file=file,
                    name=path.name,
                    user=user,
                    publish=options["publish"],
                    source=options["source"],
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except ImportFileError as error:
            raise CommandError(str(error)) from error

    def _check(self, job: ImportJob) -> None:
        job = services.check_file(job=job)
        if job.state == ImportJob.State.FAILED:
            raise CommandError(job.message)
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(job.counts.items()))
        self.stdout.write(f"{sum(job.counts.values())} rows: {counts}")
        if job.unknown_headings:
            self.stdout.write(f"Columns that are not read: {', '.join(job.unknown_headings)}")
        names = labels()
        for row in job.rows.filter(outcome__in=ImportRow.FAULTY)[:MOST_TOLD]:
            self.stdout.write(f"  {row.number} {row.title}: {explain(row, names)}")

    def _import(self, job: ImportJob, *, skip_wrong: bool) -> None:
        try:
            services.queue_import(job=job, skip_wrong=skip_wrong)
            services.run_import(job=job)
        except AnotherImportError as error:
            raise CommandError("Another import is running. Try again when it has ended.") from error
        except LibraryChangedError as error:
            raise CommandError("The library changed meanwhile. Try again.") from error
        drafts = job.rows.filter(outcome__in=["new", "changed"], publishes=False).count()
        self.stdout.write(
            f"Imported {job.count('new', 'changed')} policies, {drafts} of them as drafts."
        )
