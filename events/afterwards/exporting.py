"""Registrations taken out of the house as a table: by whom and what for is written down first."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.spreadsheets import CSV, XLSX, write_csv, write_xlsx
from events.models import Registration, RegistrationDesk

ACTION = "events.export"
SHORTEST_REASON = 4
LONGEST_REASON = 200
PERMISSION = "events.export_registration"


class ReasonMissingError(Exception):
    def __str__(self) -> str:
        return _("Say what the list is needed for; it is kept with your name.")


def export_registrations(
    desk: RegistrationDesk, *, actor, reason: str, file_format: str
) -> tuple[bytes, str, str]:
    """The registrations of an event whose data are not erased, with contacts and answers.

    Returns the file, its content type and its name. Written into the log of the desk before it leaves.

    Raises PermissionDenied, ReasonMissingError, and ValueError for another format than xlsx and csv.
    """
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissingError
    if file_format not in ("xlsx", "csv"):
        raise ValueError(file_format)
    with transaction.atomic():
        heads, rows = headings(desk), list(table(desk))
        data = {"count": len(rows), "format": file_format, "reason": reason}
        log(instance=desk, action=ACTION, user=actor, data=data)
    name = f"registrations-{desk.pk}-{timezone.localdate():%Y%m%d}.{file_format}"
    if file_format == "csv":
        return write_csv(heads, rows), CSV, name
    return write_xlsx([(_("Registrations"), heads, rows)]), XLSX, name


def headings(desk: RegistrationDesk) -> list[str]:
    """Questions by their keys: their wording may be long, and differs between languages."""
    return [
        _("Reference"),
        _("State"),
        _("Received"),
        _("Name"),
        _("Organisation"),
        _("Position"),
        _("Telephone"),
        _("E-mail"),
        _("Attendance"),
        _("Persons"),
        _("Came along"),
        _("Seats"),
        _("Have come in"),
        _("Came by"),
        _("Invitation code"),
        _("Language"),
        _("Wants to talk about investing"),
        _("What about"),
        _("Note"),
        *desk.fields.values_list("key", flat=True),
    ]


def table(desk: RegistrationDesk) -> Iterator[list]:
    keys = list(desk.fields.values_list("key", flat=True))
    registrations = (
        desk.registrations.filter(anonymised_at=None)
        .select_related("invitation")
        .prefetch_related("attendees", "pools")
        .order_by("created_at", "pk")
    )
    for registration in registrations:
        yield [*_row(registration), *(_answer(registration.answers.get(key)) for key in keys)]


def _row(registration: Registration) -> list:
    attendees = registration.attendees.all()
    return [
        registration.reference,
        str(registration.get_status_display()),
        registration.created_at,
        registration.name,
        registration.organisation_name,
        registration.position,
        registration.phone or registration.phone_typed,
        registration.email,
        str(registration.get_attendance_display()),
        registration.party,
        _(", ").join(person.name for person in attendees if person.position and person.name),
        _(", ").join(str(pool) for pool in registration.pools.all()),
        sum(person.entered_at is not None for person in attendees),
        str(registration.get_source_display()),
        registration.invitation.code if registration.invitation else "",
        registration.language,
        _("yes") if registration.wants_contact else _("no"),
        registration.intent,
        registration.note,
    ]


def _answer(value: object) -> object:
    if isinstance(value, list):
        return _(", ").join(str(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value
