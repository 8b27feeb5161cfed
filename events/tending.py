"""What events do by the clock. Each part of the room adds its round here; `tend_events` makes them all.

A round is called often and may find nothing to do. It takes no arguments, says how much it did, and is
safe when two housekeepers make it at once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils import timezone

from events.matchmaking.joining import drop_leavers
from events.models import RegistrationDesk
from events.outbox import outbox
from events.services import expire_offers, pass_seats_on
from events.services.meetings_requests import expire_requests
from events.services.outcomes import ask_how_meetings_were

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """`name` is for the log and the command's answer; a daily round is made once a day only."""

    name: str
    make: Callable[[], int]
    is_daily: bool = False


def pass_all_seats_on() -> int:
    """Offer what came free without anybody asking: a capacity or the day of an event was changed."""
    waited_for = RegistrationDesk.objects.filter(
        registrations__status="waiting", page__starts_at__gt=timezone.now()
    ).distinct()
    return sum(pass_seats_on(desk) for desk in waited_for.order_by("pk"))


# In this order; mails come last, so that what the others wrote leaves at once.
ROUNDS: list[Round] = [
    Round("offers ended", expire_offers),
    Round("seats offered", pass_all_seats_on),
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
