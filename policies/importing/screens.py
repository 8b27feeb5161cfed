"""Import and export in the admin."""

import tempfile

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from policies.columns import listed
from policies.exporting.views import EXPORT_PERMISSION, XLSX
from policies.importing import files, services, tasks, tending
from policies.importing.errors import AnotherImportError, ImportFileError, NotReadyError
from policies.importing.errors_file import write_errors
from policies.importing.forms import UploadForm
from policies.importing.parsing import labels
from policies.importing.template_file import write_template
from policies.models import ImportJob, ImportRow

IMPORT_PERMISSION = "policies.import_policies"
ROWS, JOBS = 50, 20
# Seconds between two looks at an import that works.
REFRESH = 4


class ImporterMixin(WagtailAdminTemplateMixin):
    """For those who may import. The list of imports is for all of them: they share one library."""

    header_icon = "upload"
    page_title = _("Import and export")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm(IMPORT_PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        home = {"url": reverse("policy_exchange:index"), "label": gettext("Import and export")}
        return [*self.breadcrumbs_items, home]


def may_publish(user) -> bool:
    try:
        return services.may_publish(user)
    except ImportFileError:
        return False


class IndexView(ImporterMixin, TemplateView):
    template_name = "policies/exchange/index.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        kwargs.setdefault("form", UploadForm(may_publish=may_publish(user)))
        jobs = ImportJob.objects.select_related("created_by")[:JOBS]
        return super().get_context_data(
            jobs=jobs, may_export=user.has_perm(EXPORT_PERMISSION), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, may_publish=may_publish(request.user))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        with transaction.atomic():
            job = form.keep(request.user)
            transaction.on_commit(lambda: tasks.check_file.enqueue(job.pk))
        return redirect("policy_exchange:job", job.pk)


class JobView(ImporterMixin, TemplateView):
    """One import: how far it is, and what each row would do or did."""

    template_name = "policies/exchange/job.html"

    def get_context_data(self, **kwargs) -> dict:
        job = tending.revive(job=get_object_or_404(ImportJob, pk=self.kwargs["pk"]))
        outcome = self.request.GET.get("outcome", "")
        outcome = outcome if outcome in ImportRow.Outcome.values else ""
        rows = job.rows.filter(outcome=outcome) if outcome else job.rows.all()
        page = Paginator(rows, ROWS).get_page(self.request.GET.get("p"))
        done, total = files.progress(job)
        return super().get_context_data(
            job=job,
            rows=[shown_row(row) for row in page],
            page=page,
            tabs=tabs(job, outcome),
            unknown=listed(job.unknown_headings),
            outcome=outcome,
            done=done,
            total=total,
            faulty=job.count(*ImportRow.FAULTY),
            to_do=job.count("new", "changed"),
            refresh=REFRESH if job.is_working else 0,
            **kwargs,
        )

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": gettext("Import")}]


def tabs(job: ImportJob, current: str) -> list[dict]:
    return [
        {"value": value, "label": label, "count": job.count(value), "current": value == current}
        for value, label in ImportRow.Outcome.choices
        if job.count(value)
    ]


def shown_row(row: ImportRow) -> dict:
    """A row for people: columns by their labels."""
    names = labels()
    return {
        "number": row.number,
        "title": row.title,
        "outcome": row.outcome,
        "label": row.get_outcome_display(),
        "page_id": row.page_id,
        "publishes": row.publishes,
        "changes": [
            (names.get(name) or gettext("State"), old, new) for name, old, new in row.changes
        ],
        "errors": [(names.get(name, ""), message) for name, message in row.errors],
        "notes": row.notes,
    }


class RunView(ImporterMixin, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(ImportJob, pk=pk)
        if job.publish and not may_publish(request.user):
            raise PermissionDenied
        try:
            with transaction.atomic():
                services.queue_import(job=job, skip_wrong=bool(request.POST.get("skip_wrong")))
                transaction.on_commit(lambda: tasks.run_import.enqueue(job.pk))
        except AnotherImportError:
            text = _(
                "Another import is running. Yours waits here: start it when that one has ended."
            )
            messages.error(request, text)
        except NotReadyError:
            messages.error(request, _("This import can't be started as it is. See below."))
        return redirect("policy_exchange:job", pk)


class DiscardView(ImporterMixin, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(ImportJob, pk=pk)
        try:
            tending.discard(job=job)
        except NotReadyError:
            messages.error(request, _("It is being worked on. Wait until it has ended."))
            return redirect("policy_exchange:job", pk)
        messages.success(request, _("The import was removed from the list, its file deleted."))
        return redirect("policy_exchange:index")


class ErrorsView(ImporterMixin, View):
    """The wrong rows as a spreadsheet."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(ImportJob, pk=pk)
        target = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
        try:
            if not job.stored_as:
                raise FileNotFoundError
            write_errors(target, job)
        except (OSError, ImportFileError):
            messages.error(request, _("The file was deleted: it is kept for seven days."))
            return redirect("policy_exchange:job", pk)
        return download(target, f"errors-{job.pk}.xlsx")


class TemplateFileView(ImporterMixin, View):
    """The empty spreadsheet."""

    def get(self, request: HttpRequest) -> HttpResponse:
        target = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
        write_template(target)
        return download(target, f"{gettext('policies-template')}.xlsx")


def download(file, name: str) -> FileResponse:
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
