"""What a visitor sees: the form on its page and in others, and the status behind the signed link."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from base.models import OfficialSettings
from crm.models import InquiryPage, Lead
from crm.status_link import make_token, status_path
from tests.factories.crm import ConsentFactory, LeadFactory

pytestmark = pytest.mark.django_db
FIELDS = [
    "name",
    "organisation_name",
    "phone",
    "email",
    "region",
    "chain",
    "scale_min",
    "scale_max",
    "currency",
    "site_need",
    "message",
    "consent_processing",
    "consent_sharing",
]


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize(
    ("path", "word"), [("/inquiry/", "送出"), ("/en/inquiry/", "Send the inquiry")]
)
def test_form_page_stands_in_both_languages(client, path, word):
    response = client.get(path)
    assert response.status_code == 200
    page = soup(response)
    form = page.select_one("form.form")
    assert form["method"] == "post"
    assert [n for n in FIELDS if not form.select(f"[name={n}]")] == []
    assert form.select_one("button").get_text(strip=True) == word
    assert not page.select(".errors")
    # A label for every field, and no box ticked.
    for field in form.select("input:not([type=hidden]), select, textarea"):
        assert form.select(f"label[for={field['id']}]")
    assert not form.select("[checked]")
    assert not form.select("[style], [onclick], script, style")


def test_notice_tells_what_the_law_wants_told(client, home):
    official = OfficialSettings.for_site(home.get_site())
    official.organiser, official.organiser_contact = "示例主办单位", "0355-0000000"
    official.save()
    text = soup(client.get("/inquiry/")).select_one(".consent").get_text()
    for part in (
        "示例主办单位",
        "0355-0000000",
        "答复您的咨询",
        "不出售",
        "不收集证件号码",
        "撤回",
        "最迟",
    ):
        assert part in text
    link = soup(client.get("/en/inquiry/")).select_one(".consent a")["href"]
    assert link == "/en/privacy/"
    assert client.get(link).status_code == 200


def test_hints_in_the_address_prefill_the_form(client, page_at):
    source = page_at("invest/industries/solar")
    page = soup(client.get("/inquiry/", {"source": source.pk, "chain": "coal"}))
    assert page.select_one("[name=source]")["value"] == str(source.pk)
    assert page.select_one("[name=chain] [selected]")["value"] == "coal"
    odd = soup(client.get("/inquiry/", {"source": "x<script>", "chain": "gold"}))
    assert odd.select_one("[name=source]")["value"] != "x<script>"
    assert odd.select_one("[name=chain] [selected]")["value"] == ""


def render(page, request=None) -> BeautifulSoup:
    context = {
        "request": request or RequestFactory().get("/"),
        "page": page,
        "csrf_token": "t" * 64,
    }
    tag = "{% load inquiry_tags %}{% inquiry_form page heading='问这里' %}"
    return BeautifulSoup(Template(tag).render(Context(context)), "html.parser")


def test_embedded_form_knows_its_page(page_at):
    page = page_at("invest/industries/solar")
    section = render(page)
    assert section.select_one("h2").get_text() == "问这里"
    assert section.select_one("[name=source]")["value"] == str(page.pk)
    assert section.select_one("[name=chain] [selected]")["value"] == page.chain
    assert section.select_one("form")["action"].startswith("/inquiry/submit/")


def test_embedded_form_costs_one_query(page_at):
    page, request = page_at("invest/industries/solar"), RequestFactory().get("/")
    render(page, request)  # the frame of a page has asked for the site and its details already
    with CaptureQueriesContext(connection) as queries:
        render(page, request)
    assert len(queries) == 1, [q["sql"] for q in queries]


def test_inquiry_page_stands_alone(home):
    assert InquiryPage.allowed_subpage_models() == []
    assert InquiryPage.max_count_per_parent == 1


@pytest.fixture
def stored(db):
    lead = LeadFactory(
        organisation_name="示例机械有限公司", message="想看看", chain="solar", scale_min=3000
    )
    ConsentFactory(lead=lead)
    ConsentFactory(lead=lead, kind="sharing")
    return lead


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_status_shows_the_state_and_masks_the_person(client, stored, language):
    response = client.get(status_path(stored.public_id, language))
    text = soup(response).get_text()
    assert stored.reference in text
    assert "示例机械有限公司" in text
    for secret in (stored.name, stored.phone, stored.email):
        assert secret not in response.content.decode()
    assert {"zh-hans": "已收到您的咨询", "en": "We have your inquiry"}[language] in text


def test_status_is_kept_by_nobody(client, stored):
    response = client.get(status_path(stored.public_id))
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.engine_free
@pytest.mark.parametrize("stage", Lead.Stage.values)
def test_every_stage_has_words_for_the_public(client, stored, stage):
    Lead.objects.filter(pk=stored.pk).update(stage=stage)
    page = soup(client.get(status_path(stored.public_id)))
    assert page.select_one(".receipt h2").get_text(strip=True)


@pytest.mark.engine_free
@pytest.mark.parametrize("token", ["x", "a~b", "%00", "%ED%A0%80", "..", "a" * 5000])
def test_status_of_a_made_up_link_is_not_found(client, stored, token):
    for path in (f"/inquiry/status/{token}/", f"/inquiry/status/{token}/withdraw/processing/"):
        assert client.get(path).status_code in (400, 404, 405)
        assert client.post(path).status_code in (400, 404, 405)


def test_link_of_a_lead_that_is_gone_is_not_found(client, stored):
    path = status_path(stored.public_id)
    stored.delete()
    assert client.get(path).status_code == 404


def withdraw_path(lead, kind) -> str:
    return reverse("crm:withdraw", args=[make_token(lead.public_id), kind])


def test_consent_is_withdrawn_by_a_form_of_the_page(stored):
    client = Client(enforce_csrf_checks=True)
    page = soup(client.get(status_path(stored.public_id)))
    (processing, sharing) = page.select("form[action*=withdraw]")
    fields = {"csrfmiddlewaretoken": sharing.select_one("[name=csrfmiddlewaretoken]")["value"]}
    response = client.post(sharing["action"], fields)
    assert response.status_code == 303
    shown = soup(client.get(response["Location"]))
    assert "这项同意已撤回" in shown.get_text()
    assert len(shown.select("form[action*=withdraw]")) == 1

    response = client.post(processing["action"], fields)
    shown = soup(client.get(response["Location"]))
    assert not shown.select("form[action*=withdraw]")
    assert "示例机械有限公司" not in shown.get_text()
    stored.refresh_from_db()
    assert stored.is_anonymised


def test_withdrawing_twice_is_no_error(client, stored):
    path = withdraw_path(stored, "processing")
    assert client.post(path).status_code == 303
    again = client.post(path)
    assert again.status_code == 303
    assert "withdrawn=" not in again["Location"]


def test_withdrawing_needs_the_form_and_a_known_kind(stored, client):
    assert client.get(withdraw_path(stored, "processing")).status_code == 405
    assert client.post(withdraw_path(stored, "everything")).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(withdraw_path(stored, "processing")).status_code == 403
    stored.refresh_from_db()
    assert not stored.is_anonymised
