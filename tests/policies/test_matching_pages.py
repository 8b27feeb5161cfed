"""The visitor's way through matching: steps, result, inquiry; nothing stored, nothing private shown."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from crm.models import Lead
from crm.services import anonymise_lead
from policies.matching.outcome import match
from policies.models import Clause, ClauseTranslation, Condition, PolicyPage
from tests.factories.crm import LeadFactory, UserFactory
from tests.policies.clauses import published

pytestmark = pytest.mark.django_db
STEPS, RESULT, SEND = "/policies/match/", "/policies/match/result/", "/policies/match/send/"
FIT = "place=140404-zone&industry=C27&size=small&has=high_tech&has_all=1"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def fields(response) -> dict[str, list[str]]:
    """name → values of everything that the form of the steps would send, its buttons apart."""
    found: dict[str, list[str]] = {}
    for field in soup(response).select("form.match input, form.match select"):
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            value = chosen["value"] if chosen else ""
        elif field.get("type") in ("checkbox", "radio"):
            value = field.get("value", "on") if field.has_attr("checked") else ""
        else:
            value = field.get("value", "")
        if value:
            found.setdefault(field["name"], []).append(value)
    return found


@pytest.fixture(autouse=True)
def _only_own_clauses(db):
    Clause.objects.all().delete()


@pytest.fixture
def policy(page_at) -> PolicyPage:
    """A document of the district, in force; its English page stands beside it."""
    page = page_at("policies/coal-law")
    PolicyPage.objects.filter(translation_key=page.translation_key).update(
        level="district", place_name="上党区", in_force_until=None
    )
    page.refresh_from_db()
    return page


@pytest.fixture
def award(policy) -> Clause:
    return published(
        policy,
        title="高新技术企业认定奖补",
        support="grant",
        cap=Decimal(20),
        cap_unit="wan_yuan",
        locator="第五条",
        quote="对首次认定的高新技术企业给予一次性奖补。",
        conditions=[
            {"fact": "qualification", "operator": "one_of", "codes": ["high_tech"]},
            {"fact": "industry", "operator": "none_of", "codes": ["J"], "quote": "金融业除外。"},
        ],
    )


# --- the steps --------------------------------------------------------------------------------


@pytest.mark.engine_free
@pytest.mark.parametrize(("prefix", "title"), [("", "地点"), ("/en", "Place")])
def test_the_first_step_asks_for_the_place(client, prefix, title):
    response = client.get(prefix + STEPS)
    page = soup(response)
    assert title in page.select_one("#step-title").get_text()
    assert [f["name"] for f in page.select(".match .field select, .match .field input")] == [
        "place"
    ]
    assert page.select_one('meta[name="robots"]') is None
    assert not response.cookies


@pytest.mark.engine_free
def test_every_step_keeps_what_the_others_know(client):
    answers = FIT + "&founded=2021&staff=30&rd=3&project=upgrade&project_all=1"
    wanted = fields(client.get(f"{STEPS}?{answers}&step=1"))
    assert wanted["has"] == ["high_tech"]
    for step in range(2, 6):
        assert fields(client.get(f"{STEPS}?{answers}&step={step}")) == wanted
    assert soup(client.get(f"{STEPS}?{answers}")).select_one('meta[name="robots"]')


@pytest.mark.engine_free
def test_a_wrong_answer_comes_back_with_what_was_typed(client):
    response = client.get(f"{STEPS}?place=140404&staff=many&founded=2021&step=4")
    page = soup(response)
    assert page.select_one("#step-title .match__count").get_text() == "第 3 步，共 5 步"
    assert page.select_one(".errors li a")["href"] == "#answer-staff"
    assert page.select_one("#answer-staff")["value"] == "many"
    assert fields(response)["place"] == ["140404"]


@pytest.mark.engine_free
def test_going_back_loses_nothing_that_was_typed_wrongly(client):
    response = client.get(f"{STEPS}?staff=many&step=2")
    assert not soup(response).select(".errors")
    assert fields(response)["staff"] == ["many"]


@pytest.mark.engine_free
@pytest.mark.parametrize("step", ["0", "-1", "99", "x", "١", "1" * 50, ""])
def test_any_number_of_a_step_is_some_step(client, step):
    assert client.get(STEPS, {"step": step}).status_code == 200


@pytest.mark.engine_free
def test_the_library_leads_here(client):
    assert soup(client.get("/policies/")).select_one(f'a[href="{STEPS}"]')


# --- the result -------------------------------------------------------------------------------


@pytest.mark.engine_free
def test_what_applies_stands_with_sentence_level_cap_and_period(client, award):
    response = client.get(f"{RESULT}?{FIT}")
    card = soup(response).select_one(".match-group--applies .match-card")
    text = card.get_text(" ", strip=True)
    for words in (
        "高新技术企业认定奖补", "区 · 上党区", "最高 20 万元", "以主管部门审定为准",
        "资质认定：高新技术企业", "对首次认定的高新技术企业给予一次性奖补。", "金融业除外。", "第五条",
    ):  # fmt: skip
        assert words in text
    assert card.select_one("h3 a")["href"] == f"{award.policy.url}#clause-{award.pk}"
    assert not response.cookies
    assert soup(response).select_one('meta[name="robots"]')["content"] == "noindex"


@pytest.mark.engine_free
def test_every_amount_is_followed_by_the_reservation(client, policy):
    for number in range(3):
        published(policy, title=f"条款{number}", cap=Decimal(number + 1), cap_unit="yuan")
    text = soup(client.get(RESULT)).select_one(".match-result").get_text()
    assert (
        len(re.findall(r"最高 \d", text))
        == len(re.findall(r"最高 \d 元\s*以主管部门审定为准", text))
        == 3
    )


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("answers", "group", "words"),
    [
        ("place=140404&has_all=1&industry=C27", "nearly", "还差什么 资质认定：高新技术企业"),
        ("place=140404&industry=C27", "possible", "尚不清楚 资质认定：高新技术企业"),
        ("place=140404&has=high_tech&industry=J66", "not", "不符之处 所属行业不属于：J 金融业"),
        ("place=440300&has=high_tech&industry=C27", "not", "不符之处 所在地：上党区"),
    ],
)
def test_each_other_verdict_says_why(client, award, answers, group, words):
    page = soup(client.get(f"{RESULT}?{answers}"))
    (card,) = page.select(".match-card")
    assert card.find_parent("section")["aria-labelledby"] == f"group-{group}"
    assert words in card.get_text(" ", strip=True)


@pytest.mark.engine_free
def test_conditions_in_words_are_for_the_reader_to_check(client, policy):
    published(policy, title="条款", requirements="经营状况良好。")
    text = (
        soup(client.get(f"{RESULT}?place=140404")).select_one(".match-group--possible").get_text()
    )
    assert "请自行核对" in text
    assert "经营状况良好。" in text


@pytest.mark.engine_free
def test_clauses_that_exclude_each_other_or_overlap_point_at_each_other(client, award, page_at):
    rule = {"fact": "qualification", "operator": "one_of", "codes": ["high_tech"]}
    nation = page_at("policies/company-law")
    other = published(nation, title="国家级同类奖补", support="grant", conditions=[rule])
    third = published(
        nation, title="国家级贴息", support="interest", exclusive_group="甲", conditions=[rule]
    )
    fourth = published(
        nation, title="国家级担保", support="finance", exclusive_group="甲", conditions=[rule]
    )
    beside = {
        card.select_one("h3").get_text(): card.select_one(".match-card__beside")
        for card in soup(client.get(f"{RESULT}?{FIT}")).select(".match-card")
    }
    assert beside[award.title].a["href"].endswith(f"#clause-{other.pk}")
    assert "能否同时享受" in beside[other.title].get_text()
    assert "以下择一申报" in beside[third.title].get_text()
    assert beside[third.title].a["href"].endswith(f"#clause-{fourth.pk}")


def test_all_levels_that_contain_the_place_are_counted(client, award):
    rows = soup(client.get(f"{RESULT}?{FIT}")).select(".match-levels tbody tr")
    cells = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in rows]
    assert cells == [
        ["园区 上党经济技术开发区", "0", "0", "0"],
        ["区 上党区", "1", "0", "0"],
        ["市 长治市", "0", "0", "0"],
        ["省 山西省", "0", "0", "0"],
        ["国家 中国", "0", "0", "0"],
    ]


@pytest.mark.engine_free
def test_a_single_answer_is_changed_where_it_stands(client, award):
    page = soup(client.get(f"{RESULT}?place=140404&industry=C27"))
    asked = page.select_one(".match-answers form")
    assert {f["name"] for f in asked.select(".field input")} == {"has", "has_all"}
    assert {(f["name"], f["value"]) for f in asked.select('[type="hidden"]')} == {
        ("place", "140404"),
        ("industry", "C27"),
    }
    place = page.select_one("#answer-place").find_parent("form")
    assert [(f["name"], f["value"]) for f in place.select('[type="hidden"]')] == [
        ("industry", "C27")
    ]
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.engine_free
def test_what_the_address_says_wrongly_is_told_and_left_out(client, award):
    page = soup(client.get(f"{RESULT}?place=moon&staff=many&industry=C27&has=high_tech"))
    told = page.select_one(".notice").get_text(" ", strip=True)
    assert "moon" in told
    assert "职工人数" in told
    assert (
        page.select_one(".address")
        .get_text(strip=True)
        .endswith("/policies/match/result/?industry=C27&has=high_tech")
    )


@pytest.mark.parametrize(
    "query",
    [
        "place=%00&staff=%00&has=%00",
        "place=%ED%A0%80&founded=%ED%A0%80",
        "staff=" + "9" * 500,
        "revenue=1e999&rd=NaN",
        "founded=99999-99-99",
        "&".join("has=x" for _ in range(300)),
        "only=moon&page=x",
        "only=not&page=99999999999999999999",
    ],
)
def test_no_address_breaks_a_page(client, award, query):
    for address in (STEPS, RESULT, SEND):
        assert client.get(f"{address}?{query}").status_code in (200, 400)


@pytest.mark.engine_free
def test_long_groups_are_cut_and_shown_whole_in_pages(client, policy):
    for number in range(32):
        published(policy, title=f"条款{number}", support="service")
    page = soup(client.get(f"{RESULT}?place=140404"))
    assert len(page.select(".match-group--possible .match-card")) == 8
    rest = page.select_one(".match-group--possible > p > a")["href"]
    whole = soup(client.get(rest))
    assert len(whole.select(".match-card")) == 30
    assert len(whole.select(".match-group")) == 1
    assert len(soup(client.get(f"{rest}&page=2")).select(".match-card")) == 2


@pytest.mark.engine_free
def test_english_readers_get_translated_words_and_pages(client, award):
    words = {"title": "Award for high-tech enterprises", "audience": "All", "offer": "An award"}
    ClauseTranslation.objects.create(clause=award, language="en", **words)
    award = published(award)
    card = soup(client.get(f"/en{RESULT}?{FIT}")).select_one(".match-card")
    text = card.get_text(" ", strip=True)
    assert "Award for high-tech enterprises" in text
    assert "At most 200,000 yuan subject to the decision of the competent authority" in text
    english = award.policy.get_translations().get(locale__language_code="en")
    assert card.select_one("h3 a")["href"] == f"{english.url}#clause-{award.pk}"
    assert card.select_one("blockquote")["lang"] == "zh-Hans"


def test_drafts_and_clauses_of_closed_policies_are_nowhere(client, award):
    Clause.objects.create(policy=award.policy, title="草稿条款", support="grant")
    assert "草稿条款" not in client.get(RESULT).content.decode()
    assert "高新技术企业认定奖补" in client.get(RESULT).content.decode()
    PageViewRestriction.objects.create(page=award.policy, restriction_type="login")
    assert "高新技术企业认定奖补" not in client.get(RESULT).content.decode()


def test_what_is_changed_while_it_is_matched_is_not_shown(client, award, monkeypatch):
    def change_meanwhile(*given):
        Clause.objects.filter(pk=award.pk).update(offer="没有人审过的新内容")
        return match(*given)

    monkeypatch.setattr("policies.matching.views.match", change_meanwhile)
    assert "没有人审过的新内容" not in client.get(f"{RESULT}?{FIT}").content.decode()


def test_what_is_remembered_of_a_clause_is_never_out_of_date(client, award):
    def group():
        card = soup(client.get(f"{RESULT}?{FIT}")).select_one(".match-card")
        return card.find_parent("section")["aria-labelledby"] if card else ""

    assert group() == "group-applies"
    Condition.objects.filter(clause=award, fact="industry").update(codes=["C"])
    assert group() == ""  # changed past the gate: not shown at all
    published(award)
    assert group() == "group-not"
    Condition.objects.filter(clause=award, fact="industry").delete()
    published(award)
    assert group() == "group-applies"
    PolicyPage.objects.filter(pk=award.policy_id).update(place_name="深圳市", level="city")
    assert group() == "group-not"


@pytest.mark.engine_free
def test_a_window_that_shut_is_no_chance(client, policy):
    yesterday = timezone.localdate() - timedelta(days=1)
    published(policy, title="条款", closes_on=yesterday)
    card = soup(client.get(f"{RESULT}?place=140404")).select_one(".match-group--not .match-card")
    assert "申报已截止" in card.select_one(".match-card__why--barred").get_text()


def test_as_many_queries_for_many_clauses_as_for_one(client, award):
    def number(address):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    one = number(f"/en{RESULT}?{FIT}")
    for row in range(5):
        rule = {"fact": "staff", "operator": "at_least", "low": Decimal(row), "quote": "原文。"}
        published(award.policy, title=f"条款{row}", exclusive_group="甲", conditions=[rule])
    assert number(f"/en{RESULT}?{FIT}") == one <= 15
    assert number(STEPS) <= 15


# --- as an inquiry ----------------------------------------------------------------------------


def posted(client, **changes):
    """The inquiry form of the page after FIT, sent with `changes`."""
    page = soup(client.get(f"{SEND}?{FIT}"))
    values = {
        field["name"]: field.get_text().lstrip("\n")
        if field.name == "textarea"
        else field.get("value", "")
        for field in page.select(".inquiry input, .inquiry textarea, .inquiry select")
    }
    values |= {
        "name": "张三",
        "email": "zhang@example.org",
        "consent_processing": "on",
        "consent_sharing": "",
    }
    return client.post("/inquiry/submit/", values | changes)


@pytest.fixture(autouse=True)
def _patient_form(settings):
    settings.INQUIRY_MIN_SECONDS = -1


def test_the_answers_arrive_with_the_lead_and_the_officer_sees_them(client):
    Lead.objects.all().delete()
    assert posted(client).status_code == 303
    lead = Lead.objects.get()
    assert "主营行业：C27 医药制造业" in lead.attached
    assert f"{RESULT}?place=140404-zone&industry=C27" in lead.attached
    assert lead.source_title == "政策"
    client.force_login(UserFactory(username="officer", role="CRM officers"))
    shown = client.get(reverse("leads:detail", args=[lead.pk])).content.decode()
    assert "C27 医药制造业" in shown


@pytest.mark.engine_free
def test_the_visitor_may_leave_the_answers_away(client):
    Lead.objects.all().delete()
    assert posted(client, attached="").status_code == 303
    assert Lead.objects.get().attached == ""


@pytest.mark.engine_free
def test_the_answers_stay_in_a_form_that_comes_back(client):
    response = posted(client, name="")
    assert response.status_code == 422
    assert "C27 医药制造业" in soup(response).select_one("[name=attached]").get_text()
    assert posted(client, attached="长" * 2001).status_code == 422


@pytest.mark.engine_free
def test_other_inquiries_have_no_such_field(client):
    assert soup(client.get("/inquiry/")).select_one("[name=attached]") is None
    assert soup(client.get(SEND)).select_one("[name=attached]") is None


def test_the_answers_are_erased_with_the_personal_data(db):
    lead = LeadFactory(attached="主营行业：C27 医药制造业")
    assert anonymise_lead(lead=lead).attached == ""


def test_conditions_are_stored_as_the_editor_cleaned_them(award):
    assert list(Condition.objects.filter(clause=award).values_list("codes", flat=True)) == [
        ["high_tech"],
        ["J"],
    ]
