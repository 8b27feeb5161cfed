"""Downloads: what readers see for everybody, everything with drafts for those who may have it."""

import json
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.log_actions import log

from policies.api import rate
from policies.api.problems import Problem
from policies.columns import columns
from policies.exporting import listing
from policies.exporting.records import (
    clause_record,
    decided_elsewhere,
    policy_record,
    public_clauses,
    value_of,
)
from policies.exporting.workbook import write_all, write_public
from policies.importing.parsing import batched
from policies.importing.planning import latest
from policies.importing.relations import cells
from policies.library import library_question
from policies.models import Clause, PolicyPage, PolicyRelation

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet is made while the reader waits; more than this is for the JSON file or the API.
MOST_ROWS = 20_000
DOWNLOADS_PER_MINUTE = 10
# Spreadsheets that a process makes at a time, and how long (seconds) others wait for their turn.
_turns = threading.BoundedSemaphore(2)
PATIENCE = 8
EXPORT_PERMISSION = "policies.export_policies"
BATCH = 200


def _too_much(message: str, status: int) -> HttpResponse:
    return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")


def _later(seconds: str) -> HttpResponse:
    response = _too_much(_("Too many downloads at once. Try again in a minute."), 429)
    response["Retry-After"] = seconds
    return response


def _counted(view: Callable) -> Callable:
    @require_safe
    def counted(request: HttpRequest) -> HttpResponse:
        try:
            rate.count(request, DOWNLOADS_PER_MINUTE, "export")
        except Problem as problem:
            return _later(problem.headers["Retry_After"])
        response = view(request)
        # A copy for work; the pages themselves are what is to be found.
        response["X-Robots-Tag"] = "noindex"
        return response

    return counted


@_counted
def public_xlsx(request: HttpRequest) -> HttpResponse:
    """The policies that the library page shows under the same address, as a spreadsheet."""
    found = listing.find(library_question(request))
    if len(found) > MOST_ROWS:
        return _too_much(
            _("These are more policies than a spreadsheet is made for. Narrow them, or take JSON."),
            400,
        )
    if not _turns.acquire(timeout=PATIENCE):
        return _later("60")
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    try:
        write_public(file, *_with_clauses(listing.read(found.ids, with_body=False)))
    finally:
        _turns.release()
    return _file(file, "policies.xlsx")


@_counted
def public_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON, with the texts; written while it is read."""
    found = listing.find(library_question(request))
    pages, clauses = _with_clauses(listing.read(found.ids, with_body=True))
    records = (policy_record(page, request, with_body=True) for page in pages)
    return _json_file(records, map(clause_record, clauses), "policies.json")


def _with_clauses(pages: Iterable[PolicyPage]) -> tuple[Iterator[PolicyPage], Iterator[Clause]]:
    """The policies, and the clauses of those that were read: to be read after them."""
    keys = set()

    def noted() -> Iterator[PolicyPage]:
        for page in pages:
            keys.add(page.translation_key)
            yield page

    clauses = public_clauses(get_language()).order_by("pk").iterator(chunk_size=BATCH)
    return noted(), (clause for clause in clauses if clause.policy.translation_key in keys)


def _json_file(records: Iterable[dict], clauses: Iterable[dict], name: str) -> HttpResponse:
    response = StreamingHttpResponse(
        _json_parts(records, clauses, decided_elsewhere()), content_type="application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _json_parts(records: Iterable[dict], clauses: Iterable[dict], note: str) -> Iterator[str]:
    head = {"exported_at": timezone.localtime().isoformat(timespec="seconds"), "amounts": note}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "policies": [\n'
    yield from _joined(records)
    yield '\n], "clauses": [\n'
    yield from _joined(clauses)
    yield "\n]}\n"


def _joined(records: Iterable[dict]) -> Iterator[str]:
    for number, record in enumerate(records):
        yield (",\n" if number else "") + json.dumps(record, ensure_ascii=False)


def _file(file, name: str) -> FileResponse:
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


# --- With drafts ----------------------------------------------------------------------------


def everything() -> Iterator[PolicyPage]:
    """Every Chinese policy as its editors see it, in the order of the tree."""
    pages = PolicyPage.objects.filter(locale__language_code="zh-hans").order_by("path")
    pages = pages.select_related("origin", "locale", "latest_revision")
    for batch in batched(pages.iterator(chunk_size=BATCH), BATCH):
        relations = _relations_of(batch)
        for page in batch:
            shown = latest(page)
            if shown is page:  # a draft brings its own along
                page.__dict__["_related"] = cells(relations.get(page.pk, ()))
            yield shown


def _relations_of(pages: list[PolicyPage]) -> dict[int, list[PolicyRelation]]:
    found: dict[int, list[PolicyRelation]] = {}
    rows = PolicyRelation.objects.filter(page__in=pages).select_related("target")
    for row in rows.order_by("sort_order", "pk"):
        found.setdefault(row.page_id, []).append(row)
    return found


def admin_export(request: HttpRequest, kind: str) -> HttpResponse:
    """All policies with their drafts, as the import takes them in again. Leaves a line in the log."""
    if not request.user.has_perm(EXPORT_PERMISSION):
        raise PermissionDenied
    log(instance=request.user, action="policies.export", user=request.user, data={"kind": kind})
    name = f"policies-{timezone.localdate():%Y%m%d}.{kind}"
    if kind == "json":
        return _json_file((whole_record(page) for page in everything()), (), name)
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    write_all(file, everything())
    return _file(file, name)


def whole_record(page: PolicyPage) -> dict[str, object]:
    """A policy for our own import, and when it was checked: codes and dates, nothing computed."""
    values = {column.name: value_of(page, column) for column in columns()}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
        if value not in (None, "")
    } | {"state": "published" if page.live else "draft"}
