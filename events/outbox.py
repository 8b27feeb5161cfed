"""The outbox of events: mails are written with their cause and sent by the task queue."""

import time
from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from base.outbox import Outbox
from events.models import EventMail, Registration

# Seconds between two sweeps that one process asks for; what is stored so shortly before one may be missed.
PAUSE, MARGIN = 1.0, 0.2


class EventOutbox(Outbox):
    model = EventMail
    related = ("registration__desk__page",)
    _sweep_at = 0.0  # by the clock of this process

    def task(self):
        from events.tasks import send_event_mails  # the task's module imports this one

        return send_event_mails

    def send(self, row: EventMail) -> None:
        from events.mail import build  # what a mail says asks half of the room

        build(row).send()

    def send_on_commit(self, ids: Iterable[int]) -> None:
        """Have what is stored sent by a task: in a rush by one a second, not by one for each mail."""
        transaction.on_commit(self._send_soon, robust=True)

    def _send_soon(self) -> None:
        now, task = time.monotonic(), self.task()
        if now < self._sweep_at - MARGIN:
            return  # a sweep is still to come, and finds it
        sweep_at = max(now, self._sweep_at + PAUSE)
        if sweep_at > now and task.get_backend().supports_defer:
            task.using(run_after=timezone.now() + timedelta(seconds=sweep_at - now)).enqueue()
            self._sweep_at = sweep_at
        else:
            task.enqueue()
            self._sweep_at = now


outbox = EventOutbox()


def queue_mail(
    registration: Registration, purpose: str, *, once: str = "", **data
) -> EventMail | None:
    """Write a mail in the transaction of its cause; None without an address, or if it was queued before.

    Samples stand for nobody and are never written to.
    `once` names a mail that must not be sent twice; `data` is what it says and JSON can hold.
    """
    mail = new_mail(registration, purpose, once=once, **data)
    if mail is None:
        return None
    if not once:
        mail.save(force_insert=True)
    else:
        try:
            with transaction.atomic():
                mail.save(force_insert=True)
        except IntegrityError:
            return None
    return mail


def new_mail(
    registration: Registration, purpose: str, *, once: str = "", **data
) -> EventMail | None:
    """The row of `queue_mail`, for the caller to insert in this transaction; it is sent after it."""
    if not registration.email or registration.is_anonymised or registration.is_sample:
        return None
    outbox.send_on_commit([])
    return EventMail(registration=registration, purpose=purpose, once=once, data=data)
