"""The public form: stored, answered with its link, or shown again with all that was typed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.models import OfficialSettings
from crm.models import RateCounter
from events.choices import FieldKind
from events.choices import RegistrationStatus as Status
from events.models import InvitationCode, MeetingRound, SeatPool
from tests.events.registration.conftest import (
    add_question,
    add_session,
    errors,
    form_url,
    make_kinds,
    soup,
    value,
)
from tests.factories.events import make_desk, make_event

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


@pytest.mark.parametrize(("prefix", "language"), [("", "zh-hans"), ("/en", "en")])
def test_registration_is_stored_and_answered_with_its_link(
    desk, client, send, filled, prefix, language
):
    response = send(desk, filled(), prefix)
    assert response.status_code == 303
    assert response["Location"].startswith(f"{prefix}/registration/")
    registration = desk.registrations.get()
    assert (registration.status, registration.language) == (Status.CONFIRMED, language)
    assert (registration.phone, registration.position) == ("+8613800138000", "经理")
    consent = registration.consents.get()
    assert consent.text.language == language
    assert consent.source_url == prefix + form_url(desk)
    page = client.get(response["Location"])
    assert registration.reference in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_form_is_shown_in_few_queries_and_to_no_search_engine(
    desk, client, django_assert_max_num_queries
):
    make_kinds(desk, onsite=2)
    add_session(desk, "上午场", 0)
    add_question(desk, "diet", FieldKind.LINE)
    client.get(form_url(desk))
    with django_assert_max_num_queries(15):
        response = client.get(form_url(desk))
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("told", ["poster", "mail", "wechat"])
def test_where_somebody_comes_from_is_kept(desk, client, send, filled, told):
    came_by = value(client.get(f"{form_url(desk)}?from={told}"), "came_by")
    send(desk, filled(came_by=came_by))
    assert desk.registrations.get().source == told


@pytest.mark.parametrize("told", ["organiser", "walk_in", "nowhere", "x" * 300])
def test_what_only_officers_may_say_counts_as_the_site(desk, send, filled, told):
    send(desk, filled(came_by=told))
    assert desk.registrations.get().source == "site"


def test_faults_are_listed_linked_and_everything_typed_is_kept(desk, send, filled):
    add_question(desk, "diet", FieldKind.LINE, is_required=True)
    sent = filled(name="", phone="1380013800", consent_event="")
    response = send(desk, sent)
    assert response.status_code == 422
    links = [link["href"] for link in soup(response).select(".errors a")]
    fields = ["name", "phone", "q_diet", "consent_event"]
    assert links == [f"#registration-{name}" for name in fields]
    for link in links:
        assert soup(response).select_one(link)["aria-invalid"] == "true"
    for name in ("organisation_name", "email", "phone", "token"):
        assert value(response, name) == sent[name]
    assert not desk.registrations.exists()


def test_one_way_to_answer_is_enough_and_none_is_too_little(desk, send, filled):
    assert send(desk, filled(email="", phone="")).status_code == 422
    assert send(desk, filled(email="")).status_code == 303


def test_the_same_form_twice_is_one_registration_also_after_the_last_seat(send, filled):
    desk = make_desk(capacity=1, has_waiting_list=False)
    first, again = send(desk, filled()), send(desk, filled())
    assert first["Location"] == again["Location"]
    assert desk.registrations.count() == 1
    assert RateCounter.objects.get().count == 1


def test_the_same_person_is_told_nothing_and_mailed_the_link_once_an_hour(
    desk, client, send, filled, mailoutbox
):
    send(desk, filled())
    for nonce in ("again", "once more"):
        response = send(desk, filled(name="别人", intent="", position=nonce))
        assert response.status_code == 303
        assert response["Location"].endswith(f"/registration/event/{desk.page_id}/known/")
    told = client.get(response["Location"])
    assert told.status_code == 200
    assert desk.registrations.get().reference not in told.content.decode()
    assert desk.registrations.get().mails.filter(purpose="known").count() == 1


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"is_open": False}, "报名"),
        ({"opens_at": timezone.now() + timedelta(days=2)}, "报名"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "截止"),
    ],
)
def test_closed_desk_shows_no_form_and_takes_none(desk, client, send, filled, fields, word):
    for name, given_value in fields.items():
        setattr(desk, name, given_value)
    desk.save()
    shown = client.get(form_url(desk))
    assert word in soup(shown).select_one(".notice").get_text()
    assert soup(shown).select_one("[name=email]") is None
    response = send(desk, filled())
    assert response.status_code == 422
    assert value(response, "email") == "wang@example.org"
    assert not desk.registrations.exists()


def test_called_off_event_takes_nobody(send, filled):
    desk = make_desk(make_event(is_called_off=True))
    assert send(desk, filled()).status_code == 422


def test_without_an_organiser_production_takes_no_data(desk, client, send, filled, settings):
    settings.INQUIRIES_NEED_HANDLER = True
    assert soup(client.get(form_url(desk))).select_one("[name=email]") is None
    assert send(desk, filled()).status_code == 422
    assert not desk.registrations.exists()
    official = OfficialSettings.for_request(client.get(form_url(desk)).wsgi_request)
    official.organiser, official.organiser_contact = "示例单位", "0355-000"
    official.save()
    assert "示例单位" in client.get(form_url(desk)).content.decode()
    assert send(desk, filled()).status_code == 303


@pytest.mark.parametrize("seconds", [0.2, 24 * 3600 + 5])
def test_too_quick_or_too_old_asks_to_send_again(desk, send, filled, token_of_age, seconds):
    response = send(desk, filled(token=token_of_age(seconds)))
    assert (response.status_code, len(errors(response))) == (422, 1)
    assert value(response, "token")
    assert not desk.registrations.exists()


def test_filled_trap_is_shown_emptied(desk, send, filled):
    response = send(desk, filled(homepage="x"))
    assert (response.status_code, value(response, "homepage")) == (422, "")
    assert not desk.registrations.exists()


def test_rate_limit_keeps_what_was_typed(desk, send, filled, settings):
    settings.REGISTRATIONS_PER_HOUR = 1
    send(desk, filled())
    response = send(desk, filled(email="b@example.org", phone=""))
    assert (response.status_code, value(response, "email")) == (429, "b@example.org")
    other = send(desk, filled(email="b@example.org", phone=""), REMOTE_ADDR="192.0.2.9")
    assert other.status_code == 303


def test_forms_are_counted_whatever_comes_of_them(send, filled, settings):
    settings.REGISTRATIONS_PER_HOUR = 3
    desk = make_desk(capacity=1)
    answers = [
        send(desk, filled(email=f"{name}@example.org", phone="", position=position)).status_code
        # A seat, a place on the waiting list, the same person by another form, one too many.
        for name, position in (("a", "甲"), ("b", "甲"), ("a", "乙"), ("c", "甲"))
    ]
    assert answers == [303, 303, 303, 429]
    assert RateCounter.objects.get().count == 4
    assert desk.registrations.count() == 2


def test_who_was_one_too_many_has_taken_no_seat(send, filled, settings):
    settings.REGISTRATIONS_PER_HOUR = 1
    desk = make_desk(capacity=5)
    for name in ("a", "b", "c"):
        send(desk, filled(email=f"{name}@example.org", phone=""))
    assert SeatPool.objects.get(desk=desk).taken == desk.registrations.count() == 1
    assert RateCounter.objects.get().count == 3


def test_old_cookie_brings_the_form_back_with_all_that_was_typed(desk, filled):
    client = Client(enforce_csrf_checks=True)
    response = client.post(form_url(desk), filled(csrfmiddlewaretoken="old"))
    assert (response.status_code, value(response, "name")) == (403, "王小明")
    again = filled(csrfmiddlewaretoken=value(response, "csrfmiddlewaretoken"))
    assert client.post(form_url(desk), again).status_code == 303


@pytest.mark.parametrize("page_id", [0, 1, 999_999_999, 2**31, 10**30])
def test_no_such_event_is_not_found(client, db, page_id):
    assert client.get(f"/registration/event/{page_id}/").status_code == 404
    assert client.post(f"/registration/event/{page_id}/").status_code == 404


def test_event_that_is_not_public_has_no_form(desk, client, send, filled):
    for page in desk.page.get_translations(inclusive=True):
        page.unpublish()
    assert client.get(form_url(desk)).status_code == 404
    assert send(desk, filled()).status_code == 404
    assert not desk.registrations.exists()


def test_every_language_leads_to_the_same_desk(desk, client):
    english = desk.page.get_translations().get(locale__language_code="en").specific
    page = client.get(f"/en/registration/event/{desk.page_id}/").content.decode()
    assert english.title in page
    assert client.get(f"/en/registration/event/{english.pk}/").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(desk, client, method):
    assert client.generic(method, form_url(desk)).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"name=%00&companions=%ED%A0%80&email=%FF%FE&token=%00",
        b"name=a&name=b&attendance=x&sessions=%00&sessions=1e9&consent_event[]=1",
        b"name=" + b"%E7%8E%8B" * 200_000,
        b"again=1&name=%00&sessions=999999999999999999999",
        b"&" * 20_000,
    ],
)
def test_odd_bodies_are_no_error_of_ours(desk, client, body):
    make_kinds(desk)
    response = client.generic(
        "POST", form_url(desk), body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code in (200, 400, 413, 422)
    assert not desk.registrations.exists()


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAMES = st.sampled_from(
    ["name", "email", "phone", "position", "companions", "attendance", "sessions", "invitation",
     "q_a", "q_b", "q_c", "q_d", "side", "seeks", "chains", "intent", "came_by", "again", "x"]
)  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(NAMES, st.lists(ANY_TEXT, max_size=3)))
def test_good_form_with_odd_parts_is_stored_or_explained(odd_desk, client, filled, settings, odd):
    settings.REGISTRATIONS_PER_HOUR = 0
    response = client.post(form_url(odd_desk), filled() | odd)
    assert response.status_code in (200, 303, 422)


@pytest.fixture
def odd_desk(db):
    desk = make_desk(capacity=None, companions_max=3)
    add_session(desk, "甲场", 0)
    add_question(desk, "a", FieldKind.NUMBER)
    add_question(desk, "b", FieldKind.DATE)
    add_question(desk, "c", FieldKind.CHOICE, choices="甲\n乙")
    add_question(desk, "d", FieldKind.CHOICES, choices="甲\n乙")
    MeetingRound.objects.create(desk=desk)
    InvitationCode.objects.create(desk=desk, code="x")
    return desk
