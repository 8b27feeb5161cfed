import logging
import signal
import threading
import time

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from crm.services import deliver_pending, forget_old_counts, purge_expired

logger = logging.getLogger(__name__)

MINUTES, DAY = 5 * 60, 24 * 3600


def tend(*command: str) -> None:
    """Have another room look after itself, by a command of its own: the CRM imports none of them."""
    try:
        call_command(*command, verbosity=0)
    except (CommandError, DatabaseError) as error:
        logger.warning("A room could not be tended (%s): %s", " ".join(command), error)


class Command(BaseCommand):
    help = (
        "Sweeps the outbox, publishes what was scheduled, tends policies, events and search every five minutes, "
        "erases expired personal data every day, until stopped."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do both once and end")

    def handle(self, *args, **options):
        stopped = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopped.set())
        erased_at = None
        while not stopped.is_set():
            deliver_pending()
            tend("publish_scheduled")
            is_daily = erased_at is None or time.monotonic() - erased_at >= DAY
            # Before the search, which indexes what has ended.
            tend("tend_policies", *(["--daily"] if is_daily else []))
            tend("tend_events", *(["--daily"] if is_daily else []))
            tend("search_index", "tend")
            if is_daily:
                purge_expired()
                forget_old_counts()
                tend("forget_searches")
                erased_at = time.monotonic()
            if options["once"]:
                return
            connection.close()  # nothing is held open between two rounds
            stopped.wait(MINUTES)
