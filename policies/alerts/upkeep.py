"""One round of the alerts: see what changed, queue digests, send, forget."""

from dataclasses import dataclass
from datetime import datetime

from policies.alerts.digests import queue_digests
from policies.alerts.editions import observe
from policies.alerts.outbox import forget_old_mails, send_pending
from policies.alerts.subscribing import forget_unconfirmed


@dataclass(frozen=True)
class Round:
    editions: int
    digests: int
    tried: int
    forgotten: int


def tend_alerts(*, now: datetime | None = None) -> Round:
    """Do all that is due. Safe to run at any time, as often as wanted, and side by side."""
    editions = observe(now=now)
    digests = queue_digests(now=now)
    tried = send_pending(now=now)
    forgotten = forget_unconfirmed(now=now)
    forget_old_mails(now=now)
    return Round(editions, digests, tried, forgotten)
