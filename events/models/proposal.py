"""A timetable that the solver proposes. Nothing is planned until somebody accepts it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.meetings import MeetingRound


class TimetableProposal(models.Model):
    """One run of the solver. Ids stand in it and no names: what was erased since is not in it either."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be worked out")
        SOLVING = "solving", _("Being worked out")
        READY = "ready", _("To be looked at")
        FAILED = "failed", _("Not worked out")
        ACCEPTED = "accepted", _("Accepted")
        DISCARDED = "discarded", _("Set aside")

    UNDER_WAY = (State.WAITING, State.SOLVING)

    round = models.ForeignKey(MeetingRound, on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(
        _("status"), max_length=10, choices=State.choices, default=State.WAITING
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    # [[request, slot, table], …]
    places = models.JSONField(default=list)
    # [[request, why (events.timetable.reasons.Reason), the participant it is about or None], …]
    unplaced = models.JSONField(default=list)
    number = models.PositiveIntegerField(_("meetings"), default=0)
    bound = models.PositiveIntegerField(_("at most"), default=0)
    is_best = models.BooleanField(default=False)
    seconds = models.FloatField(_("seconds"), default=0)

    class Meta:
        verbose_name = _("proposed timetable")
        verbose_name_plural = _("proposed timetables")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(state__in=["waiting", "solving"]),
                name="events_one_proposal_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.state}"
