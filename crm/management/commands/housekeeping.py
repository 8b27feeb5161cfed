import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import connection

from crm.services import deliver_pending, forget_old_counts, purge_expired

MINUTES, DAY = 5 * 60, 24 * 3600


class Command(BaseCommand):
    help = "Sweeps the outbox every five minutes and erases expired personal data every day, until stopped."

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
            if erased_at is None or time.monotonic() - erased_at >= DAY:
                purge_expired()
                forget_old_counts()
                erased_at = time.monotonic()
            if options["once"]:
                return
            connection.close()  # nothing is held open between two rounds
            stopped.wait(MINUTES)
