"""What is left when the server, or a process of PostgreSQL, dies hard while forms come in."""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Iterator

from tests.bench.events_client import send_all

SEE_OTHER = 303
FORMS = 40  # of each connection, between two deaths


def figures(bench, kills: int, is_postgresql: bool) -> Iterator:
    """Every confirmed registration that a client saw is there, once, and no seat is lost for ever."""
    from events.services import seat_drift
    from tests.bench.events import CONNECTIONS, Figure, held, say

    capacity = 4 * CONNECTIONS
    desk = bench.open_desk(capacity)
    seen: set[str] = set()
    for number in range(kills):
        forms, stop = bench.forms(desk, FORMS), threading.Event()
        die = [bench.site, stop, is_postgresql and number % 2 == 1]
        killer = threading.Timer(random.uniform(0.2, 1.2), _die, die)
        killer.start()
        load = send_all(bench.site.port, forms, until=stop)
        killer.join()
        seen |= {answer.location for answer in load.answers if answer.status == SEE_OTHER}
        say(f"killed after {load.seconds:.1f} s: {load.statuses()}")
        if bench.site.process is None:
            bench.site.start()
        come_back()
    lost, doubled = fate_of(desk, seen)
    yield Figure("killed: seen and lost", f"{lost} of {len(seen)}", "0", lost == 0)
    yield Figure("killed: stored twice", str(doubled), "0", doubled == 0)
    drift = len(seat_drift(desk))
    yield Figure("killed: pools that don't add up", str(drift), "0", drift == 0)
    send_all(bench.site.port, bench.forms(desk, 8))
    left = capacity - held(desk)
    yield Figure("killed: seats nobody can have", str(left), "0", left == 0)


def _die(site, stop: threading.Event, a_backend: bool) -> None:
    if a_backend:
        kill_a_backend()
        time.sleep(0.5)
    else:
        site.end(signal.SIGKILL)
    stop.set()


def fate_of(desk, locations: set[str]) -> tuple[int, int]:
    """How many of the registrations that a client was sent to are not there; how many are there twice."""
    from django.db.models import Count
    from django.urls import resolve

    from events.links import registration_of

    lost = 0
    for location in locations:
        found = registration_of(resolve(location.partition("#")[0]).kwargs["token"])
        lost += found is None or found.status not in ("confirmed", "waiting")
    rows = desk.registrations.values("identity").annotate(number=Count("pk"))
    return lost, rows.filter(number__gt=1).count()


def kill_a_backend() -> None:
    """End a process of PostgreSQL hard: the server throws all connections out and recovers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND backend_type = 'client backend' AND datname = current_database()"
        )
        pids = [row[0] for row in cursor.fetchall()]
    connection.close()
    if pids:
        os.kill(random.choice(pids), signal.SIGKILL)


def come_back(seconds: float = 30) -> None:
    """Wait for a database that is recovering."""
    from django.db import OperationalError, connection

    deadline = time.monotonic() + seconds
    while True:
        connection.close()
        with contextlib.suppress(OperationalError):
            connection.ensure_connection()
            return
        if time.monotonic() > deadline:
            raise TimeoutError("the database does not come back")
        time.sleep(0.2)
