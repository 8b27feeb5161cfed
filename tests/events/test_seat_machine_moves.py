"""The same seats with the moves of a real month: rules, sessions and dates change, officers step in.

Everything that `test_seat_machine` demands holds here too, also when the event is called off, held after all,
begun and put off.
"""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from events.choices import ACTIVE, HOLDING, PoolKind, Source
from events.choices import RegistrationStatus as Status
from events.models import EventPage, InvitationCode, Registration, RegistrationDesk, SeatPool
from events.services import (
    accept_offer,
    approve,
    cancel,
    change,
    expire_offers,
    pass_all_seats_on,
    recount,
    register,
    reject,
    set_capacity,
)
from events.services.desk_work import approve_several
from events.services.desks import change_rules
from events.services.pools import add_pool, change_pool, remove_pool
from tests.events.test_seat_machine import (
    CAPACITIES,
    PARTIES,
    SOMEBODY,
    WISHES,
    Look,
    SeatMachine,
    offers_due,
)
from tests.factories.crm import UserFactory
from tests.factories.events import in_ten_days, make_event, make_guest

AGO, AHEAD = timedelta(hours=-1), timedelta(days=10)


class MonthMachine(SeatMachine):
    """Moves of a whole month at one desk, beside those of the machine it comes from."""

    @property
    def officer(self):
        if not hasattr(self, "_officer"):
            self._officer = UserFactory(role="CRM officers")
        return self._officer

    def fresh(self) -> RegistrationDesk:
        return RegistrationDesk.objects.get(pk=self.desk.pk)

    def wish(self, chosen):
        return [self.sessions[place] for place in chosen if place < len(self.sessions)]

    def event(self, **fields):
        page = EventPage.objects.get(pk=self.desk.page_id)
        for name, value in fields.items():
            setattr(page, name, value)
        page.save()

    # --- The organiser's rules ---

    @rule(
        is_open=st.booleans(),
        closes=st.sampled_from([None, AGO, AHEAD]),
        changes=st.sampled_from([None, AGO, AHEAD]),
        approves=st.booleans(),
        invites=st.sampled_from([False, False, True]),
        companions=st.integers(0, 2),
        waits=st.booleans(),
        longest=st.sampled_from([None, 0, 2]),
    )
    def change_rules(self, is_open, closes, changes, approves, invites, companions, waits, longest):
        now = timezone.now()
        values = {
            "is_open": is_open,
            "closes_at": closes and now + closes,
            "changes_until": changes and now + changes,
            "needs_approval": approves,
            "needs_invitation": invites,
            "companions_max": companions,
            "has_waiting_list": waits,
            "waiting_max": longest,
        }
        self.do(change_rules, desk=self.desk, values=values)

    @rule()
    def open_again(self):
        values = {"is_open": True, "closes_at": None, "changes_until": None, "waiting_max": None}
        more = {"needs_invitation": False, "has_waiting_list": True, "companions_max": 2}
        self.do(change_rules, desk=self.desk, values=values | more)

    @rule(is_active=st.booleans(), past=st.booleans())
    def change_the_code(self, is_active, past):
        until = timezone.now() + (AGO if past else AHEAD)
        InvitationCode.objects.filter(desk=self.desk).update(is_active=is_active, expires_at=until)

    # --- Seats ---

    @rule(capacity=CAPACITIES)
    def add_a_session(self, capacity):
        if len(self.sessions) < 3:
            values = {"kind": PoolKind.SESSION, "capacity": capacity}
            self.sessions.append(add_pool(desk=self.desk, values=values))

    @rule(which=st.integers(0, 2))
    def remove_a_session(self, which):
        if which < len(self.sessions):
            self.do(remove_pool, pool=self.sessions[which])
            left = set(SeatPool.objects.filter(desk=self.desk).values_list("pk", flat=True))
            self.sessions = [pool for pool in self.sessions if pool.pk in left]

    @rule(which=st.integers(0, 2), is_active=st.booleans())
    def offer_or_close_a_session(self, which, is_active):
        if which < len(self.sessions):
            values = {"is_active": is_active}
            self.do(change_pool, pool=self.sessions[which], values=values)

    @rule(which=SOMEBODY, capacity=CAPACITIES, is_active=st.booleans())
    def change_a_pool(self, which, capacity, is_active):
        pools = list(self.before.pools.values())
        values = {"capacity": capacity, "is_active": is_active}
        self.do(change_pool, pool=pools[which % len(pools)], values=values)

    @rule()
    def recount(self):
        assert recount(self.desk) == 0

    # --- Visitors ---

    @rule(who=SOMEBODY, party=PARTIES, by_officer=st.booleans())
    def change_the_party(self, who, party, by_officer):
        if (row := self.somebody(who)) is not None:
            self.change_one(row, party, list(row.pools.all()), by_officer)

    @rule(who=SOMEBODY, chosen=WISHES, by_officer=st.booleans())
    def change_the_sessions(self, who, chosen, by_officer):
        if (row := self.somebody(who)) is not None:
            self.change_one(row, row.party, self.wish(chosen), by_officer)

    def change_one(self, row, party, pools, by_officer, email=""):
        companions = [make_guest() for _ in range(party - 1)]
        guest = make_guest(email=email or row.email, companions=companions)
        actor = self.officer if by_officer else None
        self.do(change, row, guest=guest, pools=pools, actor=actor, notify=False)

    @rule(who=SOMEBODY, other=SOMEBODY)
    def take_the_address_of_another(self, who, other):
        row, another = self.somebody(who), self.somebody(other)
        if row is not None and row != another:
            self.change_one(row, row.party, list(row.pools.all()), False, another.email)

    # --- Officers ---

    @rule(party=PARTIES, chosen=WISHES, at_the_door=st.booleans())
    def enter_somebody(self, party, chosen, at_the_door):
        self.do(
            register,
            desk=self.fresh(),
            guest=self.guest(party),
            pools=self.wish(chosen),
            source=Source.WALK_IN if at_the_door else Source.ORGANISER,
            by_organiser=self.officer,
            may_wait=not at_the_door,
            is_sample=True,
            notify=False,
        )

    @rule(who=SOMEBODY, move=st.sampled_from([cancel, reject, approve]))
    def decide_as_officer(self, who, move):
        if (row := self.somebody(who)) is not None:
            self.do(move, row, actor=self.officer, notify=False)

    @rule()
    def approve_all(self):
        rows = [self.before.rows[pk] for pk in sorted(self.before.in_state(Status.PENDING))]
        done = approve_several(registrations=rows, actor=self.officer, notify=False)
        assert not done.failed

    # --- The clock ---

    @rule(who=SOMEBODY)
    def lapse(self, who):
        """Time passes and no round has been made yet."""
        offered = sorted(self.before.in_state(Status.OFFERED))
        if offered:
            past = timezone.now() - timedelta(seconds=1)
            Registration.objects.filter(pk=offered[who % len(offered)]).update(
                offer_expires_at=past
            )

    @rule(who=SOMEBODY)
    def expire(self, who):
        self.lapse(who)
        lapsed = set(Registration.objects.lapsed().values_list("pk", flat=True))
        assert expire_offers() == len(lapsed)
        assert Look(self.desk).in_state(Status.EXPIRED) >= lapsed

    @rule(which=SOMEBODY, capacity=CAPACITIES, who=SOMEBODY)
    def expire_while_raising(self, which, capacity, who):
        """The seats of an offer whose time is over stay taken until the round, whatever is raised."""
        self.lapse(who)
        pools = list(self.before.pools.values())
        set_capacity(pools[which % len(pools)], capacity)
        self.check()
        expire_offers()

    @rule(who=SOMEBODY)
    def accept_too_late(self, who):
        offered = sorted(self.before.in_state(Status.OFFERED))
        if offered:
            self.lapse(who)
            row = self.before.rows[offered[who % len(offered)]]
            assert self.do(accept_offer, row) is None

    # --- The page of the event ---

    @rule(is_called_off=st.booleans())
    def call_off(self, is_called_off):
        self.event(is_called_off=is_called_off)

    @rule(begun=st.booleans())
    def move_the_event(self, begun):
        self.event(starts_at=timezone.now() + AGO if begun else in_ten_days())

    @rule()
    def tend(self):
        expire_offers()
        pass_all_seats_on()

    # --- What must hold ---

    def seats_are_counted_and_never_too_many(self, now):
        for pool in now.pools.keys() - self.before.pools.keys():
            self.before.pools[pool] = now.pools[pool]  # a session that is new
        super().seats_are_counted_and_never_too_many(now)

    @property
    def page_now(self) -> EventPage:
        return EventPage.objects.get(pk=self.desk.page_id)

    def offers_are_made_in_order(self, now):
        page = self.page_now
        if page.is_called_off or page.starts_at <= timezone.now():
            before = self.before.in_state(Status.WAITING)
            assert not before & now.in_state(Status.OFFERED)
        else:
            super().offers_are_made_in_order(now)

    def newcomers_overtake_nobody(self, now):
        if self.page_now.starts_at <= timezone.now():
            return  # nobody waits any more: what is free may be had
        for pk in now.in_state(*HOLDING) - set(self.before.rows):
            due_without, kept = offers_due(now.free(without={pk}), now.queue())
            assert not kept & now.wishes[pk].pools
            assert offers_due(now.free(), now.queue())[0] == due_without
        super().newcomers_overtake_nobody(now)

    def codes_are_counted(self, now):
        super().codes_are_counted(now)
        assert all(now.rows[pk].status in ACTIVE for pk in now.in_state(*ACTIVE))


@pytest.mark.django_db
def test_seats_through_a_month_of_changes():
    MonthMachine.page = make_event()
    run_state_machine_as_test(
        MonthMachine,
        settings=settings(
            max_examples=int(os.environ.get("EXAMPLES", 12)),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
