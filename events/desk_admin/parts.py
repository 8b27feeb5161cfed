"""What an event's desk has in the admin: each part of the room adds its page here, in the order of the day.

The links stand above every page of a desk; a link is shown to whoever has the permission.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.models import RegistrationDesk


@dataclass(frozen=True)
class Part:
    """`view` is the name of a view that takes the desk's id."""

    label: str | Promise
    view: str
    permission: str


PARTS: list[Part] = [
    Part(_("Meetings"), "meetings:timetable", "events.plan_meetings"),
    Part(_("Check-in"), "desks:doors", "events.check_in"),
    Part(_("Report"), "desks:report", "events.report_event"),
]

# What the desk itself has: the page with everything comes first, what is set up once comes last.
FIRST = [Part(_("Registrations"), "desks:overview", "events.view_registrationdesk")]
LAST = [
    Part(_("Rules"), "desks:rules", "events.change_registrationdesk"),
    Part(_("Seats"), "desks:seats", "events.change_registrationdesk"),
    Part(_("Questions"), "desks:questions", "events.change_registrationdesk"),
    Part(_("Invitation codes"), "desks:codes", "events.change_registrationdesk"),
]


def links(desk: RegistrationDesk, user, current: str = "") -> list[dict]:
    """The links of a desk for a user: {label, url, is_current}. `current` is the name of the view shown."""
    return [
        {
            "label": part.label,
            "url": reverse(part.view, args=[desk.pk]),
            "is_current": part.view == current,
        }
        for part in [*FIRST, *PARTS, *LAST]
        if user.has_perm(part.permission)
    ]
