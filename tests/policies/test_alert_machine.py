"""Nobody is told twice and nobody misses anything, whatever happens in whatever order.

Documents change to and fro, time passes, the mail server fails, runs are cut off before their
transaction is stored and after a mail was accepted: compared with a model of what a reader knows.
"""

import contextlib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from policies.alerts import digests as digests_module
from policies.alerts import outbox
from policies.alerts.editions import observe
from policies.alerts.upkeep import tend_alerts
from policies.models import PolicyPage
from tests.policies.alerts_cast import digests, follow, publish

TITLES = ["甲稿", "乙稿", "丙稿"]


class Crash(BaseException):
    """The process is gone."""


class Alerts(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        mail.outbox.clear()
        self.is_down = False
        self.seen: dict[str, str] = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(frequencies=st.lists(st.sampled_from(["daily", "weekly"]), min_size=1, max_size=2))
    def subscribe(self, frequencies):
        self.now = timezone.now()
        self.page = PolicyPage.objects.get(slug="coal-law", locale__language_code="zh-hans")
        PolicyPage.objects.exclude(pk=self.page.pk).update(live=False)
        publish(self.page, title=TITLES[0], at=self.now - timedelta(minutes=1))
        observe(now=self.now)
        for frequency, query in zip(frequencies, ("level=nation", ""), strict=False):
            follow(query, frequency=frequency)
        self.title = self.known = TITLES[0]
        self.now = timezone.now() + timedelta(seconds=1)

    @rule(title=st.sampled_from(TITLES))
    def change(self, title):
        self.now += timedelta(minutes=1)
        publish(self.page, title=title, at=self.now)
        self.title = title

    @rule(hours=st.sampled_from([1, 24, 24 * 7]))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def run(self):
        self.now += timedelta(minutes=1)
        tend_alerts(now=self.now)

    @rule()
    def crash_before_the_rows_are_stored(self):
        self.cut(digests_module, "send_on_commit")

    @rule()
    def crash_after_a_mail_was_accepted(self):
        self.cut(outbox.AlertOutbox, "_finish")

    def cut(self, module, name):
        real = getattr(module, name)

        def die(*args):
            raise Crash

        setattr(module, name, die)
        try:
            self.now += timedelta(minutes=1)
            with contextlib.suppress(Crash):
                tend_alerts(now=self.now)
        finally:
            setattr(module, name, real)

    @precondition(lambda self: not self.is_down)
    @rule()
    def server_goes_down(self):
        self.is_down = True
        self.real_send = mail.EmailMessage.send

        def fail(message):
            raise ConnectionRefusedError

        mail.EmailMessage.send = fail

    @precondition(lambda self: self.is_down)
    @rule()
    def server_comes_back(self):
        mail.EmailMessage.send = self.real_send
        self.is_down = False

    @invariant()
    def nobody_is_told_twice(self):
        for message in digests():
            key = message.extra_headers["Message-ID"]
            if key in self.seen:  # the same message again: mail programs show it once
                continue
            told = next(title for title in TITLES if title in message.body)
            assert message.body.count(told) == 1
            assert told != self.known, f"{told} is told again"
            self.seen[key] = self.known = told

    def settle(self):
        """Once all is well again, the reader knows what holds."""
        if self.is_down:
            self.server_comes_back()
        for _ in range(4):
            self.now += timedelta(days=8)
            tend_alerts(now=self.now)
            self.nobody_is_told_twice()
        assert self.known == self.title


class Settled(Alerts):
    def teardown(self):
        try:
            if hasattr(self, "title"):
                self.settle()
        finally:
            if self.is_down:
                self.server_comes_back()
            super().teardown()


@pytest.mark.django_db
def test_nobody_is_told_twice_and_nobody_misses_anything():
    run_state_machine_as_test(
        Settled,
        settings=settings(
            max_examples=10,
            stateful_step_count=9,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
