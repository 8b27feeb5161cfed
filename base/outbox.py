"""An outbox (decision 0004): what must leave the house is written with its cause, and sent later.

A room has its own table (`OutboxRow`) and says how a row is sent (`Outbox.send`). Here is what is the
same for all: a row is claimed by one worker, tried again with growing pauses, and never lost.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

# Minutes until the next attempt; after the last one, about two days in all, it is given up.
PAUSES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360, 360, 360, 360)
# A worker that dies while sending holds its row no longer than this.
LEASE = timedelta(minutes=10)
SWEEP_SIZE = 200


class NotWantedError(Exception):
    """Nobody is left to write to, or nothing to say: the row is cancelled."""


class OutboxStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = (OutboxStatus.PENDING, OutboxStatus.SENDING)


class OutboxQuerySet(models.QuerySet):
    def due(self, now: datetime | None = None) -> "OutboxQuerySet":
        """What should be tried now, also what a worker died over: its lease has run out."""
        return self.filter(status__in=OPEN, next_attempt_at__lte=now or timezone.now())

    def ended(self) -> "OutboxQuerySet":
        """What was sent, given up or cancelled."""
        return self.exclude(status__in=OPEN)


def new_key() -> str:
    return uuid.uuid4().hex


class OutboxRow(models.Model):
    """One message. `idempotency_key` names it to whoever gets it twice after a worker died."""

    Status = OutboxStatus

    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now, db_index=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    idempotency_key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        abstract = True


class Outbox:
    """How the rows of one table leave the house.

    `model` is a table with the columns of `OutboxRow`, `related` what is read with a row, `failures`
    what sending may raise and another attempt may mend. `task()` returns the django-tasks task that calls
    `attempt` with the row's id; it is looked up late, because its module imports the outbox.
    """

    model: type[models.Model]
    related: tuple[str, ...] = ()
    # ValueError: a misspelt address in the settings.
    failures: tuple[type[Exception], ...] = (SMTPException, OSError, ValueError)

    def task(self):
        raise NotImplementedError

    def send(self, row) -> None:
        """Send it. Raises one of `failures`, or NotWantedError when there is nothing to send."""
        raise NotImplementedError

    def prepare(self, row, *, is_fresh: bool) -> None:
        """What is done before sending; `is_fresh` unless a worker died over the row: it may have left."""

    def ended(self, row, status: str) -> None:
        """Called in the transaction that notes how the row ended."""

    def postponed(self, row, at: datetime) -> None:
        """Called when another attempt is due at that time."""

    def send_on_commit(self, ids: Iterable[int]) -> None:
        """Hand rows to the task queue once they are stored.

        What fails there is logged and reaches nobody: the rows wait for the sweep. A function and not
        a partial, because Django's log of such an error wants its name.
        """

        def enqueue_rows() -> None:
            for row_id in ids:
                self.task().enqueue(row_id)

        transaction.on_commit(enqueue_rows, robust=True)

    def attempt(self, row_id: int, *, now: datetime | None = None) -> str:
        """Try to send one row now and return its status. Another worker's row is left alone."""
        now = now or timezone.now()
        before = self.model.objects.filter(pk=row_id).values_list("status", flat=True).first()
        claimed = (
            self.model.objects.due(now)
            .filter(pk=row_id)
            .update(
                status=OutboxStatus.SENDING,
                attempts=F("attempts") + 1,
                next_attempt_at=now + LEASE,
            )
        )
        row = self.model.objects.select_related(*self.related).filter(pk=row_id).first()
        if row is None:
            return ""
        if not claimed:
            return row.status
        if row.attempts > len(PAUSES) + 1:
            return self._postpone(row, RuntimeError("no worker survived sending it"), now)
        try:
            self.prepare(row, is_fresh=before == OutboxStatus.PENDING)
            self.send(row)
        except NotWantedError:
            return self._finish(row, OutboxStatus.CANCELLED)
        except self.failures as error:
            return self._postpone(row, error, now)
        return self._finish(row, OutboxStatus.SENT)

    def send_pending(self, *, limit: int = SWEEP_SIZE, now: datetime | None = None) -> int:
        """Try everything that is due, oldest first; return how many were tried."""
        due = self.model.objects.due(now).order_by("next_attempt_at", "pk")
        ids = list(due.values_list("pk", flat=True)[:limit])
        for row_id in ids:
            self.attempt(row_id, now=now)
        return len(ids)

    def _finish(self, row, status: str) -> str:
        """Note the end. The row may be gone: who it was for was erased while it was on its way."""
        sent_at = timezone.now() if status == OutboxStatus.SENT else None
        self._end(row, status, last_error="", sent_at=sent_at)
        return status

    def _end(self, row, status: str, **changes) -> None:
        with transaction.atomic():
            if self.model.objects.filter(pk=row.pk).update(status=status, **changes):
                self.ended(row, status)

    def _postpone(self, row, error: Exception, now: datetime) -> str:
        """Note the failure and set the next attempt, or give up after the last pause."""
        reason = failure_reason(error)
        logger.warning(
            "%s %s (%s) failed at attempt %s: %s",
            self.model.__name__,
            row.pk,
            getattr(row, "purpose", None) or getattr(row, "kind", ""),
            row.attempts,
            reason,
        )
        if row.attempts > len(PAUSES):
            self._end(row, OutboxStatus.FAILED, last_error=reason)
            return OutboxStatus.FAILED
        at = now + timedelta(minutes=PAUSES[row.attempts - 1])
        self.model.objects.filter(pk=row.pk).update(
            status=OutboxStatus.PENDING, last_error=reason, next_attempt_at=at
        )
        self.postponed(row, at)
        return OutboxStatus.PENDING


def failure_reason(error: Exception) -> str:
    """What went wrong. Mail servers repeat the recipient's address, so of theirs only the codes stay."""
    name = type(error).__name__
    if isinstance(error, SMTPRecipientsRefused):
        codes = sorted({str(answer[0]) for answer in error.recipients.values()})
        return f"{name}: {', '.join(codes)}"[:300]
    if isinstance(error, SMTPResponseException):
        return f"{name}: {error.smtp_code}"
    return f"{name}: {error}"[:300]
