"""The outbox against real things: a mail server that is down or up, a webhook that is slow or cross."""

import hashlib
import hmac
import json
import smtplib
import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from base.outbox import LEASE, PAUSES
from crm.models import Activity, Delivery
from crm.services import attempt_delivery, capture_lead, deliver_pending
from tests.factories.crm import DeliveryFactory, LeadFactory

pytestmark = pytest.mark.django_db
Status = Delivery.Status


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Hook(BaseHTTPRequestHandler):
    """Answers with `status` after `pause` seconds and keeps what it was sent."""

    status, pause = 200, 0.0
    location = ""
    received: list = []

    def do_POST(self):  # noqa: N802 (the library's name)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).received.append((dict(self.headers), body))
        time.sleep(self.pause)
        try:
            self.send_response(self.status)
            if self.location:
                self.send_header("Location", self.location)
            self.end_headers()
        except OSError:
            pass  # the client has hung up, as it should

    def log_message(self, *args):
        pass


@pytest.fixture
def hook(settings):
    """A running webhook; `hook(status=500)` returns its class."""
    servers = []

    def start(**attributes):
        handler = type("OwnHook", (Hook,), {"received": [], **attributes})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        settings.LEAD_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/hook"
        settings.LEAD_WEBHOOK_SECRET = "quiet"
        return handler

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def smtp(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    settings.EMAIL_TIMEOUT = 3
    settings.LEAD_NOTIFY_EMAILS = ["desk@example.org"]
    return settings


def webhook_delivery(**fields):
    return DeliveryFactory(kind="webhook", purpose="event", **fields)


def test_visitor_and_officers_are_written_to(
    settings, consents, django_capture_on_commit_callbacks
):
    settings.LEAD_NOTIFY_EMAILS = ["desk@example.org"]
    with django_capture_on_commit_callbacks(execute=True):
        lead = capture_lead(
            name="Jane Doe",
            phone="+852 2345 6789",
            email="jane@example.org",
            language="en",
            consents=consents("processing"),
        ).lead
    to_desk, to_visitor = sorted(mail.outbox, key=lambda message: message.to)
    assert to_desk.to == ["desk@example.org"]
    assert lead.reference in to_desk.subject
    assert f"/admin/leads/{lead.pk}/" in to_desk.body
    for secret in ("jane@example.org", "2345", "Jane"):
        assert secret not in to_desk.message().as_string()
    assert to_visitor.to == ["jane@example.org"]
    assert "We have your inquiry" in to_visitor.subject
    assert "/en/inquiry/status/" in to_visitor.body
    assert to_visitor.body.rstrip().endswith("Shangdang promotion window")
    assert {d.status for d in lead.deliveries.all()} == {Status.SENT}
    assert lead.activities.filter(kind=Activity.Kind.NOTIFIED).count() == 2


def test_a_mail_server_that_is_down_loses_nothing(
    smtp, consents, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        lead = capture_lead(
            name="王小明", email="wang@example.org", consents=consents("processing")
        ).lead
    waiting = list(lead.deliveries.all())
    assert [(d.status, d.attempts) for d in waiting] == [(Status.PENDING, 1)] * 2
    assert all("ConnectionRefusedError" in d.last_error for d in waiting)
    assert all(d.next_attempt_at > timezone.now() for d in waiting)

    received = []

    class Sink:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            received.append(envelope.rcpt_tos)
            return "250 Kept"

    server = Controller(Sink(), hostname="127.0.0.1", port=smtp.EMAIL_PORT)
    server.start()
    try:
        assert deliver_pending() == 0  # not due yet
        lead.deliveries.update(next_attempt_at=timezone.now())
        assert deliver_pending() == 2
    finally:
        server.stop()
    assert sorted(received) == [["desk@example.org"], ["wang@example.org"]]
    assert {d.status for d in lead.deliveries.all()} == {Status.SENT}


def test_pauses_grow_to_about_two_days_and_then_it_is_given_up(smtp, lead):
    assert 46 * 60 < sum(PAUSES) < 52 * 60
    assert list(PAUSES) == sorted(PAUSES)
    delivery = DeliveryFactory(lead=lead)
    for pause in PAUSES:
        assert attempt_delivery(delivery.pk) == Status.PENDING
        delivery.refresh_from_db()
        wait = (delivery.next_attempt_at - timezone.now()).total_seconds() / 60
        assert pause - 0.2 < wait <= pause
        Delivery.objects.filter(pk=delivery.pk).update(next_attempt_at=timezone.now())
    assert attempt_delivery(delivery.pk) == Status.FAILED
    assert [a.kind for a in lead.activities.all()] == [Activity.Kind.NOT_SENT]
    assert deliver_pending() == 0


def test_a_delivery_is_sent_once(lead):
    delivery = DeliveryFactory(lead=lead, purpose="receipt")
    assert attempt_delivery(delivery.pk) == Status.SENT
    assert attempt_delivery(delivery.pk) == Status.SENT
    assert len(mail.outbox) == 1
    assert delivery.idempotency_key in mail.outbox[0].extra_headers["Message-ID"]


def test_another_workers_delivery_is_left_alone_until_its_lease_ends(lead):
    delivery = DeliveryFactory(
        lead=lead, purpose="receipt", status="sending", next_attempt_at=timezone.now() + LEASE
    )
    assert attempt_delivery(delivery.pk) == Status.SENDING
    assert deliver_pending() == 0
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert deliver_pending() == 1
    delivery.refresh_from_db()
    assert delivery.status == Status.SENT


def test_what_kills_every_worker_is_given_up(lead):
    delivery = DeliveryFactory(lead=lead, purpose="receipt", attempts=len(PAUSES) + 1)
    assert attempt_delivery(delivery.pk) == Status.FAILED
    assert mail.outbox == []


def test_mail_without_recipients_is_cancelled(settings, lead):
    settings.LEAD_NOTIFY_EMAILS = []
    assert attempt_delivery(DeliveryFactory(lead=lead).pk) == Status.CANCELLED


def test_delivery_that_is_gone_is_no_error():
    assert attempt_delivery(987654321) == ""


def test_command_sends_what_is_due(lead, capsys):
    DeliveryFactory(lead=lead, purpose="receipt")
    call_command("deliver_pending")
    assert "1" in capsys.readouterr().out
    assert len(mail.outbox) == 1


def test_webhook_is_signed_and_holds_no_personal_data(hook):
    handler = hook()
    lead = LeadFactory(organisation_name="示例厂", message="秘密")
    delivery = webhook_delivery(lead=lead)
    assert attempt_delivery(delivery.pk) == Status.SENT
    ((headers, body),) = handler.received
    expected = hmac.new(b"quiet", headers["X-Timestamp"].encode() + b"." + body, hashlib.sha256)
    assert headers["X-Signature-256"] == f"sha256={expected.hexdigest()}"
    assert headers["Idempotency-Key"] == delivery.idempotency_key
    assert json.loads(body)["reference"] == lead.reference
    for secret in (lead.name, lead.phone, lead.email, lead.message):
        assert secret not in body.decode()


@pytest.mark.parametrize("attributes", [{"status": 500}, {"status": 404}, {"status": 204 + 97}])
def test_webhook_that_refuses_is_tried_again(hook, attributes):
    hook(**attributes)
    delivery = webhook_delivery()
    assert attempt_delivery(delivery.pk) == Status.PENDING
    delivery.refresh_from_db()
    assert str(attributes["status"]) in delivery.last_error


def test_webhook_redirect_is_not_followed(hook):
    target = hook()
    from django.conf import settings

    address = settings.LEAD_WEBHOOK_URL
    hook(status=302, location=address)
    assert attempt_delivery(webhook_delivery().pk) == Status.PENDING
    assert target.received == []


def test_slow_webhook_is_not_waited_for(hook, settings):
    hook(pause=3)
    settings.LEAD_WEBHOOK_TIMEOUT = 0.3
    delivery = webhook_delivery()
    started = time.monotonic()
    assert attempt_delivery(delivery.pk) == Status.PENDING
    assert time.monotonic() - started < 2
    delivery.refresh_from_db()
    assert "timed out" in delivery.last_error.lower()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:1", "http://", "http://[::1"]
)
def test_webhook_goes_only_to_http_addresses(settings, url):
    settings.LEAD_WEBHOOK_URL = url
    assert attempt_delivery(webhook_delivery().pk) == Status.PENDING


def test_webhook_that_is_down_does_not_stop_the_visitor(
    settings, consents, django_capture_on_commit_callbacks
):
    settings.LEAD_WEBHOOK_URL = f"http://127.0.0.1:{closed_port()}/hook"
    with django_capture_on_commit_callbacks(execute=True):
        lead = capture_lead(
            name="王小明", phone="13800138000", consents=consents("processing")
        ).lead
    assert [d.status for d in lead.deliveries.all()] == [Status.PENDING]


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"jane@example.org": (550, b"no <jane@example.org>")}),
        smtplib.SMTPDataError(554, b"spam for jane@example.org"),
    ],
)
def test_what_a_mail_server_says_about_an_address_is_not_kept(monkeypatch, caplog, error):
    def refuse(delivery):
        raise error

    monkeypatch.setattr("crm.services.outbox.send_mail_delivery", refuse)
    delivery = DeliveryFactory()
    attempt_delivery(delivery.pk)
    delivery.refresh_from_db()
    assert type(error).__name__ in delivery.last_error
    assert "55" in delivery.last_error
    assert "jane" not in delivery.last_error + caplog.text
