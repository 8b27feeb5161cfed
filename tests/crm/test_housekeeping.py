"""The round that keeps the outbox moving and lets expired data go."""

import contextlib
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from crm.models import Delivery, Lead
from tests.live_site import ROOT, copy_of_filled_site, environment_for

pytestmark = pytest.mark.django_db


def test_one_round_sends_what_waits_and_erases_what_expired(lead, settings):
    settings.LEAD_NOTIFY_EMAILS = ["officer@example.org"]
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=1))
    Lead.objects.filter(pk=lead.pk).update(keep_until=timezone.localdate() - timedelta(days=1))
    call_command("housekeeping", "--once")
    lead.refresh_from_db()
    assert lead.is_anonymised
    assert not Delivery.objects.due().exists()


def test_one_round_publishes_what_is_due_and_takes_down_what_expired(page_at):
    past = timezone.now() - timedelta(minutes=1)
    expired, due = page_at("about"), page_at("feedback")
    type(expired).objects.filter(pk=expired.pk).update(expire_at=past)
    revision = due.save_revision(approved_go_live_at=past)
    type(due).objects.filter(pk=due.pk).update(live=False)
    call_command("housekeeping", "--once")
    expired.refresh_from_db()
    due.refresh_from_db()
    assert not expired.live
    assert due.live
    assert due.live_revision_id == revision.pk


@pytest.mark.engine_free
def test_it_works_until_it_is_told_to_end(tmp_path):
    folder = copy_of_filled_site(tmp_path)
    environment = environment_for(folder, "config.settings.development")
    with contextlib.closing(
        sqlite3.connect(folder / "db.sqlite3", isolation_level=None)
    ) as database:

        def expired() -> int:
            query = "SELECT count(*) FROM crm_lead WHERE anonymised_at IS NULL AND keep_until < '2001-01-01'"
            return database.execute(query).fetchone()[0]

        database.execute("UPDATE crm_lead SET keep_until = '2000-01-01'")
        assert expired()
        process = subprocess.Popen(
            [sys.executable, "manage.py", "housekeeping"], cwd=ROOT, env=environment
        )
        try:
            deadline = time.monotonic() + 60  # Django is slow to start on a busy machine
            while expired() and time.monotonic() < deadline:
                time.sleep(0.2)
            assert not expired()
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
