"""The mails of a registration over a real mail server, up and down, and what they say."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from base.outbox import NotWantedError
from events.choices import RegistrationStatus as Status
from events.links import registration_url
from events.mail import build
from events.models import EventMail, Registration
from events.outbox import outbox, queue_mail
from events.registration import codes
from events.registration.telling import queue_reminders, tell_change
from tests.events.registration.conftest import make_kinds
from tests.factories.events import book, make_desk, make_event, make_guest
from tests.live_site import SmtpSink

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
OWN = [
    purpose
    for purpose in EventMail.Purpose
    if purpose not in ("requested", "answered", "schedule", "meeting_changed", "rate")
]
# The state in which each is written.
STATES = {
    "received": Status.PENDING,
    "waiting": Status.WAITING,
    "offered": Status.OFFERED,
    "expired": Status.EXPIRED,
    "rejected": Status.REJECTED,
    "cancelled": Status.CANCELLED,
}


@pytest.fixture
def server(settings):
    sink = SmtpSink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 5
    sink.start()
    yield sink
    sink.stop()


def written(registration, purpose: str, **data) -> EventMail:
    Registration.objects.filter(pk=registration.pk).update(
        status=STATES.get(purpose, Status.CONFIRMED),
        waiting_since=timezone.now(),
        offer_expires_at=timezone.now() + timedelta(hours=3),
    )
    registration.refresh_from_db()
    return queue_mail(registration, purpose, **data)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("purpose", OWN)
def test_every_mail_says_event_and_way_back(purpose, language):
    desk = make_desk(contact="示例会务组")
    registration = book(desk, make_guest(name="王小明"), language=language)
    row = written(registration, purpose, subject="谢谢", text="再会", note="")
    message = build(row)
    page = desk.page.get_translations(inclusive=True).get(locale__language_code=language)
    assert message.to == [registration.email]
    assert "\n" not in message.subject
    assert page.title in message.subject + message.body
    assert "王小明" in message.body
    if purpose != "expired":
        assert registration_url(registration) in message.body
    assert "示例会务组" in message.body
    assert "  \n\n\n" not in message.body
    assert "&" not in message.body.replace("&amp;", "!")
    assert message.extra_headers["Message-ID"].startswith(f"<{row.idempotency_key}@")


def test_ticket_comes_over_the_wire_with_its_codes_and_an_entry_for_the_calendar(server):
    desk = make_desk(capacity=2, companions_max=1)
    registration = book(desk, make_guest(name="王小明", companions=[make_guest(name="李四")]))
    assert outbox.send_pending() == 1
    (message,) = server.wait_for(1)
    assert message["To"] == registration.email
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == ["event.ics", "ticket-1.png", "ticket-2.png"]
    parts = list(message.iter_attachments())
    (event,) = Calendar.from_ical(parts[0].get_content()).walk("VEVENT")
    assert event["dtstart"].dt == desk.page.starts_at.replace(microsecond=0)
    text = message.get_body().get_content()
    for attendee, part in zip(registration.attendees.all(), parts[1:], strict=True):
        assert codes.in_groups(attendee.code) in text
        assert part.get_content() == codes.as_png(attendee)


def test_mail_waits_for_a_server_that_is_down(server):
    server.stop()
    registration = book(make_desk())
    (row,) = registration.mails.all()
    assert outbox.attempt(row.pk) == EventMail.Status.PENDING
    row.refresh_from_db()
    assert row.attempts == 1
    server.start()
    assert outbox.attempt(row.pk, now=row.next_attempt_at) == EventMail.Status.SENT
    assert len(server.wait_for(1)) == 1


def test_confirmation_that_is_not_so_any_more_is_not_sent():
    registration = book(make_desk())
    (row,) = registration.mails.all()
    Registration.objects.filter(pk=registration.pk).update(status=Status.CANCELLED)
    assert outbox.attempt(row.pk) == EventMail.Status.CANCELLED
    assert mail.outbox == []


@pytest.mark.parametrize(
    "change",
    [
        {"email": ""},
        {"anonymised_at": timezone.now()},
        {"status": "offered", "offer_expires_at": timezone.now() - timedelta(minutes=1)},
    ],
)
def test_mail_to_nobody_or_too_late_is_not_wanted(change):
    registration = book(make_desk())
    row = written(registration, "offered")
    Registration.objects.filter(pk=registration.pk).update(**change)
    row.refresh_from_db()
    with pytest.raises(NotWantedError):
        build(EventMail.objects.select_related("registration__desk__page").get(pk=row.pk))


def test_online_link_goes_to_the_confirmed_online_only():
    desk = make_desk(make_event(is_online=True), capacity=None, online_link="https://m.example/x")
    onsite, online = make_kinds(desk, onsite=1)
    bodies = [build(book(desk, pools=[pool]).mails.get()).body for pool in (onsite, online)]
    assert ["https://m.example/x" in body for body in bodies] == [False, True]


def due(days: float):
    """An event that begins in so many days."""
    return make_event(starts_at=timezone.now() + timedelta(days=days))


def confirm_earlier(registration, days: float = 30) -> None:
    earlier = timezone.now() - timedelta(days=days)
    Registration.objects.filter(pk=registration.pk).update(confirmed_at=earlier)


def test_reminder_is_sent_once_and_of_several_due_the_last():
    desk = make_desk(due(0.5), capacity=5, reminder_days=[7, 3, 1])
    known, new, waiting = book(desk), book(desk), book(desk)
    confirm_earlier(known)
    Registration.objects.filter(pk=waiting.pk).update(status=Status.WAITING)
    assert queue_reminders() == 1
    assert queue_reminders() == 0
    assert known.mails.filter(once="reminder:1").count() == 1
    assert not new.mails.filter(purpose="reminder").exists()


@pytest.mark.parametrize("fields", [{"is_called_off": True}, {"live": False}])
def test_no_reminder_of_what_does_not_take_place(fields):
    desk = make_desk(due(0.5), capacity=5, reminder_days=[1])
    confirm_earlier(book(desk))
    make_event(starts_at=desk.page.starts_at, **fields)
    assert queue_reminders() == 0


def test_no_reminder_before_its_day_or_of_odd_settings():
    desk = make_desk(due(5), capacity=5, reminder_days=[3, "x", None, -1])
    confirm_earlier(book(desk))
    assert queue_reminders() == 0


def test_change_is_told_once_to_all_who_have_or_want_a_seat():
    desk = make_desk(capacity=1)
    seated, waiting, without = (
        book(desk),
        book(desk),
        book(desk, make_guest(email="", phone="13800138000")),
    )
    assert tell_change(desk) == 2
    assert tell_change(desk) == 0
    page = make_event(starts_at=timezone.now() + timedelta(days=20), venue="新地点")
    assert tell_change(desk, note="改期") == 2
    row = seated.mails.filter(purpose="event_changed").last()
    body = build(EventMail.objects.select_related("registration__desk__page").get(pk=row.pk)).body
    assert page.venue in body
    assert "改期" in body
    assert not without.mails.exists()
    assert waiting.mails.filter(purpose="event_changed").count() == 2
