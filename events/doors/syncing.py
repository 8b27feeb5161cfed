"""What a phone kept while it had no network, written down in the order in which it happened."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from events.doors import consent, tickets
from events.doors.forms import WalkInForm
from events.errors import EventError, SoldOutError
from events.models import Attendee, Door
from events.services.checking_in import (
    TicketUnknownError,
    check_in,
    find_attendee,
    undo,
    walk_in,
)

# What one message may hold; the phone sends the rest in the next.
MOST = 200


class MalformedError(ValueError):
    """Not what our script sends."""


def take(request: HttpRequest, door: Door, message: object) -> list[dict]:
    """Write everything of a message and answer each part. Raises MalformedError, with nothing written."""
    if not isinstance(message, dict):
        raise MalformedError
    parts = message.get("parts")
    if not isinstance(parts, list) or len(parts) > MOST:
        raise MalformedError
    read = [_read(part) for part in parts]
    return [_take(request, door, *part) for part in read]


def _read(part: object) -> tuple[str, UUID, datetime | None, dict]:
    what = part.get("what") if isinstance(part, dict) else None
    if not isinstance(what, str) or what not in TAKERS:
        raise MalformedError
    try:
        key = UUID(part["key"])
        at = parse_datetime(part["at"]) if isinstance(part.get("at"), str) else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedError from error
    return what, key, at if at and is_aware(at) else None, part


def _take(request: HttpRequest, door: Door, what: str, key: UUID, at, part: dict) -> dict:
    try:
        with transaction.atomic():
            return {"key": str(key), **TAKERS[what](request, door, key, at, part)}
    except TicketUnknownError:
        return {"key": str(key), "result": "unknown"}
    except SoldOutError:
        return {"key": str(key), "result": "full"}
    except (EventError, ValidationError) as error:
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        return {"key": str(key), "result": "refused", "state": text}


def _scan(request, door: Door, key: UUID, at, part: dict) -> dict:
    return tickets.answer(check_in(_attendee(door, part), key=key, door=door, at=at))


def _undo(request, door: Door, key: UUID, at, part: dict) -> dict:
    attendee = _attendee(door, part)
    undo(attendee, door=door)
    return {"result": "undone", "id": attendee.pk}


def _walk_in(request, door: Door, key: UUID, at, part: dict) -> dict:
    form = WalkInForm({name: _text(part.get(name)) for name in WalkInForm.base_fields})
    if not form.is_valid():
        messages = [text for texts in form.errors.values() for text in texts]
        return {"result": "refused", "state": " ".join(messages)}
    scan = walk_in(
        desk=door.desk,
        guest=form.guest,
        consents=consent.given(request),
        language=request.LANGUAGE_CODE,
        key=key,
        door=door,
        at=at,
    )
    return tickets.answer(scan)


def _text(value: object) -> str:
    """As a form field gets it: text without halves of characters."""
    if not isinstance(value, str):
        return "on" if value is True else ""
    return value[:1000].encode("utf-8", "replace").decode().replace("\x00", "")


def _attendee(door: Door, part: dict) -> Attendee:
    number = part.get("id")
    if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**62:
        people = Attendee.objects.select_related("registration")
        found = people.filter(pk=number, registration__desk=door.desk).first()
        if found is None:
            raise TicketUnknownError
        return found
    return find_attendee(door.desk, _text(part.get("code")))


TAKERS = {"scan": _scan, "undo": _undo, "walk_in": _walk_in}
