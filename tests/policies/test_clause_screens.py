"""Clauses on screens: the desk in the admin, the policy's page, the list of all."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies.clauses.digest import digest_of
from policies.models import Clause, ClauseLog, ClauseTranslation, GateWord
from policies.services.clauses import publish_clause
from tests.factories.clauses import evidence, make_clause, public_clause, seal

pytestmark = pytest.mark.django_db

ADMIN, WORDS, REPORT = "/admin/clauses/", "/admin/gate-words/", "/admin/reports/clause-overrides/"
LIST = "/policy-clauses/"
REASON = "经核对，用语指服务流程，不是承诺"


@pytest.fixture
def policy(page_at):
    return page_at("policies/coal-law")


@pytest.fixture
def as_member(client, make_user):
    def log_in(role: str):
        client.force_login(make_user(role))
        return client

    return log_in


def form_of(policy, **fields) -> dict:
    data = {
        "policy": policy.pk, "title": "检测费用补助", "support": "grant", "sort_order": 0,
        "audience": "依法登记的各类企业", "offer": "按实际费用的百分之三十给予补助",
        **evidence(),
    } | fields  # fmt: skip
    for prefix in ("translations", "conditions"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0} | {
            name: value for name, value in fields.items() if name.startswith(prefix)
        }
    return {name: value for name, value in data.items() if value is not None}


# --- The admin ----------------------------------------------------------------------------


@pytest.mark.engine_free
def test_an_editor_writes_a_clause_and_cannot_publish_it(as_member, policy):
    client = as_member("Editors")
    form = client.get(f"{ADMIN}new/", {"policy": policy.pk})
    assert policy.title in form.content.decode()
    answer = client.post(
        f"{ADMIN}new/",
        form_of(
            policy,
            **{
                "translations-TOTAL_FORMS": 1,
                "translations-0-language": "en",
                "translations-0-title": "Support for testing",
            },
        ),
    )
    assert answer.status_code == 302
    clause = Clause.objects.get(title="检测费用补助")
    assert clause.state == "draft"
    assert clause.translations.get().title == "Support for testing"
    for address in (f"{ADMIN}publish/{clause.pk}/", f"{ADMIN}withdraw/{clause.pk}/"):
        assert client.get(address).status_code in (302, 403)
        assert client.post(address, {"reason": REASON}).status_code in (302, 403)
    assert client.post(f"{ADMIN}delete/{clause.pk}/").status_code in (302, 403)
    clause.refresh_from_db()
    assert clause.state == "draft"
    page = client.get(f"{ADMIN}inspect/{clause.pk}/").content.decode()
    assert f"{ADMIN}publish/{clause.pk}/" not in page


@pytest.mark.engine_free
@pytest.mark.parametrize("role", ["CRM officers", "CRM managers"])
def test_others_see_nothing_of_the_desk(as_member, policy, role):
    clause, client = make_clause(policy), as_member(role)
    for address in (ADMIN, f"{ADMIN}edit/{clause.pk}/", f"{ADMIN}inspect/{clause.pk}/",
                    f"{ADMIN}publish/{clause.pk}/", WORDS, REPORT):  # fmt: skip
        response = client.get(address)
        assert response.status_code in (302, 403), address


@pytest.mark.engine_free
def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(as_member, policy):
    client = as_member("Editors")
    answer = client.post(
        f"{ADMIN}new/", form_of(policy, title="写了一半的条款", cap="9" * 40, closes_on="二月三十")
    )
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"cap", "closes_on"}
    assert "写了一半的条款" in answer.content.decode()
    answer = client.post(f"{ADMIN}new/", form_of(policy, cap="5"))
    assert set(answer.context["form"].errors) == {"cap_unit"}
    answer = client.post(f"{ADMIN}new/", form_of(policy, offer="a\0b"))
    assert answer.status_code in (200, 400)
    assert not Clause.objects.filter(title__in=["写了一半的条款", "检测费用补助"]).exists()


@pytest.mark.engine_free
def test_the_checklist_names_the_rule_of_what_is_missing(as_member, policy):
    clause = make_clause(policy, review="", offer="零地价供地")
    client = as_member("Publishers")
    page = client.get(f"{ADMIN}inspect/{clause.pk}/").content.decode()
    assert "公平竞争审查条例第十八条" in page
    assert "零地价" in page and "土地管理法第五十五条" in page
    # No button for what would be refused.
    page = client.get(f"{ADMIN}publish/{clause.pk}/").content.decode()
    assert "<textarea" not in page and 'name="seen"' not in page


@pytest.mark.engine_free
def test_a_publisher_overrides_a_warning_and_the_report_shows_it(as_member, policy):
    clause, client = make_clause(policy, offer="确保一次告知材料"), as_member("Publishers")
    address = f"{ADMIN}publish/{clause.pk}/"
    seen = re.search(r'name="seen" value="(\w{64})"', client.get(address).content.decode())[1]
    answer = client.post(address, {"seen": seen, "reason": "短"})
    assert answer.status_code == 422 and "短" in answer.content.decode()
    answer = client.post(address, {"seen": seen, "reason": REASON})
    assert (answer.status_code, answer["Location"]) == (302, f"{ADMIN}inspect/{clause.pk}/")
    assert Clause.objects.public().filter(pk=clause.pk).exists()
    report = client.get(REPORT).content.decode()
    assert REASON in report and "确保" in report
    table = client.get(REPORT, {"export": "csv"})
    assert REASON in b"".join(table.streaming_content).decode()


@pytest.mark.engine_free
def test_what_changed_meanwhile_is_not_published(as_member, policy):
    clause, client = make_clause(policy), as_member("Publishers")
    seen = digest_of(clause)
    Clause.objects.filter(pk=clause.pk).update(offer="按实际费用的一半给予补助")
    answer = client.post(f"{ADMIN}publish/{clause.pk}/", {"seen": seen, "reason": ""})
    assert answer.status_code == 422
    # The form that comes back is bound to what it shows now.
    assert f'value="{digest_of(clause)}"' in answer.content.decode()
    assert not ClauseLog.objects.filter(clause=clause).exists()


@pytest.mark.engine_free
def test_saving_a_change_takes_a_published_clause_away(as_member, policy):
    clause, client = public_clause(policy), as_member("Editors")
    address = f"{ADMIN}edit/{clause.pk}/"
    assert "help-warning" in client.get(address).content.decode()
    same = form_of(policy, title=clause.title, offer=clause.offer)
    assert client.post(address, same).status_code == 302
    assert Clause.objects.public().filter(pk=clause.pk).exists()
    assert client.post(address, same | {"offer": "零地价"}).status_code == 302
    clause.refresh_from_db()
    assert clause.state == "draft"
    assert clause.log.first().action == "changed"


@pytest.mark.engine_free
def test_a_publisher_withdraws_and_deletes(as_member, policy):
    clause, client = public_clause(policy), as_member("Publishers")
    address = f"{ADMIN}withdraw/{clause.pk}/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": REASON}).status_code == 302
    clause.refresh_from_db()
    assert clause.state == "withdrawn"
    assert client.post(f"{ADMIN}delete/{clause.pk}/").status_code == 302
    assert ClauseLog.objects.filter(title=clause.title, action="deleted").exists()
    assert client.get(f"{ADMIN}inspect/{clause.pk}/").status_code == 404
    assert client.post(address, {"reason": REASON}).status_code == 404


def test_the_list_is_filtered(as_member, policy):
    client, today = as_member("Publishers"), timezone.localdate()
    named = {
        "refused": make_clause(policy, review="", title="甲条款"),
        "warned": make_clause(policy, offer="前两年免租", title="乙条款"),
        "clear": make_clause(policy, title="丙条款", ends_on=today + timedelta(days=20)),
        "broken": public_clause(policy, title="丁条款"),
    }
    Clause.objects.filter(pk=named["broken"].pk).update(offer="改过的")

    def titles(**filters) -> set[str]:
        rows = client.get(ADMIN, filters).context["object_list"]
        return {row.title for row in rows if row.policy_id == policy.pk}

    assert titles(gate="refused") == {"甲条款"}
    assert titles(gate="warned") == {"乙条款"}
    assert titles(gate="clear") == {"丙条款", "丁条款"}
    assert titles(gate="broken") == {"丁条款"}
    assert titles(ends="30") == {"丙条款"}
    assert titles(ends="past") == set()
    assert titles(policy=policy.pk, state="draft") == {"甲条款", "乙条款", "丙条款"}
    assert titles(support="loan", state="x", policy="99999999999999999999") != set()


@pytest.mark.engine_free
def test_the_policys_own_screen_leads_to_its_clauses(as_member, policy):
    make_clause(policy)
    screen = as_member("Publishers").get(f"/admin/pages/{policy.pk}/edit/").content.decode()
    assert f"{ADMIN}?policy={policy.pk}" in screen
    assert "本政策的条款：1 条" in screen


@pytest.mark.engine_free
def test_only_publishers_keep_the_word_list(as_member):
    client = as_member("Editors")
    word = GateWord.objects.get(phrase="零地价")
    assert client.get(f"{WORDS}inspect/{word.pk}/").status_code == 200
    assert client.get(f"{WORDS}edit/{word.pk}/").status_code in (302, 403)
    assert client.get(f"{WORDS}new/").status_code in (302, 403)
    client = as_member("Publishers")
    new = {"phrase": "包落地", "severity": "warn", "place": "everywhere", "rule": "本站规则"}
    assert client.post(f"{WORDS}new/", new).status_code == 302
    answer = client.post(f"{WORDS}new/", new | {"phrase": "……"})
    assert set(answer.context["form"].errors) == {"phrase"}
    assert client.post(f"{WORDS}delete/{word.pk}/").status_code == 302
    word.refresh_from_db()
    assert not word.active


# --- The public ---------------------------------------------------------------------------


@pytest.mark.engine_free
def test_the_policy_page_shows_its_clauses_in_both_languages(client):
    page = client.get("/policies/sample-support-measures/").content.decode()
    clause = Clause.objects.get(support="interest", is_sample=True)
    assert f'id="clause-{clause.pk}"' in page
    assert page.count("以主管部门审定为准") == sum(
        c.cap is not None for c in Clause.objects.public().filter(is_sample=True)
    )
    assert "20 万元" in page and "示例审查机关" in page and clause.quote in page
    assert "公平竞争审查不会放行的写法" not in page
    english = client.get("/en/policies/sample-support-measures/").content.decode()
    assert "Interest subsidy for new equipment (sample)" in english
    assert "200,000 yuan" in english
    assert "subject to the decision of the competent authority" in english


@pytest.mark.engine_free
def test_drafts_and_closed_clauses_show_nowhere(client, policy):
    draft = make_clause(policy, title="没有发布的条款")
    closed = public_clause(policy, title="发布后改过的条款")
    Clause.objects.filter(pk=closed.pk).update(cap=9, cap_unit="yuan")
    for address in ("/policies/coal-law/", LIST, "/policies/?q=没有发布的条款"):
        page = client.get(address).content.decode()
        assert f"clause-{draft.pk}" not in page and f"clause-{closed.pk}" not in page
        assert closed.title not in page


@pytest.mark.engine_free
def test_a_clause_without_a_translation_is_shown_in_the_original(client, policy):
    clause = public_clause(policy, title="只有中文的条款")
    page = client.get("/en/policies/coal-law/").content.decode()
    assert f'href="#clause-{clause.pk}" lang="zh-Hans">只有中文的条款' in page
    english = public_clause(policy, title="有译文的条款")
    words = {"title": "A translated clause", "audience": "Companies", "offer": "Support"}
    english.translations.add(ClauseTranslation(language="en", **words))
    english.save()
    publish_clause(clause=english, by=english.published_by)
    page = client.get("/en/policies/coal-law/").content.decode()
    assert f'href="#clause-{english.pk}">A translated clause' in page


def test_the_list_narrows_and_its_numbers_agree(client, policy):
    today = timezone.localdate()
    public_clause(policy, support="grant", opens_on=today + timedelta(days=9))
    context = client.get(LIST).context
    counts = {
        (group.name, choice.value): choice.count
        for group in context["groups"]
        for choice in group.choices
    }
    assert sum(n for (name, _v), n in counts.items() if name == "support") == context["total"]
    for (name, value), number in counts.items():
        assert client.get(LIST, {name: value}).context["total"] == number, (name, value)
    both = {"support": ["grant", "interest"], "level": "nation", "open": "1"}
    assert client.get(LIST, both).context["total"] == 0
    assert client.get(LIST, {**both, "open": "x"}).context["total"] == 1


@pytest.mark.parametrize("query", ["page=9" + "9" * 5000, "page=-1&open=%00", "support=%ED%A0%80"])
def test_odd_addresses_of_the_list_are_answered(client, query):
    assert client.get(f"{LIST}?{query}").status_code in (200, 400)


def test_pages_of_clauses_cost_few_queries(client, policy):
    def count(address) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    public_clause(policy)
    before = [count("/policies/coal-law/"), count(LIST), count(f"/en{LIST}")]
    seal([make_clause(policy) for _ in range(12)])
    assert [count("/policies/coal-law/"), count(LIST), count(f"/en{LIST}")] == before
    assert max(before) <= 15, before
