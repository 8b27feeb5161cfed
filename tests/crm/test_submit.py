"""The one address that inquiries are posted to: stored, or shown again with all that was typed."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.forms import InquiryForm
from crm.models import Delivery, Lead, RateCounter

pytestmark = pytest.mark.django_db
SUBMIT = "/inquiry/submit/"


@pytest.fixture
def real():
    """The leads that no loader made."""
    return Lead.objects.filter(is_sample=False)


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def errors(response) -> list[str]:
    return [link.get_text() for link in soup(response).select(".errors li")]


def value(response, name: str) -> str:
    field = soup(response).select_one(f"[name={name}]")
    return field.get_text().lstrip("\n") if field.name == "textarea" else field.get("value", "")


@pytest.mark.parametrize(("prefix", "language"), [("", "zh-hans"), ("/en", "en")])
def test_inquiry_is_stored_and_answered_with_its_link(client, inquiry, real, prefix, language):
    response = client.post(prefix + SUBMIT, inquiry(), REMOTE_ADDR="192.0.2.8")
    assert response.status_code == 303
    lead = real.get()
    assert response["Location"].startswith(f"{prefix}/inquiry/status/")
    assert lead.language == language
    assert lead.consents.get().text.language == language
    assert lead.reference in client.get(response["Location"]).content.decode()


def test_page_the_form_stood_on_is_noted(client, inquiry, real, page_at):
    source = page_at("invest/industries/solar")
    client.post(SUBMIT, inquiry(source=str(source.pk)))
    lead = real.get()
    assert (lead.source_page_id, lead.source_title) == (source.pk, source.title)
    assert lead.source_url == source.url


@pytest.mark.parametrize("source", ["999999999", "1", "-1", "0", "9" * 12, "x", "１２"])
def test_wrong_source_is_no_fault_of_the_visitor(client, inquiry, real, source):
    assert client.post(SUBMIT, inquiry(source=source)).status_code == 303
    assert real.get().source_page is None


def test_page_that_is_not_public_is_not_noted(client, inquiry, real, page_at):
    source = page_at("invest/industries/solar")
    source.unpublish()
    client.post(SUBMIT, inquiry(source=str(source.pk)))
    assert real.get().source_title == ""


def test_faults_are_listed_linked_and_described(client, inquiry, real):
    response = client.post(SUBMIT, inquiry(name="", phone="1380013800", consent_processing=""))
    assert response.status_code == 422
    page = soup(response)
    summary = page.select_one(".errors")
    assert (summary["role"], summary["tabindex"], summary["id"]) == ("alert", "-1", "errors")
    links = [a["href"] for a in summary.select("a")]
    assert links == ["#inquiry-name", "#inquiry-phone", "#inquiry-consent_processing"]
    for link in links:
        field = page.select_one(link)
        assert field["aria-invalid"] == "true"
        described = field["aria-describedby"].split()
        assert page.find(id=described[-1]).get_text(strip=True)
    assert page.select_one("form.form")["action"] == f"{SUBMIT}#errors"
    assert not real.exists()


def test_everything_typed_is_kept(client, inquiry):
    typed = inquiry(name="", message='<b>"引号"</b>\n第二行', consent_sharing="on")
    response = client.post(SUBMIT, typed)
    for name in ("phone", "email", "organisation_name", "scale_min", "message", "site_need"):
        assert value(response, name) == typed[name]
    page = soup(response)
    assert page.select_one("[name=chain] [selected]")["value"] == "equipment"
    assert page.select_one("[name=region] [selected]")["value"] == "CN-GD"
    assert page.select_one("[name=consent_sharing]").has_attr("checked")
    assert value(response, "token") == typed["token"]


def test_english_form_complains_in_english(client, inquiry):
    response = client.post("/en" + SUBMIT, inquiry(name=""))
    assert any("Write your name" in e for e in errors(response))


def test_mended_form_goes_through(client, inquiry, real):
    response = client.post(SUBMIT, inquiry(name=""))
    again = client.post(SUBMIT, inquiry(token=value(response, "token")))
    assert again.status_code == 303
    assert real.count() == 1


def test_filled_trap_is_shown_emptied(client, inquiry, real):
    response = client.post(SUBMIT, inquiry(homepage="x"))
    assert response.status_code == 422
    assert value(response, "homepage") == ""
    assert value(response, "message") == "想看厂房"
    assert not real.exists()


def test_trap_is_out_of_the_way_of_people(client):
    trap = soup(client.get("/inquiry/")).select_one("[name=homepage]")
    assert trap["tabindex"] == "-1"
    assert trap["autocomplete"] == "off"
    assert trap.find_parent(attrs={"aria-hidden": "true"})


@pytest.mark.parametrize("seconds", [0.2, 24 * 3600 + 5])
def test_too_quick_or_too_old_asks_to_send_again(client, inquiry, real, token_of_age, seconds):
    response = client.post(SUBMIT, inquiry(token=token_of_age(seconds)))
    assert response.status_code == 422
    assert len(errors(response)) == 1
    assert value(response, "message") == "想看厂房"
    assert value(response, "token")
    assert not real.exists()


@pytest.mark.parametrize("token", ["", "made:up:token", "x" * 5000, "\x00"])
def test_token_that_is_not_ours_is_replaced(client, inquiry, real, settings, token):
    response = client.post(SUBMIT, inquiry(token=token))
    assert response.status_code == 422
    settings.INQUIRY_MIN_SECONDS = -1  # the visitor sends again, some seconds later
    again = client.post(SUBMIT, inquiry(token=value(response, "token")))
    assert again.status_code == 303
    assert real.count() == 1


def test_the_same_form_sent_twice_is_one_lead(client, inquiry, real):
    first = client.post(SUBMIT, inquiry())
    second = client.post(SUBMIT, inquiry())
    assert second["Location"] == first["Location"]
    assert real.count() == 1
    assert RateCounter.objects.get().count == 1


def test_the_same_token_with_other_words_is_another_lead(client, inquiry, real):
    """A cached page may hand one token to two people; they must not see each other's inquiry."""
    first = client.post(SUBMIT, inquiry())
    second = client.post(SUBMIT, inquiry(name="李四", email="li@example.org"))
    assert second["Location"] != first["Location"]
    assert real.count() == 2


def test_rate_limit_keeps_what_was_typed(client, inquiry, real, settings, token_of_age):
    settings.INQUIRIES_PER_HOUR = 2
    for n in range(2):
        client.post(SUBMIT, inquiry(message=f"no. {n}"))
    response = client.post(SUBMIT, inquiry(message="no. 3"))
    assert response.status_code == 429
    assert value(response, "message") == "no. 3"
    assert len(errors(response)) == 1
    assert client.post(SUBMIT, inquiry(message="no. 4"), REMOTE_ADDR="192.0.2.9").status_code == 303


def test_forms_with_faults_do_not_count(client, inquiry, settings):
    settings.INQUIRIES_PER_HOUR = 1
    for _ in range(3):
        client.post(SUBMIT, inquiry(name=""))
    assert client.post(SUBMIT, inquiry()).status_code == 303


def test_getting_the_address_leads_to_the_form(client, page_at):
    assert client.get(SUBMIT)["Location"] == page_at("inquiry").url
    assert client.get("/en" + SUBMIT)["Location"] == page_at("inquiry", "en").url
    assert client.head(SUBMIT).status_code == 302


def test_form_works_without_an_inquiry_page(client, inquiry, page_at):
    page_at("inquiry").unpublish()
    response = client.post(SUBMIT, inquiry(name=""))
    assert response.status_code == 422
    assert value(response, "message") == "想看厂房"
    assert client.get(SUBMIT).status_code == 302


def test_mail_that_fails_is_not_the_visitors_concern(
    client, inquiry, real, settings, django_capture_on_commit_callbacks
):
    settings.LEAD_NOTIFY_EMAILS = ["desk@example.org"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(SUBMIT, inquiry())
    assert response.status_code == 303
    assert mail.outbox == []
    assert {d.status for d in real.get().deliveries.all()} == {Delivery.Status.PENDING}


def test_old_cookie_brings_the_form_back_with_all_that_was_typed(inquiry, real):
    client = Client(enforce_csrf_checks=True)
    response = client.post(SUBMIT, inquiry(csrfmiddlewaretoken="old"))
    assert response.status_code == 403
    assert value(response, "message") == "想看厂房"
    assert value(response, "name") == "王小明"
    assert len(errors(response)) == 1
    assert not real.exists()
    again = client.post(SUBMIT, inquiry(csrfmiddlewaretoken=value(response, "csrfmiddlewaretoken")))
    assert again.status_code == 303


def test_old_cookie_elsewhere_gets_the_plain_refusal():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "表单" in response.content.decode()
    assert client.post("/nowhere/at/all/").status_code in (403, 404)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"name=%00&message=%ED%A0%80&email=%FF%FE", "application/x-www-form-urlencoded"),
        (b"name=a&name=b&name=c&consent_processing[]=1", "application/x-www-form-urlencoded"),
        (b"name=" + b"%E7%8E%8B" * 200_000, "application/x-www-form-urlencoded"),
        (b"&" * 20_000, "application/x-www-form-urlencoded"),
        (b"a=1&" * 12_000, "application/x-www-form-urlencoded"),
        (b'{"name": ["x"]}', "application/json"),
        (b"\xff\xfe\x00", "text/plain; charset=utf-16"),
        (b"name=+2AA-", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"broken", "multipart/form-data"),
        (b"broken", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="name"; filename="a.exe"\r\n'
            b"Content-Type: application/x\r\n\r\nMZ\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n+2AA-\r\n--x--\r\n',
            "multipart/form-data; boundary=x; charset=utf-7",
        ),
    ],
)
def test_odd_bodies_are_refused_in_words(client, real, body, content_type):
    response = client.generic("POST", SUBMIT, body, content_type=content_type)
    assert response.status_code in (400, 413, 422)
    assert not real.exists()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_lead_to_the_form(client, method):
    assert client.generic(method, SUBMIT).status_code < 500


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from([*InquiryForm.base_fields, "x"]), st.lists(ANY_TEXT)))
def test_odd_input_is_never_an_error_of_ours(client, values):
    response = client.post(SUBMIT, values)
    assert response.status_code in (303, 422)
    if response.status_code == 422:
        assert re.search(r'class="errors"', response.content.decode())


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from(sorted({*InquiryForm.base_fields} - {"token", "consent_processing"})),
        ANY_TEXT,
    )
)
def test_good_form_with_odd_parts_is_stored_or_explained(client, inquiry, settings, values):
    settings.INQUIRIES_PER_HOUR = 0
    response = client.post(SUBMIT, inquiry(**values))
    assert response.status_code in (303, 422)
