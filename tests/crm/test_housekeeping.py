"""The round that keeps the outbox moving and lets expired data go."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from crm.models import Delivery, Lead
from tests.live_site import ROOT

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
def test_it_ends_when_it_is_told_to(tmp_path):
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0", "crm"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    process = subprocess.Popen(
        [sys.executable, "manage.py", "housekeeping"], cwd=ROOT, env=environment
    )
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(15)  # Django is slow to start on a busy machine
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
