"""Who comes: a registration, the persons of it, what happened to it, what was agreed to."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.outbox import OutboxRow
from crm.masking import mask_name
from crm.models.consent import ConsentReceipt
from crm.models.sent import SentForm, SentFormQuerySet
from events.choices import ACTIVE, HOLDING, Attendance, RegistrationStatus, Source
from events.models.desk import InvitationCode, RegistrationDesk, SeatPool

# Without the signs that look alike (Crockford's base 32): read aloud and typed at a door.
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16  # 80 bits: what is on a ticket can't be guessed


def new_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


class RegistrationQuerySet(SentFormQuerySet):
    def active(self) -> "RegistrationQuerySet":
        """Holding seats or waiting for them."""
        return self.filter(status__in=ACTIVE)

    def holding(self) -> "RegistrationQuerySet":
        return self.filter(status__in=HOLDING)

    def confirmed(self) -> "RegistrationQuerySet":
        return self.filter(status=RegistrationStatus.CONFIRMED)

    def waiting(self) -> "RegistrationQuerySet":
        """The waiting list in its order."""
        return self.filter(status=RegistrationStatus.WAITING).order_by("waiting_since", "pk")

    def lapsed(self, now=None) -> "RegistrationQuerySet":
        """Offers whose time is over, or whose event has begun: it may have been moved since."""
        now = now or timezone.now()
        over = models.Q(offer_expires_at__lte=now) | models.Q(desk__page__starts_at__lte=now)
        return self.filter(over, status=RegistrationStatus.OFFERED)


class Registration(SentForm):
    """One person's registration for an event, with those who come along.

    Only the services of registration write `status`; every move is in `RegistrationLog`.
    """

    Status, Source, Attendance = RegistrationStatus, Source, Attendance

    desk = models.ForeignKey(
        RegistrationDesk, on_delete=models.PROTECT, related_name="registrations"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING, db_index=True
    )
    # The e-mail address, else the telephone number: the same person registers once for an event.
    identity = models.CharField(max_length=254, editable=False)
    # Where the seats of this registration are counted, `party` of them in each.
    pools = models.ManyToManyField(SeatPool, related_name="registrations", verbose_name=_("seats"))
    attendance = models.CharField(
        _("attendance"), max_length=8, choices=Attendance.choices, default=Attendance.ONSITE
    )
    party = models.PositiveSmallIntegerField(_("persons"), default=1)

    position = models.CharField(_("position"), max_length=80, blank=True)
    # {key of FormField: answer}; lists for several choices, ISO for days.
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    source = models.CharField(
        _("came by"), max_length=10, choices=Source.choices, default=Source.SITE
    )
    invitation = models.ForeignKey(
        InvitationCode,
        verbose_name=_("invitation code"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="registrations",
    )
    # Asked for with a consent of its own: the officers of investment may get in touch.
    wants_contact = models.BooleanField(_("wants to talk about investing"), default=False)
    intent = models.TextField(_("what about"), max_length=1000, blank=True)
    note = models.TextField(_("organiser's note"), max_length=2000, blank=True)

    # The place in the waiting list; kept while waiting, never moved forward.
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    offered_at = models.DateTimeField(_("seat offered"), null=True, blank=True)
    offer_expires_at = models.DateTimeField(
        _("offer holds until"), null=True, blank=True, db_index=True
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    contact = models.ForeignKey(
        "crm.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        "crm.Organisation", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lead = models.ForeignKey(
        "crm.Lead", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("work_registration", "Can approve, change, cancel and enter registrations"),
            ("export_registration", "Can export registrations"),
            ("check_in", "Can check visitors in"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "identity"],
                condition=models.Q(status__in=ACTIVE) & ~models.Q(identity=""),
                name="events_registration_once",
            ),
            models.CheckConstraint(
                condition=models.Q(party__gte=1), name="events_registration_party"
            ),
        ]
        indexes = [
            models.Index(
                fields=["desk", "status", "waiting_since"], name="events_registration_list"
            )
        ]

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE


class Attendee(models.Model):
    """One person of a registration, with a ticket: the one who registered (`position` 0) or a companion."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="attendees"
    )
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=80, blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=120, blank=True)
    code = models.CharField(_("ticket"), max_length=CODE_LENGTH, unique=True, default=new_code)
    # The first entry, for lists and counts; `CheckIn` has all that was scanned.
    entered_at = models.DateTimeField(_("entered"), null=True, blank=True)

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        ordering = ["registration_id", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "position"], name="events_attendee_position"
            )
        ]

    def __str__(self) -> str:
        return mask_name(self.name)


class RegistrationLog(models.Model):
    """One line of what happened to a registration. Written by services, never changed."""

    class By(models.TextChoices):
        VISITOR = "visitor", _("Visitor")
        ORGANISER = "organiser", _("Organiser")
        SYSTEM = "system", _("System")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(_("time"), default=timezone.now)
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10, blank=True)
    by = models.CharField(_("by"), max_length=10, choices=By.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What happened beside a move: "changed", "revealed", "resent", "anonymised" …
    action = models.CharField(max_length=20, blank=True)
    note = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.registration_id} {self.from_status} → {self.to_status}"


class EventConsent(ConsentReceipt):
    """The receipt of a consent given with a registration. It outlives the data."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="consents"
    )

    class Meta(ConsentReceipt.Meta):
        abstract = False
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind"], name="events_consent_once")
        ]


class EventMail(OutboxRow):
    """The outbox of events. `data` has what the mail says and the database will not say later."""

    class Purpose(models.TextChoices):
        RECEIVED = "received", _("Received, awaits approval")
        CONFIRMED = "confirmed", _("Confirmation with tickets")
        WAITING = "waiting", _("On the waiting list")
        OFFERED = "offered", _("A seat is offered")
        EXPIRED = "expired", _("The offer has passed")
        REJECTED = "rejected", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        CHANGED = "changed", _("Registration changed")
        KNOWN = "known", _("Registered already: the link again")
        REMINDER = "reminder", _("Reminder")
        EVENT_CHANGED = "event_changed", _("Time or place of the event changed")
        FOLLOW_UP = "follow_up", _("After the event")
        REQUESTED = "requested", _("Somebody asks for a meeting")
        ANSWERED = "answered", _("A request was answered")
        SCHEDULE = "schedule", _("Timetable of meetings")
        MEETING_CHANGED = "meeting_changed", _("A meeting was moved or cancelled")
        RATE = "rate", _("Asks how the meetings were")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="mails")
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose.choices)
    data = models.JSONField(default=dict, blank=True)
    # The same mail is queued once: "reminder:3", "schedule:<digest>"; empty says nothing.
    once = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("mail of an event")
        verbose_name_plural = _("mails of events")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "once"],
                condition=~models.Q(once=""),
                name="events_mail_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.status}"
