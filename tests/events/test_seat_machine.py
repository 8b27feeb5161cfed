"""Seats in whatever order things happen: never too many, never out of order, never lying idle.

After every step the database is compared with a plain reading of the rules (`offers_due`), which shares
nothing with the services. `EXAMPLES=500` looks longer than the usual run.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from events.choices import ACTIVE, HOLDING, PoolKind
from events.choices import RegistrationStatus as Status
from events.errors import EventError
from events.models import (
    EventPage,
    InvitationCode,
    Registration,
    RegistrationDesk,
    RegistrationLog,
    SeatPool,
)
from events.services import (
    accept_offer,
    approve,
    cancel,
    change,
    expire_offers,
    pass_seats_on,
    register,
    reject,
    seat_drift,
    set_capacity,
)
from tests.factories.events import make_desk, make_event, make_guest

CAPACITIES = st.one_of(st.integers(0, 5), st.none())
PARTIES = st.integers(1, 3)
WISHES = st.sets(st.integers(0, 1), max_size=2)
SOMEBODY = st.integers(0, 30)
CODE = "春风"


@dataclass(frozen=True)
class Wish:
    """Somebody who waits: how many they are, and for which pools."""

    pk: int
    party: int
    pools: frozenset[int]


def offers_due(free: dict[int, float], waiting: Iterable[Wish]) -> tuple[set[int], set[int]]:
    """Who is to be offered seats, and which pools are kept for somebody who needs more than is free.

    They are gone through in their order, again and again as long as somebody is offered something.
    """
    free, waiting, offered = dict(free), list(waiting), set()
    while True:
        kept, before = set(), len(offered)
        for wish in waiting:
            if wish.pk in offered or wish.pools & kept:
                continue
            full = {pool for pool in wish.pools if free[pool] < wish.party}
            kept |= full
            if not full:
                offered.add(wish.pk)
                for pool in wish.pools:
                    free[pool] -= wish.party
        if len(offered) == before:
            return offered, kept


class Look:
    """The desk as it stands in the database."""

    def __init__(self, desk: RegistrationDesk):
        self.pools = {pool.pk: pool for pool in SeatPool.objects.filter(desk=desk)}
        rows = Registration.objects.filter(desk=desk).prefetch_related("pools")
        self.rows = {row.pk: row for row in rows}
        self.wishes = {
            row.pk: Wish(row.pk, row.party, frozenset(pool.pk for pool in row.pools.all()))
            for row in self.rows.values()
        }
        self.used = dict(InvitationCode.objects.filter(desk=desk).values_list("pk", "used"))

    def facts(self):
        """All that a refusal must leave as it was."""
        pools = {(p.pk, p.capacity, p.taken, p.is_short, p.is_active) for p in self.pools.values()}
        rows = {
            (r.pk, r.status, r.waiting_since, r.identity, r.invitation_id)
            for r in self.rows.values()
        }
        return pools, rows, set(self.wishes.values()), self.used

    def in_state(self, *states: str) -> set[int]:
        return {row.pk for row in self.rows.values() if row.status in states}

    def queue(self, also: set[int] = frozenset()) -> list[Wish]:
        """Who waits, and `also` those, in their order."""
        pks = self.in_state(Status.WAITING) | also
        return [
            self.wishes[pk] for pk in sorted(pks, key=lambda pk: (self.rows[pk].waiting_since, pk))
        ]

    def free(self, without: set[int] = frozenset()) -> dict[int, float]:
        """Free seats, were it not for these registrations."""
        free = {
            pool.pk: (float("inf") if pool.capacity is None else pool.capacity) - pool.taken
            for pool in self.pools.values()
        }
        for pk in without:
            for pool in self.wishes[pk].pools:
                free[pool] += self.wishes[pk].party
        return {
            pool: number if self.pools[pool].is_active else float("-inf")
            for pool, number in free.items()
        }


class SeatMachine(RuleBasedStateMachine):
    """Moves of visitors, officers and the clock at one desk; `check` compares the state after each."""

    page: EventPage

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.numbers = count(1)

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(
        seats=CAPACITIES,
        sessions=st.lists(CAPACITIES, min_size=2, max_size=2),
        approves=st.booleans(),
        waits=st.sampled_from([True, True, True, False]),
        longest=st.sampled_from([None, None, 2]),
    )
    def open(self, seats, sessions, approves, waits, longest):
        self.desk = make_desk(
            self.page,
            capacity=seats,
            companions_max=2,
            needs_approval=approves,
            has_waiting_list=waits,
            waiting_max=longest,
        )
        self.sessions = [
            SeatPool.objects.create(desk=self.desk, kind=PoolKind.SESSION, capacity=capacity)
            for capacity in sessions
        ]
        InvitationCode.objects.create(desk=self.desk, code=CODE, uses_max=2)
        self.before = Look(self.desk)

    def do(self, move, *args, **options):
        """Make a move; what is refused must leave everything as it was."""
        try:
            done = move(*args, **options)
        except EventError:
            assert Look(self.desk).facts() == self.before.facts()
            return None
        return done

    def somebody(self, number: int) -> Registration | None:
        rows = list(self.before.rows.values())
        return rows[number % len(rows)] if rows else None

    def guest(self, party: int, number: int = 0):
        number = number or next(self.numbers)
        companions = [make_guest() for _ in range(party - 1)]
        return make_guest(email=f"m{number}@example.org", companions=companions)

    def wish(self, chosen: set[int]) -> list[SeatPool]:
        return [self.sessions[position] for position in chosen]

    @rule(party=PARTIES, chosen=WISHES, code=st.sampled_from(["", "", CODE]), again=SOMEBODY)
    def register(self, party, chosen, code, again):
        # Now and then the same person once more.
        number = again if again in range(1, 4) else 0
        self.do(
            register,
            desk=RegistrationDesk.objects.get(pk=self.desk.pk),
            guest=self.guest(party, number),
            pools=self.wish(chosen),
            code=code,
            is_sample=True,
            notify=False,
        )

    @rule(who=SOMEBODY, move=st.sampled_from([cancel, cancel, reject, approve, accept_offer]))
    def decide(self, who, move):
        if (row := self.somebody(who)) is not None:
            self.do(move, row, **({} if move in (cancel, accept_offer) else {"actor": None}))

    @rule(who=SOMEBODY)
    def accept(self, who):
        offered = sorted(self.before.in_state(Status.OFFERED))
        if offered:
            self.do(accept_offer, self.before.rows[offered[who % len(offered)]])

    @rule(who=SOMEBODY, party=PARTIES, chosen=WISHES)
    def change(self, who, party, chosen):
        if (row := self.somebody(who)) is not None:
            guest = make_guest(email=row.email, companions=[make_guest() for _ in range(party - 1)])
            self.do(change, row, guest=guest, pools=self.wish(chosen), notify=False)

    @rule(who=SOMEBODY)
    def expire(self, who):
        offered = sorted(self.before.in_state(Status.OFFERED))
        if offered:
            row = offered[who % len(offered)]
            past = timezone.now() - timedelta(seconds=1)
            Registration.objects.filter(pk=row).update(offer_expires_at=past)
            assert expire_offers() == 1

    @rule(which=SOMEBODY, capacity=CAPACITIES)
    def set_capacity(self, which, capacity):
        pools = list(self.before.pools.values())
        set_capacity(pools[which % len(pools)], capacity)

    @rule(which=st.integers(0, 1), is_active=st.booleans())
    def offer_or_close_a_session(self, which, is_active):
        SeatPool.objects.filter(pk=self.sessions[which].pk).update(is_active=is_active)
        pass_seats_on(self.desk)

    @invariant()
    def check(self):
        if not hasattr(self, "desk"):
            return
        now = Look(self.desk)
        self.seats_are_counted_and_never_too_many(now)
        self.offers_are_made_in_order(now)
        self.newcomers_overtake_nobody(now)
        self.codes_are_counted(now)
        self.nobody_is_offered_twice()
        self.before = now

    def seats_are_counted_and_never_too_many(self, now: Look):
        assert seat_drift(self.desk) == []
        for pk, pool in now.pools.items():
            # After the capacity was lowered there may be more than it, but never more than there were.
            most = max(pool.capacity or 0, self.before.pools[pk].taken)
            assert pool.capacity is None or pool.taken <= most

    def offers_are_made_in_order(self, now: Look):
        """Those who were offered seats are those who were due; nobody else is due, no seat lies idle."""
        offered = self.before.in_state(Status.WAITING) & now.in_state(Status.OFFERED)
        due, _ = offers_due(now.free(without=offered), now.queue(also=offered))
        assert due == offered
        _, kept = offers_due(now.free(), now.queue())
        assert {pk for pk, pool in now.pools.items() if pool.is_short} == kept
        wanted = {pool for wish in now.queue() for pool in wish.pools}
        assert {pk for pk, pool in now.pools.items() if pool.has_queue} == wanted

    def newcomers_overtake_nobody(self, now: Look):
        seated = now.in_state(*HOLDING)
        for pk in seated - set(self.before.rows):
            _, kept = offers_due(now.free(without={pk}), now.queue())
            assert not kept & now.wishes[pk].pools
        for pk in seated & self.before.in_state(*HOLDING):
            was, wish = self.before.wishes[pk], now.wishes[pk]
            for pool in wish.pools:
                more = wish.party > (was.party if pool in was.pools else 0)
                assert not (more and self.before.pools[pool].is_short)

    def codes_are_counted(self, now: Look):
        active = [row for row in now.rows.values() if row.status in ACTIVE and row.invitation_id]
        assert list(now.used.values()) == [len(active)]
        assert len(active) <= 2

    def nobody_is_offered_twice(self):
        offers = RegistrationLog.objects.filter(
            registration__desk=self.desk, to_status=Status.OFFERED
        )
        twice = offers.values("registration").annotate(number=Count("pk")).filter(number__gt=1)
        assert not twice


@pytest.mark.django_db
def test_seats_in_whatever_order_things_happen():
    SeatMachine.page = make_event()
    run_state_machine_as_test(
        SeatMachine,
        settings=settings(
            max_examples=int(os.environ.get("EXAMPLES", 12)),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
