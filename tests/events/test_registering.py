"""Registering: every way it can end."""

from dataclasses import replace

import pytest

from events.choices import RegistrationStatus as Status
from events.errors import AlreadyRegisteredError, SoldOutError
from events.models import EventMail, SeatPool
from events.services import accept_offer, cancel, expire_offers, register
from tests.factories.events import book, event_consents, make_desk, make_guest

pytestmark = pytest.mark.django_db


def taken(desk) -> int:
    return SeatPool.objects.get(desk=desk, kind="event").taken


def test_a_free_seat_is_confirmed_with_all_that_belongs_to_it():
    desk = make_desk(capacity=1)
    registration = book(desk)
    assert registration.status == Status.CONFIRMED
    assert taken(desk) == 1
    assert registration.attendees.count() == 1
    assert registration.consents.get().kind == "event"
    assert registration.mails.get().purpose == EventMail.Purpose.CONFIRMED


def test_no_seat_and_no_waiting_list_stores_nothing():
    desk = make_desk(capacity=1, has_waiting_list=False)
    book(desk)
    with pytest.raises(SoldOutError):
        book(desk)
    assert desk.registrations.count() == 1
    assert taken(desk) == 1


def test_who_waits_is_offered_the_seat_that_comes_free():
    desk = make_desk(capacity=1)
    first, second = book(desk), book(desk)
    assert second.status == Status.WAITING
    cancel(first)
    second.refresh_from_db()
    assert second.status == Status.OFFERED
    assert taken(desk) == 1
    assert accept_offer(second).status == Status.CONFIRMED
    assert taken(desk) == 1


def test_an_offer_that_passed_goes_to_the_next_and_not_to_the_same():
    desk = make_desk(capacity=1)
    first, second, third = book(desk), book(desk), book(desk)
    cancel(first)
    desk.registrations.filter(pk=second.pk).update(offer_expires_at=second.created_at)
    assert expire_offers() == 1
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, third.status) == (Status.EXPIRED, Status.OFFERED)
    assert taken(desk) == 1


def test_nobody_overtakes_a_party_that_waits_for_more_seats():
    desk = make_desk(capacity=2, companions_max=1)
    book(desk)
    guest = make_guest()
    pair = book(desk, replace(guest, companions=[make_guest()]))
    single = book(desk)
    assert (pair.status, single.status) == (Status.WAITING, Status.WAITING)


def test_a_seat_that_leaves_too_few_for_who_waits_is_the_last_to_be_had():
    """They wait for the session; the event has room for them until a newcomer takes of it."""
    desk = make_desk(capacity=4, companions_max=2)
    session = SeatPool.objects.create(desk=desk, kind="session", capacity=0)
    three = replace(make_guest(), companions=[make_guest(), make_guest()])
    family = book(desk, three, pools=[session])
    first, second, third = book(desk), book(desk), book(desk)
    assert [row.status for row in (family, first, second, third)] == [
        Status.WAITING,
        Status.CONFIRMED,
        Status.CONFIRMED,
        Status.WAITING,
    ]
    cancel(first)
    third.refresh_from_db()
    assert third.status == Status.OFFERED  # two are left again
    assert book(desk).status == Status.WAITING
    cancel(family)
    assert desk.registrations.waiting().count() == 0
    assert not SeatPool.objects.filter(desk=desk, has_queue=True).exists()


def test_the_same_form_twice_is_one_registration():
    desk = make_desk()
    guest = make_guest()
    options = {"desk": desk, "guest": guest, "consents": event_consents(), "submission_key": "k"}
    first, again = register(**options), register(**options)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.registration.pk == again.registration.pk
    assert taken(desk) == 1


def test_the_same_person_registers_once():
    desk = make_desk()
    guest = make_guest()
    book(desk, guest)
    with pytest.raises(AlreadyRegisteredError):
        book(desk, replace(guest, name="另一个名字"))
