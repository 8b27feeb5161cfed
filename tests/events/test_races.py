"""What several do at one desk at the same moment, with real connections of their own.

The services are run in threads, outside the test transaction, as in the races of the CRM. In the middle of
some moves a thread rests, so that the others have time to get in; `test_naive_counting_oversells` shows that
this is enough to break code that counts before it writes.
"""

import shutil
import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.db.models import Sum
from django.utils import timezone

from events import services
from events.choices import HOLDING, PoolKind
from events.choices import RegistrationStatus as Status
from events.errors import AlreadyRegisteredError, EventError, InvitationError, SoldOutError
from events.models import (
    CheckIn,
    EventPage,
    InvitationCode,
    Registration,
    RegistrationDesk,
    SeatPool,
)
from events.services import (
    accept_offer,
    approve,
    cancel,
    change,
    expire_offers,
    recount,
    register,
    registering,
    seat_drift,
    set_capacity,
)
from events.services.checking_in import check_in
from events.services.seats import ShortError
from tests.crm.test_races import one, run, seeded_file  # noqa: F401 a fixture is found by its name
from tests.factories.crm import UserFactory
from tests.factories.events import event_consents, make_desk, make_guest

pytestmark = pytest.mark.django_db

SLUG = "solar-chain-meeting"
REST = 0.05


def events():
    return EventPage.objects.filter(slug=SLUG, locale__language_code="zh-hans")


def tidy() -> None:
    Registration.objects.filter(desk__page__slug=SLUG).delete()
    RegistrationDesk.objects.filter(page__slug=SLUG).delete()
    get_user_model().objects.filter(username__startswith="user-").delete()


@pytest.fixture(autouse=True)
def _open_database(seeded_file, db, tmp_path, monkeypatch):  # noqa: F811
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    times = one(lambda: events().values("starts_at", "ends_at").get())
    yield
    if connection.vendor != "sqlite":
        one(tidy)
        one(lambda: events().update(**times))


@pytest.fixture
def open_desk():
    """An open desk, made and stored by a connection of its own: `open_desk(capacity=1)`."""

    def make(**options):
        def work():
            # Not saved as a page: the index of the search would remember it beyond this test.
            events().update(starts_at=timezone.now() + timedelta(days=10), ends_at=None)
            return make_desk(events().get(), **options)

        return one(work)

    return make


def order(desk, **options):
    """A call that registers somebody new."""
    guest, consents = options.pop("guest", None) or make_guest(), one(event_consents)
    return lambda: register(desk=desk, guest=guest, consents=consents, **options).registration


def states(desk) -> list[str]:
    return one(lambda: sorted(desk.registrations.values_list("status", flat=True)))


def seats(desk) -> tuple[int, int]:
    """What is counted and what is held; the pool of the whole event."""

    def look():
        assert seat_drift(desk) == []
        held = desk.registrations.filter(status__in=HOLDING).aggregate(n=Sum("party"))["n"]
        return SeatPool.objects.get(desk=desk, kind=PoolKind.EVENT).taken, held or 0

    return one(look)


def only(results, kind) -> list:
    """The results of that kind; every other one must be an error of the desk, never of the database."""
    assert all(isinstance(each, Registration | EventError | int) for each in results), results
    return [each for each in results if isinstance(each, kind)]


@pytest.mark.parametrize("waits", [True, False])
def test_many_at_the_last_seats_get_no_more_than_there_are(open_desk, waits):
    desk = open_desk(capacity=3, has_waiting_list=waits)
    results = run(*(order(desk) for _ in range(8)))
    booked, refused = only(results, Registration), only(results, SoldOutError)
    assert seats(desk) == (3, 3)
    assert (len(booked), len(refused)) == ((8, 0) if waits else (3, 5))
    assert states(desk).count(Status.CONFIRMED) == 3


def test_naive_counting_oversells(open_desk, monkeypatch):
    """The negative control: count, rest, write. The tests above must be able to see that."""
    desk = open_desk(capacity=3, has_waiting_list=False)
    real = registering._store

    def counts_first(registration, write):
        held = Registration.objects.filter(desk=desk, status__in=HOLDING).count()
        time.sleep(REST)
        if held >= 3:
            raise ShortError
        return real(registration, write)

    monkeypatch.setattr(registering, "_store", counts_first)
    always = "UPDATE events_seatpool SET taken = taken + %s WHERE id = %s AND (%s > 0 OR %s)"
    monkeypatch.setattr(services.seats, "TAKE", always)
    booked = only(run(*(order(desk) for _ in range(8))), Registration)
    assert len(booked) > 3
    one(lambda: recount(desk))


def test_the_same_form_twice_and_the_same_person_twice(open_desk):
    desk, guest = open_desk(capacity=5), make_guest()
    key = {"guest": guest, "submission_key": "the same form"}
    same = only(run(*(order(desk, **key) for _ in range(4))), Registration)
    assert len({row.pk for row in same}) == 1
    assert len(same) == 4

    other = make_guest()
    results = run(*(order(desk, guest=other, submission_key=f"form {i}") for i in range(4)))
    assert len(only(results, Registration)) == 1
    assert len(only(results, AlreadyRegisteredError)) == 3
    assert seats(desk) == (2, 2)


def test_the_same_person_twice_at_the_last_seat_and_in_the_list(open_desk):
    desk, guest = open_desk(capacity=1), make_guest()
    run(*(order(desk, guest=each) for each in [guest, guest, make_guest(), make_guest()]))
    assert seats(desk) == (1, 1)
    assert states(desk) == [Status.CONFIRMED, Status.WAITING, Status.WAITING]


def test_a_code_for_two_lets_two_in(open_desk):
    desk = open_desk(capacity=9, needs_invitation=True)
    code = one(lambda: InvitationCode.objects.create(desk=desk, code="春风", uses_max=2))
    results = run(*(order(desk, code="春风") for _ in range(5)))
    assert len(only(results, Registration)) == 2
    assert len(only(results, InvitationError)) == 3
    assert one(lambda: InvitationCode.objects.get(pk=code.pk).used) == 2


def test_a_seat_that_comes_free_goes_to_who_waits_and_not_to_who_comes(open_desk):
    desk = open_desk(capacity=2)
    first, second, waiting = (one(order(desk)) for _ in range(3))
    results = run(
        lambda: cancel(first),
        lambda: cancel(first),
        lambda: cancel(second),
        order(desk),
        order(desk),
    )
    only(results, Registration)
    assert seats(desk) == (2, 2)
    assert one(lambda: Registration.objects.get(pk=waiting.pk).status) == Status.OFFERED


def test_newcomers_at_once_leave_no_fewer_than_who_waits_was_kept(open_desk):
    """Four seats, a family of three waits for a full session: two newcomers get in, never three."""
    desk = open_desk(capacity=4, companions_max=2)
    session = one(lambda: SeatPool.objects.create(desk=desk, kind=PoolKind.SESSION, capacity=0))
    family = replace(make_guest(), companions=[make_guest(), make_guest()])
    results = run(order(desk, guest=family, pools=[session]))
    results += run(*(order(desk) for _ in range(5)))
    assert len(only(results, Registration)) == 6
    assert seats(desk) == (2, 2)
    assert states(desk) == [Status.CONFIRMED] * 2 + [Status.WAITING] * 4


def test_an_offer_is_taken_or_passes_never_both(open_desk):
    desk = open_desk(capacity=1)
    first, second, third = (one(order(desk)) for _ in range(3))
    one(lambda: cancel(first))
    late = one(lambda: Registration.objects.get(pk=second.pk).offer_expires_at)
    results = run(
        lambda: accept_offer(second),
        lambda: expire_offers(now=late),
        lambda: expire_offers(now=late),
        lambda: cancel(second),
    )
    only(results, object)
    assert seats(desk) == (1, 1)
    found = one(lambda: [Registration.objects.get(pk=row.pk).status for row in (second, third)])
    assert found in (
        [Status.CONFIRMED, Status.WAITING],
        [Status.EXPIRED, Status.OFFERED],
        [Status.CANCELLED, Status.OFFERED],
    )


def test_two_officers_and_the_guest_settle_it_once(open_desk):
    desk = open_desk(capacity=1, needs_approval=True)
    pending = one(order(desk))
    officers = one(lambda: [UserFactory(role="CRM officers") for _ in range(2)])
    results = run(
        *(lambda by=by: approve(pending, actor=by) for by in officers), lambda: cancel(pending)
    )
    assert only(results, Registration)
    assert seats(desk) in ((1, 1), (0, 0))


def test_moves_that_want_each_others_seats_never_wait_for_each_other(open_desk):
    """Two sessions, taken in either order by changes, cancellations, capacities and newcomers."""
    desk = open_desk(capacity=None, companions_max=2)

    def make():
        # Below the ids of nothing else: the pool of the whole event is not always the first.
        return [
            SeatPool.objects.create(desk=desk, kind=PoolKind.SESSION, capacity=2) for _ in range(2)
        ]

    a, b = one(make)
    guests = [make_guest() for _ in range(4)]
    rows = [
        one(order(desk, guest=guest, pools=[a if number % 2 else b]))
        for number, guest in enumerate(guests)
    ]
    moved = replace(guests[0], companions=[make_guest()])
    newcomer = make_guest()
    results = run(
        lambda: change(rows[0], guest=moved, pools=[a, b]),
        # Takes the address of somebody who registers at this moment.
        lambda: change(rows[1], guest=replace(guests[1], email=newcomer.email), pools=[b]),
        order(desk, guest=newcomer, pools=[a, b]),
        order(desk, pools=[b, a]),
        lambda: cancel(rows[2]),
        lambda: set_capacity(a, 1),
        lambda: set_capacity(b, 3),
        lambda: cancel(rows[3]),
    )
    only(results, object)
    seats(desk)
    with_address = one(lambda: desk.registrations.active().filter(identity=newcomer.email).count())
    assert with_address == 1


@pytest.mark.parametrize("same_scan", [True, False])
def test_of_two_doors_at_the_same_moment_one_lets_in(open_desk, same_scan):
    desk = open_desk(capacity=2)
    registration = one(order(desk))
    ticket = one(lambda: registration.attendees.select_related("registration").get())
    key = uuid4()
    scans = run(*[lambda: check_in(ticket, key=key if same_scan else None)] * 2)
    results = sorted(scan.result for scan in scans)
    assert results == (["entered", "entered"] if same_scan else ["again", "entered"])
    assert one(lambda: CheckIn.objects.filter(result="entered").count()) == 1
