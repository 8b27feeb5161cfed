"""Seats under load, each figure against its target; fails when one is missed.

    make bench-events [CONNECTIONS=64] [ROUNDS=3] [KILLS=4]

The site runs as in production (granian, the settings of production) and is asked over HTTP with the full
form of an event: kinds of attendance, sessions, questions, consents, companions. The same server also has an
endpoint that does nothing but an insert and a conditional update, and one that counts first: with what the
first can do the form is compared, and the second must oversell, or the race would prove nothing.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import events_kill
from tests.bench.events_client import Load, Server, Visitor, post, send_all
from tests.bench.events_server import Site

SEATS, TIMES = 100, 3  # so many times as many forms as there are seats
CONNECTIONS = int(os.environ.get("CONNECTIONS") or 64)
ROUNDS = int(os.environ.get("ROUNDS") or 3)
EACH = -(-TIMES * SEATS // CONNECTIONS)
KILLS = int(os.environ.get("KILLS") or 4)
# Forms of each connection, where all are accepted and where all come too late.
ACCEPTED, LATE = 12, 25
SEE_OTHER, CREATED, CONFLICT = 303, 201, 409
SHARE_ACCEPTED, SHARE_LATE, SECONDS = 0.3, 0.5, 1.0


@dataclass(frozen=True)
class Figure:
    name: str
    value: str
    target: str = ""
    ok: bool = True

    def row(self) -> list[str]:
        return [self.name, self.value, self.target, "OK" if self.ok else "MISSED"]


def main() -> int:
    is_postgresql = bool(os.environ.get("DATABASE_URL"))
    engine = "PostgreSQL" if is_postgresql else "SQLite"
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        os.environ.update(site.environment)
        import django

        django.setup()
        bench = Bench(site)
        bench.make_tables()
        site.start()
        try:
            figures = [*bench.race(engine), *bench.naive(), *bench.compare(is_postgresql)]
            figures += events_kill.figures(bench, KILLS, is_postgresql)
        finally:
            site.end()
    from tests.bench.report import table

    rows = [figure.row() for figure in figures]
    print(table(f"Registration on {engine}", ["", "", "target", ""], rows))
    missed = [figure.name for figure in figures if not figure.ok]
    print(f"Missed: {', '.join(missed)}" if missed else "All targets reached.", flush=True)
    return 1 if missed else 0


class Bench:
    def __init__(self, site: Site):
        self.site, self.server = site, Server(site.port)

    def make_tables(self) -> None:
        from django.db import connection
        from wagtail.models import Site as WagtailSite

        from base.models import OfficialSettings
        from events.services.samples import remove_sample_desks
        from tests.bench.events_bare import Booking, Seats

        with connection.schema_editor() as editor:
            editor.create_model(Seats)
            editor.create_model(Booking)
        remove_sample_desks()
        for each in WagtailSite.objects.all():
            official = OfficialSettings.for_site(each)
            official.organiser, official.organiser_contact = "上党区示例单位", "0355-0000000"
            official.save()

    # --- Desks and forms ------------------------------------------------------------------

    def open_desk(self, capacity: int, **options):
        """A desk that asks everything, and the forms of `CONNECTIONS` who have opened it."""
        from events.choices import FieldKind
        from events.models import FormField, Registration, SeatPool
        from tests.factories.events import make_desk, make_event

        Registration.objects.all().delete()
        page = make_event()
        desk = make_desk(page, capacity=capacity, companions_max=2, **options)
        pools = {
            name: SeatPool.objects.create(desk=desk, kind=kind, capacity=capacity, **fields)
            for name, kind, fields in (
                ("onsite", "attendance", {"attendance": "onsite"}),
                ("online", "attendance", {"attendance": "online"}),
                ("talk", "session", {"name": "报告", "name_en": "Talk"}),
            )
        }
        for key, kind, choices in (("diet", FieldKind.LINE, ""), ("topic", "choice", "甲\n乙")):
            FormField.objects.create(
                desk=desk, key=key, kind=kind, label=key, choices=choices, purpose="安排会务"
            )
        self.fields = {
            "name": "访客{number}",
            "organisation_name": "某某光伏科技有限公司",
            "position": "经理",
            "email": "visitor{number}@example.org",
            "phone": "",
            "attendance": str(pools["onsite"].pk),
            "sessions": [str(pools["talk"].pk)],
            "companions": "",
            "q_diet": "清真",
            "q_topic": "甲",
            "consent_event": "on",
        }
        return desk

    def forms(self, desk, each: int) -> list[list[bytes]]:
        from django.urls import reverse

        path = reverse("registration:form", args=[desk.page_id])
        visitors = [Visitor(self.server, path) for _ in range(CONNECTIONS)]
        time.sleep(2.5)  # nobody reads a form faster: it would be sent back
        return [[visitor.fill(self.fields) for _ in range(each)] for visitor in visitors]

    def bare_posts(self, name: str, capacity: int, each: int):
        from tests.bench.events_bare import Seats

        seats = Seats.objects.create(capacity=capacity)
        body = {"name": "访客", "email": "visitor@example.org"}
        message = post(f"/{name}/{seats.pk}/", body, self.server.headers("192.0.2.1"))
        return seats, [[message] * each for _ in range(CONNECTIONS)]

    # --- Figures --------------------------------------------------------------------------

    def race(self, engine: str) -> Iterator[Figure]:
        """Everybody at once for the seats of an event that has no waiting list."""
        oversold, errors, confirmed = 0, 0, []
        for _ in range(ROUNDS):
            desk = self.open_desk(SEATS, has_waiting_list=False)
            load = send_all(self.site.port, self.forms(desk, EACH))
            number = held(desk)
            oversold += max(0, number - SEATS)
            errors += len(load.answers) - load.number(SEE_OTHER, CONFLICT)
            confirmed.append(number if load.number(SEE_OTHER) == number else -1)
            say(f"race for {SEATS} seats: {load.statuses()} in {load.seconds:.1f} s")
        say(f"oversold: {oversold}")
        yield Figure(f"oversold on {engine}", str(oversold), "0", oversold == 0)
        yield Figure("other answers than booked and full", str(errors), "0", errors == 0)
        shown = ", ".join(map(str, confirmed))
        yield Figure("confirmed", shown, str(SEATS), set(confirmed) == {SEATS})

    def naive(self) -> Iterator[Figure]:
        from tests.bench.events_bare import Booking

        seats, posts = self.bare_posts("naive", SEATS, EACH)
        send_all(self.site.port, posts)
        number = Booking.objects.filter(seats=seats).count() - SEATS
        yield Figure("oversold by counting first", str(number), "> 0", number > 0)

    def compare(self, is_postgresql: bool) -> Iterator[Figure]:
        """The form beside the bare endpoint, in turns, so that both meet the same machine."""
        loads: dict[str, list[Load]] = {"bare": [], "full": [], "bare late": [], "full late": []}
        for _ in range(ROUNDS):
            _, posts = self.bare_posts("bare", 10**6, ACCEPTED * 3)
            loads["bare"].append(self.accepted(posts, CREATED))
            desk = self.open_desk(10**6)
            loads["full"].append(self.accepted(self.forms(desk, ACCEPTED), SEE_OTHER))
            _, posts = self.bare_posts("bare", 0, LATE)
            loads["bare late"].append(self.accepted(posts, CONFLICT))
            desk = self.open_desk(0, has_waiting_list=False)
            loads["full late"].append(self.accepted(self.forms(desk, LATE), CONFLICT))
        rates = {name: rate(found) for name, found in loads.items()}
        for name in loads:
            yield Figure(f"{name}, a second", f"{rates[name]:.0f}")
        for name, least in (("full", SHARE_ACCEPTED), ("full late", SHARE_LATE)):
            share = rates[name] / rates[name.replace("full", "bare")]
            slowest = max(load.p99 for load in loads[name])
            # On SQLite everything waits for one writer; the figures are told, the targets are PostgreSQL's.
            yield Figure(
                f"{name}, share of bare",
                f"{share:.2f}",
                f"≥ {least}" if is_postgresql else "",
                share >= least or not is_postgresql,
            )
            yield Figure(
                f"{name}, p99",
                f"{slowest:.2f} s",
                f"≤ {SECONDS:.0f} s" if is_postgresql else "",
                slowest <= SECONDS or not is_postgresql,
            )

    def accepted(self, posts, status: int) -> Load:
        load = send_all(self.site.port, posts)
        if load.number(status) != len(load.answers):
            raise RuntimeError(f"expected {status} alone: {load.statuses()}\n{self.log()}")
        return load

    def log(self) -> str:
        return self.site.log.read_text()[-3000:]


def held(desk) -> int:
    """Persons who hold seats."""
    from django.db.models import Sum

    rows = desk.registrations.holding()
    return rows.aggregate(number=Sum("party"))["number"] or 0


def rate(loads: list[Load]) -> float:
    return statistics.median(len(load.answers) / load.seconds for load in loads)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
