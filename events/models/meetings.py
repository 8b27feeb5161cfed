"""One-to-one meetings (对接会): who seeks what, who asks whom, who meets whom when and at which table."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.chains import Chain
from events.choices import MeetingStatus, Outcome, RequestStatus, Side
from events.models.desk import RegistrationDesk
from events.models.registration import Registration


class MeetingRound(models.Model):
    """The meetings of one event: who may ask, until when, and whether the timetable is told."""

    class Asking(models.TextChoices):
        PARTICIPANTS = "participants", _("Participants ask each other")
        ORGANISER = "organiser", _("The organiser brings them together")

    desk = models.OneToOneField(
        RegistrationDesk, on_delete=models.PROTECT, related_name="meeting_round"
    )
    asking = models.CharField(
        _("who asks for meetings"),
        max_length=12,
        choices=Asking.choices,
        default=Asking.PARTICIPANTS,
    )
    asks_from = models.DateTimeField(_("requests from"), null=True, blank=True)
    asks_until = models.DateTimeField(_("requests until"), null=True, blank=True)
    request_hours = models.PositiveSmallIntegerField(
        _("a request waits for an answer (hours)"), default=48, validators=[MinValueValidator(1)]
    )
    meetings_max = models.PositiveSmallIntegerField(
        _("meetings a participant has at most"), null=True, blank=True
    )
    # When the event began as its time slots were made: they are offered to follow it elsewhere.
    slots_for = models.DateTimeField(null=True, blank=True, editable=False)
    # Once told, every change is mailed to whom it concerns.
    told_at = models.DateTimeField(_("timetable sent"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("round of meetings")
        verbose_name_plural = _("rounds of meetings")
        permissions = [("plan_meetings", "Can plan meetings and see what came of them")]

    def __str__(self) -> str:
        return str(self.desk)

    @property
    def takes_requests(self) -> bool:
        now = timezone.now()
        return (
            self.asking == self.Asking.PARTICIPANTS
            and (self.asks_from is None or self.asks_from <= now)
            and now < (self.asks_until or self.desk.page.starts_at)
        )


class MeetingTable(models.Model):
    round = models.ForeignKey(MeetingRound, on_delete=models.CASCADE, related_name="tables")
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=40)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        ordering = ["sort_order", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="events_table_once")]

    def __str__(self) -> str:
        return self.name


class TimeSlot(models.Model):
    """A time in which one meeting takes place at each table. The slots of a round never overlap."""

    round = models.ForeignKey(MeetingRound, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("time slot")
        verbose_name_plural = _("time slots")
        ordering = ["starts_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["round", "starts_at"], name="events_slot_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="events_slot_order"
            ),
        ]

    def __str__(self) -> str:
        begins, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{begins:%H:%M}–{ends:%H:%M}"


class Participant(models.Model):
    """A registered person who takes part in meetings: who they are, what they offer and seek.

    Other participants see it only with the consent to that (`ConsentKind.MEETING`).
    """

    Side = Side

    round = models.ForeignKey(MeetingRound, on_delete=models.PROTECT, related_name="participants")
    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="participant"
    )
    side = models.CharField(_("takes part as"), max_length=10, choices=Side.choices)
    offers = models.TextField(_("offers"), max_length=500, blank=True)
    seeks = models.TextField(_("seeks"), max_length=500, blank=True)
    chains = models.JSONField(_("industries"), default=list, blank=True)
    is_listed = models.BooleanField(_("shown to the others"), default=True)
    away = models.ManyToManyField(
        TimeSlot, blank=True, related_name="+", verbose_name=_("has no time")
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.registration.organisation_name or self.registration.masked_name

    @property
    def chain_labels(self) -> list[str]:
        labels = dict(Chain.choices)
        return [str(labels[code]) for code in self.chains if code in labels]


class MeetingRequest(models.Model):
    """One participant would like to meet another, or the organiser would like them to."""

    Status = RequestStatus

    round = models.ForeignKey(MeetingRound, on_delete=models.CASCADE, related_name="requests")
    from_participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="asked", verbose_name=_("from")
    )
    to_participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="asked_by", verbose_name=_("to")
    )
    by_organiser = models.BooleanField(_("by the organiser"), default=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.OPEN
    )
    message = models.TextField(_("message"), max_length=500, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("waits until"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for a meeting")
        verbose_name_plural = _("requests for meetings")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["from_participant", "to_participant"],
                condition=models.Q(status__in=["open", "accepted"]),
                name="events_request_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_participant=models.F("to_participant")),
                name="events_request_of_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_participant_id} → {self.to_participant_id}"


class Meeting(models.Model):
    """Two participants at a table in a slot. `is_fixed`: set by hand, the solver leaves it alone."""

    Status = MeetingStatus

    round = models.ForeignKey(MeetingRound, on_delete=models.CASCADE, related_name="meetings")
    # Both are kept of a cancelled meeting whose slot or table has gone.
    slot = models.ForeignKey(
        TimeSlot, null=True, on_delete=models.SET_NULL, related_name="meetings"
    )
    table = models.ForeignKey(
        MeetingTable, null=True, on_delete=models.SET_NULL, related_name="meetings"
    )
    request = models.ForeignKey(
        MeetingRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="meetings"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PLANNED
    )
    is_fixed = models.BooleanField(_("set by hand"), default=False)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["slot__starts_at", "table__sort_order", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "table"],
                condition=~models.Q(status="cancelled"),
                name="events_table_taken_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot} {self.table}"


class MeetingSide(models.Model):
    """One side of a meeting. The database itself lets nobody be in two places at once.

    `slot` and `is_live` repeat what the meeting says, for that constraint; the service that writes the
    meeting writes them.
    """

    Outcome = Outcome

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="sides")
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="meeting_sides"
    )
    slot = models.ForeignKey(TimeSlot, null=True, on_delete=models.SET_NULL, related_name="+")
    is_live = models.BooleanField(default=True)
    rating = models.PositiveSmallIntegerField(_("rating (1 to 5)"), null=True, blank=True)
    outcome = models.CharField(
        _("what came of it"), max_length=10, choices=Outcome.choices, blank=True
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "participant"],
                condition=models.Q(is_live=True),
                name="events_one_place_at_a_time",
            ),
            models.UniqueConstraint(fields=["meeting", "participant"], name="events_side_once"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.participant_id}"
