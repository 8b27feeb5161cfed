"""Asking, answering, waiting and leaving in any order: what must hold of requests and meetings always does."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from events.errors import EventError
from events.matchmaking.joining import join, leave
from events.matchmaking.taking_part import taking_part
from events.models import EventMail, MeetingRequest
from events.services.meetings_requests import OPEN_MAX, answer, ask, expire_requests, withdraw
from tests.factories.events import event_consents
from tests.factories.meetings import make_participant, make_round

WHO = st.integers(0, 3)
MOST = 2


class Requests(RuleBasedStateMachine):
    round, people, consent = None, [], None  # made once: every run starts from them

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def attempt(self, service, *args, **more):
        try:
            with transaction.atomic():
                return service(*args, **more)
        except EventError:
            return None

    def pick(self, number: int) -> MeetingRequest | None:
        rows = list(self.round.requests.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    @rule(one=WHO, other=WHO)
    def ask(self, one, other):
        self.attempt(ask, from_participant=self.people[one], to_participant=self.people[other])

    @rule(number=st.integers(0, 50), who=WHO, accepts=st.booleans())
    def answer(self, number, who, accepts):
        request = self.pick(number)
        if request:
            done = self.attempt(answer, request, participant=self.people[who], accepts=accepts)
            if done is not None:
                assert request.status == "open"
                assert request.to_participant_id == self.people[who].pk

    @rule(number=st.integers(0, 50), who=WHO)
    def withdraw(self, number, who):
        request = self.pick(number)
        if request:
            self.attempt(withdraw, request, participant=self.people[who])

    @rule(hours=st.sampled_from([1, 47, 49]))
    def wait(self, hours):
        """Time passes: the requests get older instead of the clock going on."""
        for row in self.round.requests.filter(status="open"):
            row.expires_at -= timedelta(hours=hours)
            row.save(update_fields=["expires_at"])
        expire_requests()
        assert not self.round.requests.filter(
            status="open", expires_at__lte=timezone.now()
        ).exists()

    @rule(who=WHO)
    def leave(self, who):
        leave(self.people[who].registration)

    @rule(who=WHO)
    def come_back(self, who):
        self.attempt(
            join,
            self.people[who].registration,
            side="firm",
            offers="厂房",
            consent=self.consent,
        )

    @invariant()
    def holds(self):
        live = list(self.round.requests.filter(status__in=["open", "accepted"]))
        pairs = Counter(frozenset((r.from_participant_id, r.to_participant_id)) for r in live)
        assert all(count == 1 for count in pairs.values()), pairs
        agreed = Counter(
            pk
            for r in live
            if r.status == "accepted"
            for pk in (r.from_participant_id, r.to_participant_id)
        )
        assert all(count <= MOST for count in agreed.values()), agreed
        waiting = Counter(r.from_participant_id for r in live if r.status == "open")
        assert all(count <= OPEN_MAX for count in waiting.values())
        there = set(taking_part(self.round).values_list("pk", flat=True))
        assert there >= {pk for r in live for pk in (r.from_participant_id, r.to_participant_id)}
        # Every end is told once to the other side, never twice.
        mails = EventMail.objects.filter(registration__participant__round=self.round)
        told = Counter(mails.exclude(once="").values_list("registration", "once"))
        assert all(count == 1 for count in told.values())


@pytest.mark.django_db
def test_requests_hold_whatever_is_done():
    Requests.round = make_round(meetings_max=MOST)
    Requests.people = [make_participant(Requests.round) for _ in range(4)]
    Requests.consent = event_consents("meeting")[1]
    run_state_machine_as_test(
        Requests,
        settings=settings(
            max_examples=10,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
