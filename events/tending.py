"""What events do by the clock. Each part of the room adds its round here; `tend_events` makes them all.

A round is called often and may find nothing to do. It takes no arguments, says how much it did, and is
safe when two housekeepers make it at once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError

from events.afterwards.crm_link import link_due
from events.afterwards.erasing import purge_answers, purge_expired
from events.matchmaking.joining import drop_leavers
from events.outbox import outbox
from events.registration.telling import queue_reminders
from events.retention import follow_dates
from events.services import expire_offers, pass_all_seats_on, report_drift
from events.services.meetings_requests import expire_requests
from events.services.outcomes import ask_how_meetings_were

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """`name` is for the log and the command's answer; a daily round is made once a day only."""

    name: str
    make: Callable[[], int]
    is_daily: bool = False


# In this order; mails come last, so that what the others wrote leaves at once.
ROUNDS: list[Round] = [
    Round("offers ended", expire_offers),
    Round("seats offered", pass_all_seats_on),
    Round("pools that don't add up", report_drift, is_daily=True),
    # Before anything is erased: an event that was put off keeps its guests.
    Round("dates followed", follow_dates, is_daily=True),
    Round("reminders queued", queue_reminders),
    Round("linked to the CRM", link_due),
    Round("registrations erased", purge_expired, is_daily=True),
    Round("answers erased", purge_answers, is_daily=True),
    Round("requests ended", expire_requests),
    Round("participants gone", drop_leavers),
    Round("asked how meetings were", ask_how_meetings_were),
    Round("mails tried", outbox.send_pending),
]


def tend(*, daily: bool = False) -> dict[str, int]:
    """Make all rounds and return what each did. One that the database refuses stops no other."""
    done = {}
    for each in ROUNDS:
        if each.is_daily and not daily:
            continue
        try:
            done[each.name] = each.make()
        except DatabaseError as error:
            logger.warning("A round of events failed (%s): %s", each.name, error)
    return done
