"""What a phone at a door takes along, so that it can answer without a network."""

import hashlib

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from events.models import Attendee, CheckIn, RegistrationDesk
from events.services.checking_in import Scan, count, may_enter


def digest(code: str) -> str:
    """What the phone knows of a code: enough to know it again, not enough to print a ticket."""
    return hashlib.sha256(code.encode()).hexdigest()


def ticket_list(desk: RegistrationDesk) -> list[dict]:
    """Everybody who has a ticket of the event, also one that is not valid any more.

    `code` is a digest; `state` is "" for who may enter; `entered` says when and where, "" if not yet.
    Nothing is there of telephones, addresses and answers.
    """
    people = (
        Attendee.objects.filter(registration__desk=desk, registration__anonymised_at=None)
        .select_related("registration")
        .order_by("pk")
    )
    entries = {
        row.attendee_id: row
        for row in CheckIn.objects.filter(
            attendee__registration__desk=desk, result=CheckIn.Result.ENTERED
        ).select_related("door")
    }
    return [
        {
            "id": person.pk,
            "code": digest(person.code),
            "name": person.name,
            "organisation": person.organisation_name,
            "reference": person.registration.reference,
            "state": state_of(person),
            "entered": entered_text(entries.get(person.pk)),
        }
        for person in people
    ]


def state_of(attendee: Attendee) -> str:
    """Why somebody may not enter, in words; "" for who may."""
    registration = attendee.registration
    if may_enter(registration):
        return ""
    if registration.status == registration.Status.CONFIRMED:
        return gettext("Takes part online")
    return str(registration.get_status_display())


def entered_text(entry: CheckIn | None) -> str:
    """10:02, east door."""
    if entry is None:
        return ""
    at = timezone.localtime(entry.at)
    text = f"{at:%H:%M}"
    if at.date() != timezone.localdate():
        text = f"{date_format(at, 'MONTH_DAY_FORMAT')} {text}"
    return f"{text} · {entry.door}" if entry.door else text


def answer(scan: Scan) -> dict:
    """How a scan ended, for the phone and for the page."""
    return {
        "key": str(scan.row.key),
        "id": scan.attendee.pk,
        "result": scan.result,
        "name": scan.attendee.name,
        "organisation": scan.attendee.organisation_name,
        "reference": scan.attendee.registration.reference,
        "state": state_of(scan.attendee) if scan.reason else "",
        "entered": entered_text(scan.earlier or scan.row),
    }


def counted(desk: RegistrationDesk) -> dict:
    number = count(desk)
    return {"expected": number.expected, "entered": number.entered}


def words() -> dict:
    """What the script says, in the language of the page."""
    return {
        "entered": gettext("Come in"),
        "again": gettext("Has entered before"),
        "not_valid": gettext("Not valid"),
        "undone": gettext("Taken back"),
        "unknown": gettext("No ticket of this event"),
        "online": gettext("Connected"),
        "offline": gettext("No network: scans are kept and sent later"),
        "waiting": gettext("%(number)s to send"),
        "elsewhere": gettext("Let in twice: this ticket was used at another door"),
        "full": gettext("The room is full: this person has no seat"),
        "refused": gettext("Could not be stored"),
        "revoked": gettext("This link is not good any more."),
        "undo": gettext("Take back"),
        "let_in": gettext("Let in"),
        "nobody": gettext("Nobody found"),
        "camera_off": gettext("The camera can't be used here. Type the code, or search by name."),
    }


def addresses(token: str) -> dict:
    """Where the script sends and fetches."""
    return {
        "list": reverse("doors:list", args=[token]),
        "sync": reverse("doors:sync", args=[token]),
        "worker": reverse("doors:worker", args=[token]),
        "scope": reverse("doors:door", args=[token]),
    }
