"""What is made of a policy for its readers: its layout, its files, its versions and what differs."""

from itertools import pairwise

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from base.client_address import client_address
from base.made_files import BusyError
from policies.models import PolicyPage, PolicyVersion
from policies.official import comparison
from policies.official.access import for_readers
from policies.official.comparison_page import CompareForm, changed_fields, folded
from policies.official.errors import FileError, TooLongError
from policies.official.files import KINDS, file_name, file_of
from policies.official.layout import Sheet, lay_out
from policies.official.record import Record, read_policy

# A list of more versions than this is cut; nobody reads so many.
MOST_VERSIONS = 200


@for_readers
def official(request: HttpRequest, policy: PolicyPage, number: int = 0) -> HttpResponse:
    """The policy in official layout; with a `number` that version of it."""
    sheet, version = _sheet(policy, number)
    context = {"page": policy, "sheet": sheet, "version": version, "is_old": bool(number)}
    return render(request, "policies/official/sheet.html", context)


@for_readers
def download(request: HttpRequest, policy: PolicyPage, kind: str, number: int = 0) -> HttpResponse:
    """The same as a Word or PDF file; in plain words why there is none."""
    sheet, version = _sheet(policy, number, base=settings.BASE_URL)
    made_at = version.made_at if version else policy.last_published_at or timezone.now()
    try:
        content = file_of(sheet, kind, made_at=made_at, address=client_address(request))
    except TooLongError:
        message = _("The document is too long to be made into a file here.")
        return _no_file(request, policy, message, status=422)
    except BusyError:
        message = _("Too many files are being made just now. Please try again in some minutes.")
        return _no_file(request, policy, message, status=429)
    except FileError:
        message = _("This document could not be made into a file.")
        return _no_file(request, policy, message, status=422)
    response = HttpResponse(content, content_type=KINDS[kind].media_type)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name(sheet, kind, version.number if version else 0)
    )
    return response


@for_readers
def versions(request: HttpRequest, policy: PolicyPage) -> HttpResponse:
    """All versions, the newest first, and the form to compare two of them."""
    found = list(policy.versions.latest_first().defer("data")[:MOST_VERSIONS])
    readable = [version for version in found if not version.is_withheld]
    for newer, older in pairwise(readable):
        newer.before = older.number  # what it is compared with
    context = {"page": policy, "versions": found}
    if len(readable) > 1:
        context["form"] = CompareForm(versions=readable)
    return render(request, "policies/official/versions.html", context)


@for_readers
def compare(request: HttpRequest, policy: PolicyPage) -> HttpResponse:
    """What differs between the versions `?a=` and `?b=`; without them between the last two."""
    found = list(policy.versions.readable().latest_first().defer("data")[:MOST_VERSIONS])
    context = {"page": policy, "versions": found}
    asked = {name: request.GET[name] for name in ("a", "b") if name in request.GET}
    if len(found) < 2 and not asked:
        return render(request, "policies/official/compare.html", context)
    form = CompareForm({**CompareForm.last_two(found), **asked}, versions=found)
    context["form"] = form
    if form.is_valid():
        _compare(policy, form, context)
    return render(request, "policies/official/compare.html", context)


def _compare(policy: PolicyPage, form: CompareForm, context: dict) -> None:
    """Put the chosen versions and what differs into the context, or why it can't be told."""
    numbers = [int(form.cleaned_data[name]) for name in ("a", "b")]
    rows = {
        version.number: version for version in policy.versions.readable().filter(number__in=numbers)
    }
    if not all(number in rows for number in numbers):  # gone since the list was read
        raise Http404
    old, new = (rows[number] for number in numbers)
    context |= {"old": old, "new": new, "is_same": old.number == new.number}
    try:
        result = comparison.compare(Record.of(old.data), Record.of(new.data))
    except comparison.TextsTooLongError:
        context["too_long"] = True
        return
    context |= {
        "comparison": result,
        "fields": changed_fields(result),
        "stretches": folded(result.rows),
        "counts": {state: result.count(state) for state in ("changed", "added", "removed")},
    }


def _sheet(policy: PolicyPage, number: int, base: str = "") -> tuple[Sheet, PolicyVersion | None]:
    """The sheet of a version, of the page as it is now for 0. Raises 404 for one that isn't there."""
    newest = policy.versions.latest_first().defer("data").first()
    if number:
        version = policy.versions.readable().filter(number=number).first()
        if version is None:
            raise Http404
        record = Record.of(version.data)
    else:
        record = read_policy(policy)
        version = newest if newest and newest.digest == record.digest else None
    last = newest.number if newest else 0
    return lay_out(policy, record, version=version, newest=last, base=base), version


def _no_file(
    request: HttpRequest, policy: PolicyPage, message: str, *, status: int
) -> HttpResponse:
    context = {"page": policy, "message": message}
    response = render(request, "policies/official/no_file.html", context, status=status)
    if status == 429:
        response["Retry-After"] = "300"
    return response
