"""Changing and settling a registration: what is allowed, what is kept, what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from events.choices import PoolKind
from events.choices import RegistrationStatus as Status
from events.errors import (
    AlreadyRegisteredError,
    ChoiceError,
    ContactMissingError,
    DeadlineOverError,
    InvitationError,
    MoveError,
    NotOpenError,
    OfferOverError,
    SoldOutError,
    TooManyError,
)
from events.models import EventMail, EventPage, InvitationCode, Registration, SeatPool
from events.services import (
    accept_offer,
    approve,
    cancel,
    change,
    pass_seats_on,
    reject,
    seat_drift,
    set_capacity,
)
from tests.factories.crm import UserFactory
from tests.factories.events import book, make_desk, make_guest

pytestmark = pytest.mark.django_db


def session(desk, capacity=None, *, begins: int | None = None, **fields) -> SeatPool:
    """A session of two hours that begins so many hours after the event."""
    if begins is not None:
        fields["starts_at"] = desk.page.starts_at + timedelta(hours=begins)
        fields["ends_at"] = fields["starts_at"] + timedelta(hours=2)
    return SeatPool.objects.create(desk=desk, kind=PoolKind.SESSION, capacity=capacity, **fields)


def taken(desk) -> list[int]:
    assert seat_drift(desk) == []
    return list(SeatPool.objects.filter(desk=desk).order_by("pk").values_list("taken", flat=True))


def again(row: Registration) -> Registration:
    return Registration.objects.get(pk=row.pk)


def test_more_persons_and_another_session_are_taken_by_difference():
    desk = make_desk(capacity=3, companions_max=2)
    morning, evening = session(desk, 3), session(desk, 3)
    guest = make_guest()
    row = book(desk, guest, pools=[morning])
    three = replace(guest, companions=[make_guest(), make_guest()])
    changed = change(row, guest=three, pools=[evening])
    assert taken(desk) == [3, 0, 3]
    assert changed.attendees.count() == 3
    assert changed.mails.filter(purpose=EventMail.Purpose.CHANGED).exists()
    assert changed.log.last().action == "changed"


def test_who_asks_for_more_than_there_is_keeps_everything():
    desk = make_desk(capacity=2, companions_max=2)
    guest = make_guest()
    row = book(desk, guest)
    book(desk)
    with pytest.raises(SoldOutError) as refused:
        change(row, guest=replace(guest, name="新名字", companions=[make_guest()]))
    assert [pool.kind for pool in refused.value.pools] == [PoolKind.EVENT]
    assert again(row).name == guest.name
    assert taken(desk) == [2]


def test_less_than_before_is_always_allowed():
    """Though the event would not let anybody have it now: seats, companions, sessions."""
    desk = make_desk(capacity=3, companions_max=2)
    closed = session(desk, 3)
    guest = make_guest(companions=[make_guest(name="甲"), make_guest(name="乙")])
    row = book(desk, guest, pools=[closed])
    set_capacity(desk.pools.get(kind="event"), 1)
    type(desk).objects.update(companions_max=0)
    SeatPool.objects.filter(pk=closed.pk).update(is_active=False)
    tickets = dict(row.attendees.values_list("name", "code"))
    fewer = replace(guest, companions=[make_guest(name="乙")])
    changed = change(row, guest=fewer, pools=[closed])
    assert taken(desk) == [2, 2]
    # 乙 moves up and keeps the ticket that is printed already.
    kept = list(changed.attendees.values_list("position", "name", "code"))
    assert kept == [(0, guest.name, tickets[guest.name]), (1, "乙", tickets["乙"])]


def test_a_misspelt_name_keeps_its_ticket_and_a_new_one_gets_one():
    desk = make_desk(capacity=5, companions_max=2)
    guest = make_guest(companions=[make_guest(name="王晓名")])
    row = book(desk, guest)
    code = row.attendees.get(position=1).code
    changed = change(
        row, guest=replace(guest, companions=[make_guest(name="王晓明"), make_guest(name="李四")])
    )
    assert changed.attendees.get(name="王晓明").code == code
    assert changed.attendees.get(name="李四").position == 2


def test_who_waits_keeps_the_place_unless_more_is_wanted():
    desk = make_desk(capacity=1, companions_max=1)
    first = book(desk)
    guest, other = make_guest(), make_guest()
    early, late = book(desk, guest), book(desk, other)
    change(early, guest=replace(guest, name="新名字"))
    assert [row.pk for row in desk.registrations.waiting()] == [early.pk, late.pk]
    change(early, guest=replace(guest, companions=[make_guest()]))
    assert [row.pk for row in desk.registrations.waiting()] == [late.pk, early.pk]
    cancel(first)
    assert again(late).status == Status.OFFERED


def test_who_waits_for_less_by_now_is_offered_it():
    desk = make_desk(capacity=2, companions_max=1)
    book(desk)
    guest = make_guest()
    pair = book(desk, replace(guest, companions=[make_guest()]))
    assert pair.status == Status.WAITING
    change(pair, guest=guest)
    assert again(pair).status == Status.OFFERED


def test_a_change_is_approved_anew_where_that_is_wanted():
    desk = make_desk(needs_approval=True, capacity=4)
    InvitationCode.objects.create(desk=desk, code="贵宾", skips_approval=True)
    officer = UserFactory(role="CRM officers")
    guest, invited = make_guest(), make_guest()
    row = book(desk, guest)
    approve(row, actor=officer)
    assert change(again(row), guest=guest).status == Status.PENDING
    approve(row, actor=officer)
    assert change(again(row), guest=guest, actor=officer).status == Status.CONFIRMED
    known = book(desk, invited, code="贵宾")
    assert known.status == Status.CONFIRMED
    assert change(known, guest=invited).status == Status.CONFIRMED


def test_a_session_by_invitation_asks_for_a_code_once():
    desk = make_desk(capacity=4)
    dinner = session(desk, needs_invitation=True)
    InvitationCode.objects.create(desk=desk, code="晚宴")
    guest = make_guest()
    row = book(desk, guest)
    with pytest.raises(InvitationError):
        change(row, guest=guest, pools=[dinner])
    with pytest.raises(InvitationError):
        change(row, guest=guest, pools=[dinner], code="别的")
    row = change(row, guest=guest, pools=[dinner], code="晚宴")
    assert InvitationCode.objects.get().used == 1
    change(row, guest=guest, pools=[dinner])
    cancel(row)
    assert InvitationCode.objects.get().used == 0


def _guests_of_two(desk):
    first, second = make_guest(), make_guest()
    book(desk, second)
    return book(desk, first), first, second


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"email": "", "phone": ""}, ContactMissingError),
        ({"companions": [make_guest()]}, TooManyError),
        ({"phone": "123"}, ValidationError),
        ({"email": "SECOND"}, AlreadyRegisteredError),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_changed(wrong, error):
    desk = make_desk(capacity=4)
    row, guest, second = _guests_of_two(desk)
    if wrong.get("email"):
        wrong = {"email": second.email.upper()}
    with pytest.raises(error):
        change(row, guest=replace(guest, **wrong))
    assert again(row).email == guest.email


def test_choices_that_do_not_go_together():
    desk = make_desk(capacity=4)
    one, two = session(desk, begins=0), session(desk, begins=1)
    foreign = SeatPool(pk=one.pk + 1000, desk=desk, kind=PoolKind.SESSION)
    guest = make_guest()
    row = book(desk, guest)
    for pools, field in (([one, two], "sessions"), ([foreign], None)):
        with pytest.raises(ChoiceError) as refused:
            change(row, guest=guest, pools=pools)
        assert refused.value.field == field
    hall = SeatPool.objects.create(desk=desk, kind=PoolKind.ATTENDANCE, attendance="onsite")
    for pools in ([], [hall, SeatPool.objects.create(desk=desk, kind=PoolKind.ATTENDANCE)]):
        with pytest.raises(ChoiceError) as refused:
            change(row, guest=guest, pools=pools)
        assert refused.value.field == "attendance"


def test_after_the_deadline_only_the_organiser_changes():
    desk = make_desk(capacity=4, changes_until=timezone.now() - timedelta(minutes=1))
    guest = make_guest()
    row = book(desk, guest)
    with pytest.raises(DeadlineOverError):
        change(row, guest=guest)
    assert change(row, guest=guest, actor=UserFactory(role="CRM officers"))
    EventPage.objects.filter(pk=desk.page_id).update(starts_at=timezone.now())
    with pytest.raises(DeadlineOverError):
        cancel(again(row))
    assert (
        cancel(row, actor=UserFactory(role="CRM officers"), note="走错了").status
        == Status.CANCELLED
    )


def test_nothing_is_changed_at_an_event_that_was_called_off():
    desk = make_desk(capacity=1)
    guest = make_guest()
    row, waiting = book(desk, guest), book(desk)
    EventPage.objects.filter(pk=desk.page_id).update(is_called_off=True)
    with pytest.raises(NotOpenError):
        change(row, guest=guest)
    cancel(row)
    assert again(waiting).status == Status.WAITING


def test_an_ended_registration_stays_ended():
    desk = make_desk(capacity=2)
    guest = make_guest()
    row = book(desk, guest)
    cancel(row)
    officer = UserFactory(role="CRM officers")
    for move in (
        lambda: cancel(row),
        lambda: reject(row, actor=officer),
        lambda: approve(row, actor=officer),
        lambda: accept_offer(row),
        lambda: change(row, guest=guest),
    ):
        with pytest.raises(MoveError):
            move()
    Registration.objects.all().delete()
    with pytest.raises(MoveError):
        cancel(row)


def test_declined_gives_the_seat_to_who_waits_and_says_why():
    desk = make_desk(capacity=1, needs_approval=True)
    row, waiting = book(desk), book(desk)
    reject(row, actor=UserFactory(role="CRM officers"), note="名额留给企业")
    assert row.mails.get(purpose=EventMail.Purpose.REJECTED).data == {"note": "名额留给企业"}
    assert again(waiting).status == Status.OFFERED
    assert accept_offer(waiting).status == Status.PENDING


def test_an_offer_ends_when_the_event_begins_though_it_was_moved():
    desk = make_desk(capacity=1)
    row, waiting = book(desk), book(desk)
    cancel(row)
    EventPage.objects.filter(pk=desk.page_id).update(starts_at=timezone.now())
    with pytest.raises(OfferOverError):
        accept_offer(waiting)
    assert list(Registration.objects.lapsed()) == [waiting]


def test_a_session_that_is_closed_and_opened_again_keeps_its_count():
    desk = make_desk(capacity=None)
    talk = session(desk, 1)
    row, waiting = book(desk, pools=[talk]), book(desk, pools=[talk])
    talk.refresh_from_db()
    talk.is_active = False
    talk.save()
    cancel(row)
    assert again(waiting).status == Status.WAITING
    assert taken(desk) == [0, 0]
    SeatPool.objects.filter(pk=talk.pk).update(is_active=True)
    assert pass_seats_on(desk) == 1
    assert taken(desk) == [1, 1]


def test_a_form_that_was_open_meanwhile_does_not_set_the_count_back():
    desk = make_desk(capacity=5)
    pool = desk.pools.get()
    code = InvitationCode.objects.create(desk=desk, code="春风", uses_max=3)
    book(desk, code="春风")
    pool.capacity = 6
    pool.save()
    code.note = "给媒体"
    code.save()
    assert SeatPool.objects.values_list("capacity", "taken").get() == (6, 1)
    assert InvitationCode.objects.values_list("note", "used").get() == ("给媒体", 1)
