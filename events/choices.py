"""The states of a registration and of meetings, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RegistrationStatus(models.TextChoices):
    PENDING = "pending", _("Awaiting approval")
    CONFIRMED = "confirmed", _("Confirmed")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("A seat is offered")
    CANCELLED = "cancelled", _("Cancelled")
    REJECTED = "rejected", _("Declined")
    EXPIRED = "expired", _("The offer has passed")


# Who is in these states holds seats: they are counted in `SeatPool.taken`.
HOLDING = (
    RegistrationStatus.PENDING,
    RegistrationStatus.CONFIRMED,
    RegistrationStatus.OFFERED,
)
# One person has one of these for an event, never two.
ACTIVE = (*HOLDING, RegistrationStatus.WAITING)
# From → to. None is a registration that does not exist yet. Everything else is refused.
MOVES = {
    None: (
        RegistrationStatus.PENDING,
        RegistrationStatus.CONFIRMED,
        RegistrationStatus.WAITING,
    ),
    RegistrationStatus.PENDING: (
        RegistrationStatus.CONFIRMED,
        RegistrationStatus.REJECTED,
        RegistrationStatus.CANCELLED,
    ),
    RegistrationStatus.CONFIRMED: (
        RegistrationStatus.PENDING,  # changed where changes need approval
        RegistrationStatus.CANCELLED,
    ),
    RegistrationStatus.WAITING: (
        RegistrationStatus.OFFERED,
        RegistrationStatus.REJECTED,
        RegistrationStatus.CANCELLED,
    ),
    RegistrationStatus.OFFERED: (
        RegistrationStatus.CONFIRMED,
        RegistrationStatus.PENDING,  # accepted where approval is wanted
        RegistrationStatus.CANCELLED,
        RegistrationStatus.REJECTED,
        RegistrationStatus.EXPIRED,
    ),
    RegistrationStatus.CANCELLED: (),
    RegistrationStatus.REJECTED: (),
    RegistrationStatus.EXPIRED: (),
}


class Attendance(models.TextChoices):
    ONSITE = "onsite", _("On site")
    ONLINE = "online", _("Online")


class PoolKind(models.TextChoices):
    EVENT = "event", _("The whole event")
    ATTENDANCE = "attendance", _("Kind of attendance")
    SESSION = "session", _("Session")


class FieldKind(models.TextChoices):
    LINE = "line", _("One line")
    TEXT = "text", _("Some lines")
    CHOICE = "choice", _("One of a list")
    CHOICES = "choices", _("Several of a list")
    TICK = "tick", _("A box to tick")
    NUMBER = "number", _("Number")
    DATE = "date", _("Day")


class Source(models.TextChoices):
    """How somebody came to register."""

    # With a context: elsewhere "this site" is a piece of land.
    SITE = "site", pgettext_lazy("how somebody came to register", "This site")
    POSTER = "poster", _("Poster")
    MAIL = "mail", _("Mail")
    WECHAT = "wechat", _("WeChat")
    ORGANISER = "organiser", _("Entered by the organiser")
    WALK_IN = "walk_in", _("At the door")


class Side(models.TextChoices):
    """Who somebody is in one-to-one meetings."""

    INVESTOR = "investor", _("Investor")
    FIRM = "firm", _("Firm")
    INSTITUTE = "institute", _("Institute")
    OFFICER = "officer", _("Officer")


class RequestStatus(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Turned down")
    EXPIRED = "expired", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    HELD = "held", _("Held")
    MISSED = "missed", _("Did not take place")
    CANCELLED = "cancelled", _("Cancelled")


class Outcome(models.TextChoices):
    """What one side says of a meeting."""

    NONE = "", _("Not said yet")
    AGREED = "agreed", _("Something was agreed")
    FOLLOW_UP = "follow_up", _("We talk again")
    SITE_VISIT = "site_visit", _("A visit to the site")
    MATERIAL = "material", _("Papers will be sent")
    NO_MATCH = "no_match", _("No match")
    ABSENT = "absent", _("The other side did not come")
