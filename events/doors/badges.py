"""Badges to print: eight of 90 × 55 mm on a sheet of A4, with lines to cut along."""

import io
from collections.abc import Sequence
from pathlib import Path

import segno
from django.http import HttpResponse
from django.utils.translation import get_language, gettext

from base.typesetting import typeset
from events.choices import RegistrationStatus
from events.models import Attendee, RegistrationDesk
from events.registration.codes import content

TEMPLATE = Path(__file__).with_name("badges.typ")
MOST = 2000


def badge_holders(desk: RegistrationDesk) -> list[Attendee]:
    """Everybody expected, by organisation and name, as badges lie on a table."""
    people = Attendee.objects.filter(
        registration__desk=desk,
        registration__status=RegistrationStatus.CONFIRMED,
        registration__attendance="onsite",
        registration__anonymised_at=None,
    ).select_related("registration")
    return list(people.order_by("organisation_name", "name", "pk")[:MOST])


def make_badges(desk: RegistrationDesk, people: Sequence[Attendee], **options) -> bytes:
    """The sheets as PDF. `options` go to typst. Raises TypesettingError."""
    files, rows = {}, []
    for number, person in enumerate(people):
        name = f"{number}.svg"
        files[name] = _qr(person)
        rows.append(
            {
                "name": person.name or "–",
                "organisation": person.organisation_name,
                "position": person.registration.position if person.position == 0 else "",
                "qr": name,
            }
        )
    language, _, region = get_language().partition("-")
    data = {
        "language": language,
        "region": "cn" if region == "hans" else None,
        "title": gettext("Badges: %(event)s") % {"event": desk.page.title},
        "event": desk.page.title,
        "alt": gettext("QR code of the ticket"),
        "people": rows,
    }
    return typeset(TEMPLATE, data, files=files, **options)


def _qr(person: Attendee) -> bytes:
    out = io.BytesIO()
    segno.make(content(person), error="m", micro=False).save(out, kind="svg", border=0)
    return out.getvalue()


def response(desk: RegistrationDesk, people: Sequence[Attendee]) -> HttpResponse:
    made = HttpResponse(make_badges(desk, people), content_type="application/pdf")
    made["Content-Disposition"] = f'inline; filename="badges-{desk.pk}.pdf"'
    return made
