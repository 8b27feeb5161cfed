"""The page of a door. Whoever holds its link stands at the door; taken back, the link opens nothing.

The link is the key, as with registrations: the POSTs go without a CSRF token, and work in a browser that
keeps no cookies.
"""

import json
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.views import UNPROCESSABLE, private
from events.doors import badges, consent, syncing, tickets
from events.doors.forms import LARGEST_PICTURE, ScanForm, SearchForm, WalkInForm
from events.doors.reading import PictureError, read_picture
from events.errors import EventError
from events.links import door_of
from events.models import Attendee, Door
from events.registration.setup import page_of
from events.services.checking_in import (
    TicketUnknownError,
    check_in,
    find_attendee,
    undo,
    walk_in,
)

MOST_FOUND = 20


def _find(token: str) -> Door:
    found = door_of(token)
    if found is None:
        raise Http404
    return found


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The page, and what it does without a script: one form for each thing that happens at a door."""
    found = _find(token)
    context = {"door": found, "desk": found.desk, "event": page_of(found.desk), "token": token}
    status = 200
    if request.method == "POST":
        action = ACTIONS.get(request.POST.get("do", ""), _scan)
        status = action(request, found, context)
    statement = consent.statement(request)
    context.setdefault("scan_form", ScanForm(auto_id="scan-%s"))
    context.setdefault("search_form", SearchForm(auto_id="search-%s"))
    context.setdefault("walk_form", WalkInForm(statement=statement, auto_id="walk-%s"))
    context |= {
        "key": uuid4(),
        "count": tickets.counted(found.desk),
        "data": {"words": tickets.words(), "addresses": tickets.addresses(token)},
    }
    return private(render(request, "events/doors/door.html", context, status=status))


def _scan(request: HttpRequest, found: Door, context: dict) -> int:
    form = ScanForm(request.POST, request.FILES, auto_id="scan-%s")
    context["scan_form"] = form
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        attendee = _attendee(found, form)
    except TicketUnknownError:
        context["answer"] = {"result": "unknown"}
        return UNPROCESSABLE
    except PictureError:
        form.add_error("picture", gettext("This is no picture that can be opened."))
        return UNPROCESSABLE
    scan = check_in(attendee, key=form.cleaned_data["key"], door=found)
    context["answer"] = tickets.answer(scan)
    context["scan_form"] = ScanForm(auto_id="scan-%s")
    return 200


def _attendee(found: Door, form: ScanForm) -> Attendee:
    """Raises TicketUnknownError, PictureError."""
    data = form.cleaned_data
    if data["attendee"]:
        people = Attendee.objects.select_related("registration")
        chosen = people.filter(pk=data["attendee"], registration__desk=found.desk).first()
        if chosen is None:
            raise TicketUnknownError
        return chosen
    text, picture = data["code"], data["picture"]
    if picture and not text:
        if picture.size > LARGEST_PICTURE:
            raise PictureError
        text = read_picture(picture)
    return find_attendee(found.desk, text)


def _search(request: HttpRequest, found: Door, context: dict) -> int:
    form = SearchForm(request.POST, auto_id="search-%s")
    context["search_form"] = form
    if not form.is_valid():
        return UNPROCESSABLE
    words = form.cleaned_data["q"].casefold()
    hits = [
        person
        for person in tickets.ticket_list(found.desk)
        if words in f"{person['name']} {person['organisation']} {person['reference']}".casefold()
    ]
    context |= {"hits": hits[:MOST_FOUND], "more": len(hits) > MOST_FOUND}
    return 200


def _undo(request: HttpRequest, found: Door, context: dict) -> int:
    form = ScanForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["attendee"]:
        return UNPROCESSABLE
    try:
        attendee = _attendee(found, form)
    except TicketUnknownError:
        return UNPROCESSABLE
    undo(attendee, door=found)
    context["answer"] = {"result": "undone", "name": attendee.name}
    return 200


def _walk_in(request: HttpRequest, found: Door, context: dict) -> int:
    statement = consent.statement(request)
    form = WalkInForm(request.POST, statement=statement, auto_id="walk-%s")
    context["walk_form"] = form
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        scan = walk_in(
            desk=found.desk,
            guest=form.guest,
            consents=consent.given(request),
            language=request.LANGUAGE_CODE,
            key=form.cleaned_data["key"],
            door=found,
        )
    except EventError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return UNPROCESSABLE
    except ValidationError as error:
        form.add_error("phone", error)
        return UNPROCESSABLE
    context["answer"] = tickets.answer(scan)
    context["walk_form"] = WalkInForm(statement=statement, auto_id="walk-%s")
    return 200


ACTIONS = {"scan": _scan, "search": _search, "undo": _undo, "walk_in": _walk_in}


@require_safe
def ticket_list(request: HttpRequest, token: str) -> HttpResponse:
    """Everybody with a ticket, for the phone to take along."""
    found = _find(token)
    content = {"people": tickets.ticket_list(found.desk), "count": tickets.counted(found.desk)}
    return private(JsonResponse(content))


@csrf_exempt
@require_POST
def sync(request: HttpRequest, token: str) -> HttpResponse:
    """What happened at the door; answered part by part, so that what was heard is sent no more."""
    found = _find(token)
    try:
        answers = syncing.take(request, found, json.loads(request.body))
    except (ValueError, RecursionError):
        return private(JsonResponse({"error": "malformed"}, status=400))
    return private(JsonResponse({"answers": answers, "count": tickets.counted(found.desk)}))


@require_safe
def worker(request: HttpRequest, token: str) -> HttpResponse:
    """The service worker, which rules the addresses of this door alone."""
    _find(token)
    response = render(
        request, "events/doors/worker.js", {"token": token}, content_type="text/javascript"
    )
    return private(response)


@require_safe
def badge(request: HttpRequest, token: str, attendee_id: int) -> HttpResponse:
    """The badge of one person, for who has just come in."""
    found = _find(token)
    people = Attendee.objects.filter(
        registration__desk=found.desk, registration__anonymised_at=None
    )
    if attendee_id >= 2**62:
        raise Http404
    person = people.filter(pk=attendee_id).select_related("registration").first()
    if person is None:
        raise Http404
    return private(badges.response(found.desk, [person]))
