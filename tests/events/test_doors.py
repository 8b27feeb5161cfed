"""At the door: who comes in, who has come in already, what a telephone sends late."""

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
import segno
from django.urls import reverse
from django.utils import timezone

from events.doors import badges
from events.doors.tickets import digest, ticket_list
from events.errors import AlreadyRegisteredError, SoldOutError
from events.links import door_token
from events.models import CheckIn, Door, SeatPool
from events.registration.codes import content
from events.services import cancel
from events.services.checking_in import (
    TicketUnknownError,
    check_in,
    count,
    find_attendee,
    read_code,
    undo,
    walk_in,
)
from tests.factories.events import book, event_consents, make_desk, make_event, make_guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk(capacity=5, companions_max=2)


@pytest.fixture
def door(desk):
    return Door.objects.create(desk=desk, name="正门")


def person(desk, **guest):
    return book(desk, make_guest(**guest)).attendees.get(position=0)


def url(door, view="door", *more):
    return reverse(f"doors:{view}", args=[door_token(door), *more])


def send(client, door, *parts):
    answer = client.post(url(door, "sync"), json.dumps({"parts": parts}), "application/json")
    return answer.status_code, answer.json().get("answers")


def part(what="scan", **more):
    return {"what": what, "key": str(uuid4()), "at": timezone.now().isoformat(), **more}


# --- The service -------------------------------------------------------------------------


def test_a_ticket_lets_in_once_and_the_second_door_is_told_where(desk, door):
    other = Door.objects.create(desk=desk, name="侧门")
    ticket = person(desk)
    first, second = check_in(ticket, door=door), check_in(ticket, door=other)
    assert (first.result, second.result) == ("entered", "again")
    assert second.earlier.door == door
    assert count(desk).entered == 1


def test_the_same_scan_sent_twice_is_one(desk, door):
    ticket, key = person(desk), uuid4()
    results = [check_in(ticket, door=door, key=key).result for _ in range(2)]
    assert results == ["entered", "entered"]
    assert CheckIn.objects.count() == 1


def test_a_cancelled_ticket_and_one_for_the_screen_are_not_valid(desk, door):
    registration = book(desk)
    cancel(registration)
    scan = check_in(registration.attendees.get(), door=door)
    assert (scan.result, scan.reason) == ("not_valid", "cancelled")
    online = person(desk)
    online.registration.attendance = "online"
    online.registration.save()
    assert check_in(online).reason == "online"


def test_a_mistake_is_taken_back_and_the_ticket_is_good_again(desk, door):
    ticket = person(desk)
    check_in(ticket, door=door)
    assert undo(ticket, door=door)
    assert not undo(ticket, door=door)
    assert check_in(ticket, door=door).result == "entered"


def test_a_phone_whose_clock_is_wrong_is_not_believed(desk):
    now = timezone.now()
    early, late, true = (person(desk) for _ in range(3))
    moments = [now - timedelta(days=400), now + timedelta(hours=5), now - timedelta(hours=2)]
    people = zip((early, late, true), moments, strict=True)
    rows = [check_in(one, at=moment).row for one, moment in people]
    assert [abs(row.at - now) < timedelta(minutes=5) for row in rows] == [True, True, False]


@pytest.mark.engine_free
@pytest.mark.parametrize("typed", ["SD1:{}", " {} ", "{0:.4}-rest", "sd1:{}"])
def test_codes_are_read_as_people_write_them(desk, typed):
    code = person(desk).code
    text = f"{code[:4]} {code[4:8]}-{code[8:]}".lower() if "rest" in typed else typed.format(code)
    assert read_code(text) == code
    assert find_attendee(desk, text).code == code


@pytest.mark.engine_free
@pytest.mark.parametrize("text", ["", "x", "SD1:", "\x00" * 16, "0" * 16, "😀" * 16])
def test_other_texts_are_no_tickets(desk, text):
    with pytest.raises(TicketUnknownError):
        find_attendee(desk, text)


def test_a_ticket_of_another_event_is_unknown(desk):
    elsewhere = make_desk(make_event("bayi-open-day"), capacity=1)
    with pytest.raises(TicketUnknownError):
        find_attendee(desk, person(elsewhere).code)


def test_who_comes_unannounced_takes_a_seat_while_there_is_one(door):
    desk = make_desk(capacity=1)
    options = {"desk": desk, "consents": event_consents(), "language": "zh-hans"}
    scan = walk_in(guest=make_guest(email="", phone=""), **options)
    assert scan.result == "entered"
    assert scan.attendee.registration.source == "walk_in"
    with pytest.raises(SoldOutError):
        walk_in(guest=make_guest(email="", phone=""), **options)
    assert SeatPool.objects.get(desk=desk).taken == 1


def test_a_walk_in_sent_twice_is_one_person_and_a_registered_one_is_told(desk):
    key, options = uuid4(), {"desk": desk, "consents": event_consents(), "language": "zh-hans"}
    guest = make_guest(email="", phone="")
    for _ in range(2):
        assert walk_in(guest=guest, key=key, **options).result == "entered"
    assert desk.registrations.count() == 1
    known = make_guest()
    book(desk, known)
    with pytest.raises(AlreadyRegisteredError):
        walk_in(guest=known, **options)


# --- The page and the telephone ----------------------------------------------------------


@pytest.mark.engine_free
def test_the_page_works_by_forms_alone(client, desk, door):
    ticket = person(desk, name="林一", organisation_name="甲公司")
    page = client.post(url(door), {"do": "search", "q": "甲公"}).content.decode()
    assert "林一" in page
    page = client.post(url(door), {"do": "scan", "code": ticket.code}).content.decode()
    assert "door-answer--entered" in page
    page = client.post(url(door), {"do": "undo", "attendee": ticket.pk}).content.decode()
    assert "door-answer--undone" in page
    data = {"do": "walk_in", "name": "周二", "consent": "on"}
    assert "周二" in client.post(url(door), data).content.decode()
    assert client.post(url(door), data | {"consent": ""}).status_code == 422


@pytest.mark.engine_free
def test_a_photograph_of_a_ticket_is_read(client, desk, door):
    ticket, picture = person(desk), io.BytesIO()
    segno.make(content(ticket), error="m").save(picture, kind="png", scale=6)
    picture.seek(0)
    picture.name = "ticket.png"
    page = client.post(url(door), {"do": "scan", "picture": picture}).content.decode()
    assert "door-answer--entered" in page
    rubbish = io.BytesIO(b"no picture")
    rubbish.name = "ticket.png"
    assert client.post(url(door), {"do": "scan", "picture": rubbish}).status_code == 422


def test_what_was_kept_offline_is_written_in_its_order(client, desk, door):
    ticket = person(desk)
    walk = part("walk_in", name="周二", consent=True)
    status, answers = send(
        client,
        door,
        part(id=ticket.pk),
        part("undo", id=ticket.pk),
        part(code=ticket.code),
        walk,
        walk,
        part(code="0" * 16),
        part("walk_in", name="", consent=True),
    )
    assert status == 200
    results = [one["result"] for one in answers]
    assert results == [
        "entered", "undone", "entered", "entered", "entered", "unknown", "refused",
    ]  # fmt: skip
    assert count(desk).entered == 2


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "message",
    [
        b"", b"[]", b"{}", b'{"parts": 1}', b'{"parts": [1]}', b'{"parts": [{"what": "scan"}]}',
        b'{"parts": [{"what": "scan", "key": 5}]}', b'{"parts": [{"what": "rm", "key": "x"}]}',
        b'{"parts": [{"what": ["scan"], "key": "x"}]}', b"[" * 5000, b"\xff\xfe",
    ],
)  # fmt: skip
def test_other_messages_are_refused_whole(client, door, message):
    assert client.post(url(door, "sync"), message, "application/json").status_code == 400


def test_strange_values_in_a_message_are_answered(client, desk, door):
    keys = [str(uuid4()) for _ in range(4)]
    parts = [
        {"what": "scan", "key": keys[0], "id": 10**30, "at": 5},
        {"what": "scan", "key": keys[1], "code": {"a": 1}, "at": "0001-01-01T00:00:00+14:00"},
        {"what": "walk_in", "key": keys[2], "name": "\ud800\x00", "consent": "yes"},
        {"what": "undo", "key": keys[3], "id": True},
    ]
    status, answers = send(client, door, *parts)
    assert status == 200
    assert {one["result"] for one in answers} <= {"unknown", "refused", "entered"}


def test_the_list_knows_codes_by_their_digest_and_no_addresses(client, desk, door):
    ticket = person(desk, phone="13900002222")
    text = client.get(url(door, "list")).content.decode()
    assert digest(ticket.code) in text
    assert ticket.code not in text and "13900002222" not in text and "@example" not in text
    assert ticket_list(desk)[0]["state"] == ""


def test_a_link_that_was_taken_back_opens_nothing(client, desk, door):
    addresses = [url(door), url(door, "list"), url(door, "worker")]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    Door.objects.update(is_active=False)
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert client.post(url(door, "sync"), "{}", "application/json").status_code == 404
    assert client.get(reverse("doors:door", args=["made-up"])).status_code == 404


# --- In the admin ------------------------------------------------------------------------


@pytest.mark.engine_free
def test_officers_make_doors_and_take_their_links_back(client, make_user, desk):
    client.force_login(make_user("CRM officers"))
    address = reverse("desks:doors", args=[desk.pk])
    assert client.post(address, {"name": "东门"}).status_code == 302
    door = desk.doors.get()
    assert door_token(door) in client.get(address).content.decode()
    client.post(reverse("desks:door_valid", args=[desk.pk, door.pk]))
    assert door_token(door) not in client.get(address).content.decode()
    assert client.post(address, {"name": " "}).status_code == 422


@pytest.mark.engine_free
@pytest.mark.parametrize("view", ["doors", "badges", "entries"])
def test_editors_hold_no_keys(client, make_user, desk, view):
    client.force_login(make_user("Editors"))
    assert client.get(reverse(f"desks:{view}", args=[desk.pk])).status_code in (302, 403)


@pytest.mark.engine_free
def test_badges_have_a_page_for_eight(desk):
    people = [person(make_desk(capacity=9), name="林" * 12, organisation_name="很长的名字" * 6)]
    pages = badges.make_badges(desk, people * 9, form="png", ppi=36.0)
    assert len(pages) == 2
    assert badges.make_badges(desk, people).startswith(b"%PDF")


@pytest.mark.engine_free
def test_badges_of_the_expected_alone(client, make_user, desk):
    client.force_login(make_user("CRM officers"))
    address = reverse("desks:badges", args=[desk.pk])
    assert client.get(address).status_code == 302
    ticket = person(desk)
    assert client.get(address)["Content-Type"] == "application/pdf"
    assert client.get(f"{address}?registration=x").status_code == 302
    chosen = client.get(f"{address}?registration={ticket.registration_id}")
    assert chosen.status_code == 200
