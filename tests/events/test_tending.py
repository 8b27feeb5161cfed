"""The rounds of events, and counts that somebody spoilt by hand."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from events import tending
from events.choices import RegistrationStatus as Status
from events.models import EventMail, EventPage, Registration, SeatPool
from events.services import cancel, register, seat_drift
from events.tending import Round, tend
from tests.factories.crm import UserFactory
from tests.factories.events import book, event_consents, make_desk, make_guest

pytestmark = pytest.mark.django_db


def test_housekeeping_ends_offers_passes_seats_on_and_sends_mails():
    desk = make_desk(capacity=1)
    first, second, third = book(desk), book(desk), book(desk)
    cancel(first)
    Registration.objects.filter(pk=second.pk).update(offer_expires_at=timezone.now())
    call_command("housekeeping", "--once")
    states = Registration.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == [Status.CANCELLED, Status.EXPIRED, Status.OFFERED]
    assert not EventMail.objects.due().exists()
    assert third.email in {address for message in mail.outbox for address in message.to}


def test_seats_that_came_free_by_themselves_are_offered():
    desk = make_desk(capacity=1)
    book(desk)
    waiting = book(desk)
    SeatPool.objects.filter(desk=desk).update(capacity=2)
    assert tend()["seats offered"] == 1
    waiting.refresh_from_db()
    assert waiting.status == Status.OFFERED


def test_once_it_has_begun_nothing_is_kept_for_who_waited():
    desk = make_desk(capacity=2, companions_max=2)
    book(desk)
    pair = book(desk, make_guest(companions=[make_guest()]))
    assert pair.status == Status.WAITING
    EventPage.objects.filter(pk=desk.page_id).update(starts_at=timezone.now())
    desk.refresh_from_db()
    walk_in = {"consents": event_consents(), "by_organiser": UserFactory()}
    late = register(desk=desk, guest=make_guest(), **walk_in).registration
    assert late.status == Status.CONFIRMED
    tend()
    assert not SeatPool.objects.filter(is_short=True).exists()


def test_a_round_that_the_database_refuses_stops_no_other(monkeypatch, caplog):
    def fail():
        raise DatabaseError("locked")

    rounds = [
        Round("failing", fail),
        Round("daily", lambda: 2, is_daily=True),
        Round("ok", lambda: 1),
    ]
    monkeypatch.setattr(tending, "ROUNDS", rounds)
    assert tend() == {"ok": 1}
    assert tend(daily=True) == {"daily": 2, "ok": 1}
    assert "failing" in caplog.text


def test_what_is_kept_follows_an_event_that_was_put_off():
    desk = make_desk(keep_days=10)
    row = book(desk)
    until = row.keep_until
    moved = {
        name: getattr(desk.page, name) + timedelta(days=30) for name in ("starts_at", "ends_at")
    }
    EventPage.objects.filter(pk=desk.page_id).update(**moved)
    assert tend(daily=True)["dates followed"] == 1
    row.refresh_from_db()
    assert row.keep_until == until + timedelta(days=30)
    assert tend(daily=True)["dates followed"] == 0


def test_counts_that_were_spoilt_by_hand_are_told_and_mended(capsys, caplog):
    desk = make_desk(capacity=2)
    book(desk)
    gone, waiting = book(desk), book(desk)
    call_command("recount_seats")
    Registration.objects.filter(pk=gone.pk).delete()
    assert [(drift.taken, drift.held) for drift in seat_drift()] == [(2, 1)]
    assert tend(daily=True)["pools that don't add up"] == 1
    assert "don't add up" in caplog.text
    with pytest.raises(CommandError):
        call_command("recount_seats")
    call_command("recount_seats", "--mend")
    assert desk.page.slug in capsys.readouterr().out
    assert seat_drift() == []
    waiting.refresh_from_db()
    assert waiting.status == Status.OFFERED
