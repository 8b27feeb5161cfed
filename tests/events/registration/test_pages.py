"""The pages of the signed link: status, tickets, change, cancel, offers, consents."""

import re
from datetime import timedelta

import pytest
import segno
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from events.choices import FieldKind
from events.choices import RegistrationStatus as Status
from events.models import FormField, Registration, SeatPool
from events.registration import codes
from events.services import cancel
from tests.events.registration.conftest import errors, make_kinds, soup, url_of, value
from tests.factories.events import book, make_desk, make_event, make_guest

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
ACTIONS = ("detail", "change", "cancel", "tickets", "calendar")


def changed(registration, **changes) -> dict:
    """The fields of the form of a registration, as it shows them, with changes."""
    return {
        "name": registration.name,
        "organisation_name": registration.organisation_name,
        "email": registration.email,
        "phone": registration.phone_typed,
    } | changes


def test_page_shows_ticket_and_status_and_masks_what_others_could_use(client, registration):
    page = client.get(url_of(registration))
    text = page.content.decode()
    assert registration.attendees.get().code[:4] in text
    assert "王小明" in text
    assert registration.email not in text
    assert "13800138000" not in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Cache-Control"] == "no-store, private"
    assert page["Referrer-Policy"] == "same-origin"
    assert soup(page).select_one(".ticket__code svg")


def test_page_takes_few_queries(client, registration, django_assert_max_num_queries):
    client.get(url_of(registration))
    with django_assert_max_num_queries(16):
        client.get(url_of(registration))


def test_qr_code_holds_the_code_of_the_attendee_and_nothing_else(registration):
    attendee = registration.attendees.get()
    assert codes.content(attendee) == f"SD1:{attendee.code}"
    drawn = segno.make(f"SD1:{attendee.code}", error="m", micro=False)
    assert codes.as_png(attendee).startswith(b"\x89PNG")
    assert re.search(r'd="([^"]+)"', codes.as_svg(attendee))[1] in drawn.svg_inline(border=2)
    assert "style" not in codes.as_svg(attendee)


@pytest.mark.parametrize("view", ACTIONS)
@pytest.mark.parametrize("token", ["x", "event", "a" * 500, "0~0"])
def test_no_other_link_opens_anything(client, db, view, token):
    address = f"/registration/{token}/"
    endings = {"detail": "", "calendar": "calendar.ics"}
    assert client.get(address + endings.get(view, f"{view}/")).status_code == 404


@pytest.mark.parametrize("view", ["accept", "withdraw"])
def test_what_changes_something_is_never_done_by_looking(client, registration, view):
    more = ["event"] if view == "withdraw" else []
    assert client.get(url_of(registration, view, *more)).status_code == 405


def test_reference_alone_opens_nothing(client, registration):
    assert client.get(f"/registration/{registration.reference}/").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_state_is_shown_in_both_languages(client, desk, prefix):
    registration = book(desk)
    address = prefix + url_of(registration)
    for status in Status.values:
        Registration.objects.filter(pk=registration.pk).update(
            status=status,
            waiting_since=timezone.now(),
            offer_expires_at=timezone.now() + timedelta(hours=2),
        )
        page = client.get(address)
        assert page.status_code == 200
        tickets = soup(page).select(".ticket")
        assert len(tickets) == (1 if status == Status.CONFIRMED else 0)
        accept = soup(page).select("form[action$='/accept/']")
        assert len(accept) == (1 if status == Status.OFFERED else 0)


def test_place_on_the_waiting_list_is_told(client):
    desk = make_desk(capacity=0)
    book(desk)
    second = book(desk)
    assert "2" in soup(client.get(url_of(second))).select_one(".receipt").get_text()


def test_online_link_is_for_the_confirmed_who_take_part_online_until_it_is_over(client):
    page = make_event(is_online=True)
    desk = make_desk(page, capacity=1, online_link="https://meet.example.org/x")
    SeatPool.objects.filter(desk=desk).update(capacity=None)
    onsite, online = make_kinds(desk, online=1)
    guests = [book(desk, pools=[pool]) for pool in (online, onsite, online)]
    shown = ["meet.example.org" in client.get(url_of(one)).content.decode() for one in guests]
    assert shown == [True, False, False]  # confirmed online, on site, waiting
    files = [client.get(url_of(one, "calendar")) for one in guests]
    assert [file.status_code for file in files] == [200, 200, 404]
    texts = [file.content.decode().replace("\r\n ", "") for file in files]
    assert ["meet.example.org" in text for text in texts] == shown
    page.starts_at = timezone.now() - timedelta(hours=5)
    page.ends_at = timezone.now() - timedelta(hours=1)
    page.save()
    assert "meet.example.org" not in client.get(url_of(guests[0])).content.decode()


def test_calendar_file_is_read_by_a_calendar(client, registration):
    response = client.get(url_of(registration, "calendar"))
    assert response["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["dtstart"].dt == registration.desk.page.starts_at.replace(microsecond=0)
    assert registration.reference in event["description"]
    assert "/registration/" not in response.content.decode()  # calendars are shared


def test_tickets_for_printing_are_for_the_confirmed(client):
    desk = make_desk(capacity=2, companions_max=1)
    pair = book(desk, make_guest(companions=[make_guest()]))
    late = book(desk)
    assert len(soup(client.get(url_of(pair, "tickets"))).select(".ticket")) == 2
    assert client.get(url_of(late, "tickets")).status_code == 404


def test_change_is_shown_bound_and_stored(client, desk, registration):
    FormField.objects.create(desk=desk, key="diet", kind=FieldKind.LINE, label="忌口")
    Registration.objects.filter(pk=registration.pk).update(answers={"diet": "素", "gone": "旧"})
    page = client.get(url_of(registration, "change"))
    assert value(page, "q_diet") == "素"
    assert value(page, "email") == registration.email
    assert soup(page).select_one("[name=consent_event]") is None
    sent = changed(registration, position="总经理", q_diet="清真")
    response = client.post(url_of(registration, "change"), sent)
    assert response["Location"].endswith("?done=changed#main")
    registration.refresh_from_db()
    assert registration.position == "总经理"
    assert registration.answers == {"diet": "清真", "gone": "旧"}
    assert registration.mails.filter(purpose="changed").exists()
    assert client.get(response["Location"]).status_code == 200


def test_change_keeps_what_was_typed_when_there_are_no_more_seats(client):
    desk = make_desk(capacity=1, companions_max=2)
    registration = book(desk)
    sent = changed(registration, companions="李四")
    response = client.post(url_of(registration, "change"), sent)
    assert (response.status_code, value(response, "companions")) == (422, "李四")
    assert len(errors(response)) == 1
    registration.refresh_from_db()
    assert (registration.status, registration.party) == (Status.CONFIRMED, 1)


def test_change_to_somebody_elses_address_is_refused_without_telling(client, desk, registration):
    other = book(desk)
    response = client.post(
        url_of(registration, "change"), changed(registration, email=other.email, phone="")
    )
    assert response.status_code == 422
    assert other.reference not in response.content.decode()


def test_change_may_add_the_wish_to_be_contacted(client, registration):
    sent = changed(registration, intent="建厂", consent_event_lead="on")
    assert client.post(url_of(registration, "change"), sent).status_code == 303
    registration.refresh_from_db()
    assert (registration.wants_contact, registration.intent) == (True, "建厂")
    assert registration.consents.active().filter(kind="event_lead").exists()
    page = client.get(url_of(registration, "change"))
    assert value(page, "intent") == "建厂"
    assert soup(page).select_one("[name=consent_event_lead]") is None


def test_change_works_without_a_cookie(registration):
    client = Client(enforce_csrf_checks=True)
    assert client.post(url_of(registration, "change"), changed(registration)).status_code == 303


def test_after_the_deadline_nothing_is_changed(client, desk, registration):
    desk.changes_until = timezone.now() - timedelta(hours=1)
    desk.save()
    for response in (
        client.get(url_of(registration, "change")),
        client.post(url_of(registration, "change"), changed(registration, name="x")),
    ):
        assert response["Location"].endswith("?done=late#main")
    registration.refresh_from_db()
    assert registration.name == "王小明"


def test_cancel_asks_first_and_frees_the_seat(client, desk, registration):
    assert soup(client.get(url_of(registration, "cancel"))).select_one("main form button")
    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED
    response = client.post(url_of(registration, "cancel"))
    assert response["Location"].endswith("?done=cancelled#main")
    registration.refresh_from_db()
    assert registration.status == Status.CANCELLED
    assert desk.pools.get().taken == 0
    again = client.post(url_of(registration, "cancel"))
    assert again["Location"].endswith("?done=moved#main")
    page = soup(client.get(again["Location"]))
    assert page.select_one(".ticket") is None


def test_offer_is_accepted_or_turned_down(client):
    desk = make_desk(capacity=1)
    first, second, third = book(desk), book(desk), book(desk)
    cancel(first)
    assert client.post(url_of(third, "accept"))["Location"].endswith("?done=moved#main")
    client.post(url_of(second, "cancel"))
    third.refresh_from_db()
    assert third.status == Status.OFFERED
    assert client.post(url_of(third, "accept"))["Location"].endswith("?done=accepted#main")
    third.refresh_from_db()
    assert third.status == Status.CONFIRMED


def test_offer_whose_time_is_over_is_not_taken(client):
    desk = make_desk(capacity=1)
    first, second = book(desk), book(desk)
    cancel(first)
    desk.registrations.filter(pk=second.pk).update(offer_expires_at=second.created_at)
    response = client.post(url_of(second, "accept"))
    assert response["Location"].endswith("?done=over#main")
    assert soup(client.get(response["Location"])).select("form[action$='/accept/']") == []
