"""Alerts over a real mail server that stops, is slow or refuses, and two senders at one moment."""

import shutil
import sqlite3
import time

import pytest
from django.conf import settings as site_settings
from django.db import connection, connections

from policies.alerts.digests import queue_digests
from policies.alerts.editions import observe
from policies.alerts.outbox import send_pending
from policies.alerts.upkeep import tend_alerts
from policies.models import AlertMail, AlertReader, PolicyPage, PolicyWatch, Told
from tests.crm.test_races import one, run
from tests.live_site import SmtpSink
from tests.policies.alerts_cast import follow, later, link_in, publish


class SlowSink(SmtpSink):
    """Takes its time, and refuses whom it is told to."""

    seconds = 0.0
    refuses = ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address == self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        time.sleep(self.seconds)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def smtp(settings):
    sink = SlowSink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def law(page_at):
    law = page_at("policies/coal-law")
    PolicyPage.objects.exclude(pk=law.pk).update(live=False)
    observe()
    return law


@pytest.mark.django_db
def test_a_server_that_stops_and_comes_back(client, law, smtp):
    follow("level=nation")
    send_pending()
    (asked,) = smtp.messages
    assert asked["To"] == "reader@example.org"
    publish(law, title="煤炭法（新）")
    smtp.stop()
    tend_alerts()
    assert AlertMail.objects.get(kind="digest").status == "pending"
    assert Told.objects.count() == 1
    smtp.start()
    for minutes in (2, 3, 5):
        tend_alerts(now=later(minutes=minutes))
    _asked, alert = smtp.messages
    assert alert["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert alert["Auto-Submitted"] == "auto-generated"
    off = link_in(alert, "off")
    assert alert["List-Unsubscribe"].strip() == f"<{site_settings.BASE_URL}{off}>"
    assert "煤炭法（新）" in alert.get_content()
    assert client.post(off, {"List-Unsubscribe": "One-Click"}).status_code == 200
    publish(law, title="再改", at=later(days=2))
    tend_alerts(now=later(days=3))
    assert len(smtp.messages) == 2
    assert not AlertReader.objects.exists()


@pytest.mark.django_db
def test_a_slow_server_gets_one_mail_and_a_refused_address_stops_no_other(law, smtp):
    smtp.seconds, smtp.refuses = 0.3, "gone@example.org"
    follow(email="gone@example.org")
    follow(email="here@example.org")
    publish(law, title="煤炭法（新）")
    for minutes in (0, 5):
        tend_alerts(now=later(minutes=minutes))
    alerts = [message for message in smtp.messages if message["List-Unsubscribe"]]
    assert [message["To"] for message in alerts] == ["here@example.org"]
    refused = AlertMail.objects.get(kind="digest", reader__email="gone@example.org")
    assert refused.last_error == "SMTPRecipientsRefused: 550"  # no address is kept in it


@pytest.fixture(scope="module")
def seeded_file(django_db_setup, django_db_blocker, tmp_path_factory):
    """SQLite's test database as a file, copied before a test holds a transaction on it."""
    file = tmp_path_factory.mktemp("alert-races") / "seeded.sqlite3"
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with sqlite3.connect(file) as target:
                connection.connection.backup(target)
    return file


@pytest.fixture
def _open_database(seeded_file, db, tmp_path, monkeypatch):
    """Threads write for themselves; on PostgreSQL what they made is taken away afterwards."""
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    title = one(lambda: PolicyPage.objects.get(slug="coal-law", locale__language_code="en").title)
    yield
    if connection.vendor != "sqlite":
        one(lambda: tidy(title))


def tidy(title: str) -> None:
    AlertReader.objects.all().delete()
    PolicyWatch.objects.all().delete()
    english_law().update(title=title)


def english_law():
    return PolicyPage.objects.filter(slug="coal-law", locale__language_code="en")


@pytest.mark.usefixtures("_open_database")
def test_two_senders_at_one_moment_send_one_mail(smtp):
    smtp.seconds = 0.1

    def prepare():
        observe()
        follow("level=nation", language="en")
        AlertMail.objects.all().delete()
        publish(english_law().get(), title="Coal Law (new)")

    one(prepare)
    smtp.messages.clear()
    errors = [result for result in run(*[tend_alerts] * 3) if isinstance(result, Exception)]
    assert errors == []
    assert len(smtp.messages) == 1
    assert one(lambda: (Told.objects.count(), AlertMail.objects.count())) == (1, 1)
    one(lambda: AlertMail.objects.update(status="pending", next_attempt_at=later(seconds=-1)))
    run(*[send_pending] * 3)
    assert len({message["Message-ID"] for message in smtp.messages}) == 1
    assert len(smtp.messages) == 2
    assert one(queue_digests) == 0
