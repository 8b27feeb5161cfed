from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportJob(models.Model):
    """One file of policies: checked row by row, then written whole or not at all.

    Only `policies.importing.services` changes `state`. Progress while it works stands in a file, not
    here: the writing happens in one transaction, which nobody could look into.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be checked")
        CHECKING = "checking", _("is being checked")
        CHECKED = "checked", _("checked")
        QUEUED = "queued", _("waits to be imported")
        RUNNING = "running", _("is being imported")
        INDEXING = "indexing", _("imported; the search is being told")
        DONE = "done", _("imported")
        FAILED = "failed", _("could not be read")

    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    name = models.CharField(_("file"), max_length=160)
    # Below the private folder of imports; empty once the file is deleted.
    stored_as = models.CharField(max_length=80, blank=True)
    publish = models.BooleanField(_("publish what is complete"), default=False)
    source = models.CharField(
        _("source of rows without one"),
        max_length=200,
        blank=True,
        help_text=_("Empty: the issuing body of each policy"),
    )
    # What the messages at the rows are written in.
    language = models.CharField(max_length=12, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    # Why it is where it is, when something went wrong.
    message = models.CharField(max_length=500, blank=True)
    # {outcome: number of rows}, and headings that nobody knows.
    counts = models.JSONField(default=dict)
    unknown_headings = models.JSONField(default=list)
    # Of all that the check found: the import does exactly that or nothing.
    digest = models.CharField(max_length=64, blank=True)
    skip_wrong = models.BooleanField(default=False)
    # Pages that the search has yet to be told of.
    unindexed = models.JSONField(default=list)
    changed_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("import of policies")
        verbose_name_plural = _("imports of policies")
        ordering = ["-pk"]
        default_permissions = ()
        permissions = [
            ("import_policies", "Can import policies"),
            ("export_policies", "Can export policies with their drafts"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        states = self.State
        return self.state in {
            states.WAITING,
            states.CHECKING,
            states.QUEUED,
            states.RUNNING,
            states.INDEXING,
        }

    @property
    def counted(self) -> list[tuple["ImportRow.Outcome", int]]:
        """The outcomes that rows have, and how many have them."""
        return [(one, self.count(one)) for one in ImportRow.Outcome if self.count(one)]

    def count(self, *outcomes: str) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)


class ImportRow(models.Model):
    """What a row of the file would do, or did."""

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("row of an import", "new")
        CHANGED = "changed", pgettext_lazy("row of an import", "changed")
        UNCHANGED = "unchanged", pgettext_lazy("row of an import", "unchanged")
        WRONG = "wrong", pgettext_lazy("row of an import", "wrong")
        DUPLICATE = "duplicate", pgettext_lazy("row of an import", "twice in the file")

    # What keeps a file from being imported as it is.
    FAULTY = (Outcome.WRONG, Outcome.DUPLICATE)

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    title = models.CharField(max_length=255, blank=True)
    page_id = models.BigIntegerField(null=True)
    publishes = models.BooleanField(default=False)
    # [[name of the column, old, new]], shortened; [[name of the column or "", message]].
    changes = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["job", "number"]
        default_permissions = ()
        indexes = [models.Index(fields=["job", "outcome", "number"], name="policies_import_rows")]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"


class PolicyOrigin(models.Model):
    """What the origin of an imported policy calls it, so that a later import finds it again."""

    policy = models.OneToOneField(
        "policies.PolicyPage",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="origin",
    )
    source_id = models.CharField(_("number at the source"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("origin of a policy")
        verbose_name_plural = _("origins of policies")
        default_permissions = ()

    def __str__(self) -> str:
        return self.source_id
