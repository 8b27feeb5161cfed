from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.choices import ClauseState


class AppendOnlyError(TypeError):
    """The log of clauses is written once and never changed."""


class ClauseLogQuerySet(models.QuerySet):
    def overrides(self) -> "ClauseLogQuerySet":
        """Publications in spite of a warning."""
        return self.filter(overridden__gt=0)

    def update(self, **values):
        raise AppendOnlyError

    def delete(self):
        raise AppendOnlyError

    def remove_samples(self) -> int:
        """The samples of a trial go whole, with what is noted of them."""
        rows = self.filter(is_sample=True)
        return rows._raw_delete(rows.db)


class ClauseLog(models.Model):
    """What became of a clause: who moved it from which state to which, when and why."""

    class Action(models.TextChoices):
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CHANGED = "changed", _("changed since published")
        DELETED = "deleted", _("deleted")

    clause = models.ForeignKey(
        "policies.Clause",
        verbose_name=_("clause"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="log",
    )
    # What is left to read when the clause, its policy or its publisher is gone.
    title = models.CharField(_("clause"), max_length=120)
    policy_title = models.CharField(_("policy"), max_length=255)
    who = models.CharField(_("who"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    from_state = models.CharField(_("from"), max_length=10, choices=ClauseState.choices)
    to_state = models.CharField(_("to"), max_length=10, choices=ClauseState.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # The warnings at that time: [{"code", "field", "word", "rule", "message"}], and their number.
    problems = models.JSONField(_("warnings"), default=list)
    overridden = models.PositiveIntegerField(_("warnings overridden"), default=0, db_index=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)

    objects = models.Manager.from_queryset(ClauseLogQuerySet)()

    class Meta:
        verbose_name = _("log of clauses")
        verbose_name_plural = _("logs of clauses")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_action_display()}"

    @property
    def words(self) -> str:
        """The words that were let through, as the gate quotes them."""
        return "、".join(dict.fromkeys(p["word"] for p in self.problems if p.get("word")))

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError
