"""The day itself: doors, and what was scanned at them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.desk import RegistrationDesk
from events.models.registration import Attendee


class Door(models.Model):
    """A place where tickets are looked at. Its signed link opens the page of the door on a phone."""

    desk = models.ForeignKey(RegistrationDesk, on_delete=models.CASCADE, related_name="doors")
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=80)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(
        _("its link is good"), default=True, help_text=_("Take this away when a phone is lost")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("door")
        verbose_name_plural = _("doors")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class CheckIn(models.Model):
    """One scan of a ticket. `key` is made by the phone: the same scan sent twice is one."""

    class Result(models.TextChoices):
        ENTERED = "entered", _("Entered")
        AGAIN = "again", _("Has entered before")
        NOT_VALID = "not_valid", _("Not valid")
        UNDONE = "undone", _("Taken back")

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="check_ins")
    door = models.ForeignKey(
        Door, null=True, on_delete=models.SET_NULL, related_name="check_ins", verbose_name=_("door")
    )
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    # By the phone's clock; it may have been offline. Never later than `received_at`.
    at = models.DateTimeField(_("time"), default=timezone.now)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["at", "pk"]
        default_permissions = ()
        constraints = [
            # Two doors, the same ticket: one of them enters.
            models.UniqueConstraint(
                fields=["attendee"],
                condition=models.Q(result="entered"),
                name="events_entered_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attendee_id} {self.result} {self.at:%H:%M}"
