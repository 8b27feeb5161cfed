"""Publishing clauses: the service, and what the public may see."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from policies.clauses.digest import digest_of
from policies.clauses.errors import (
    AlreadyPublishedError,
    ChangedMeanwhileError,
    ClauseGoneError,
    GateError,
    NotAllowedError,
    NotPublishedError,
    OverrideMissingError,
    ReasonMissingError,
)
from policies.clauses.gate import blocks, warnings
from policies.models import (
    Clause,
    ClauseLog,
    GateWord,
    PolicyPage,
)
from policies.models.clause_log import AppendOnlyError
from policies.services.clauses import (
    delete_clause,
    publish_clause,
    refresh_clauses,
    remove_sample_clauses,
    withdraw_clause,
)
from tests.factories.clauses import make_clause, public_clause

pytestmark = pytest.mark.django_db

REASON = "经核对，用语指服务流程，不是承诺"


@pytest.fixture
def policy(page_at):
    return page_at("policies/coal-law")


@pytest.fixture
def publisher(make_user):
    return make_user("Publishers")


@pytest.fixture
def editor(make_user):
    return make_user("Editors")


def shown(clause: Clause) -> bool:
    return Clause.objects.public().filter(pk=clause.pk).exists()


# --- Publishing ---------------------------------------------------------------------------


def test_a_publisher_publishes_and_it_is_logged(policy, publisher):
    clause = publish_clause(clause=make_clause(policy), by=publisher)
    assert shown(clause)
    assert clause.published_by == publisher
    assert clause.published_digest == clause.live_digest == digest_of(clause)
    (row,) = ClauseLog.objects.filter(clause=clause)
    assert (row.action, row.from_state, row.to_state) == ("published", "draft", "published")
    assert (row.by, row.who, row.overridden, row.digest) == (
        publisher, "publishers", 0, clause.published_digest,
    )  # fmt: skip


@pytest.mark.parametrize("role", ["Editors", "CRM managers", None])
def test_who_may_not_publish_is_refused(policy, make_user, role):
    clause, user = make_clause(policy), make_user(role) if role else make_user()
    with pytest.raises(NotAllowedError):
        publish_clause(clause=clause, by=user, reason=REASON)
    published = public_clause(policy)
    with pytest.raises(NotAllowedError):
        withdraw_clause(clause=published, by=user, reason=REASON)
    with pytest.raises(NotAllowedError):
        delete_clause(clause=published, by=user)
    assert not shown(clause) and shown(published)


def test_nobody_publishes_samples_only(policy):
    clause = make_clause(policy)
    with pytest.raises(NotAllowedError):
        publish_clause(clause=clause, by=None)
    # A sample of a real policy is none.
    with pytest.raises(NotAllowedError):
        publish_clause(clause=make_clause(policy, is_sample=True), by=None)


def test_the_gate_refuses_whatever_the_reason(policy, publisher):
    clause = make_clause(policy, offer="先征后返", review="")
    with pytest.raises(GateError) as refusal:
        publish_clause(clause=clause, by=publisher, reason=REASON)
    assert {"review", "word"} <= {problem.code for problem in refusal.value.problems}
    clause.refresh_from_db()
    assert clause.state == "draft" and not ClauseLog.objects.filter(clause=clause).exists()


def test_a_warning_needs_a_reason_which_is_kept(policy, publisher):
    clause = make_clause(policy, offer="确保一次告知")
    for reason in ("", "  太短  ", "字" * 9):
        with pytest.raises(OverrideMissingError) as refusal:
            publish_clause(clause=clause, by=publisher, reason=reason)
    assert [problem.word for problem in warnings(refusal.value.problems)] == ["确保"]
    publish_clause(clause=clause, by=publisher, reason=f" {REASON} ")
    row = ClauseLog.objects.overrides().get(clause=clause)
    assert (row.reason, row.words, row.overridden) == (REASON, "确保", 1)
    assert row.problems[0]["rule"] == "广告法第二十五条第（一）项"


def test_nothing_is_published_that_the_publisher_did_not_see(policy, publisher):
    clause = make_clause(policy)
    seen = digest_of(clause)
    clause.offer = "按实际费用的百分之九十给予补助"
    clause.save()
    with pytest.raises(ChangedMeanwhileError):
        publish_clause(clause=clause, by=publisher, seen=seen)
    assert shown(publish_clause(clause=clause, by=publisher, seen=digest_of(clause)))


def test_a_second_publication_and_a_lost_clause_are_refused(policy, publisher):
    clause = public_clause(policy)
    with pytest.raises(AlreadyPublishedError):
        publish_clause(clause=clause, by=publisher)
    Clause.objects.filter(pk=clause.pk).delete()
    with pytest.raises(ClauseGoneError):
        publish_clause(clause=clause, by=publisher)


def test_withdrawing_needs_a_published_clause_and_a_reason(policy, publisher):
    clause = make_clause(policy)
    with pytest.raises(NotPublishedError):
        withdraw_clause(clause=clause, by=publisher, reason=REASON)
    publish_clause(clause=clause, by=publisher)
    with pytest.raises(ReasonMissingError):
        withdraw_clause(clause=clause, by=publisher, reason="不对")
    clause = withdraw_clause(clause=clause, by=publisher, reason=REASON)
    assert clause.state == "withdrawn" and not shown(clause)
    assert list(clause.log.values_list("action", "reason"))[0] == ("withdrawn", REASON)
    assert shown(publish_clause(clause=clause, by=publisher))


def test_a_deleted_clause_stays_in_the_log(policy, publisher):
    clause = public_clause(policy, title="将被删除的条款")
    delete_clause(clause=clause, by=publisher)
    row = ClauseLog.objects.get(title="将被删除的条款", action="deleted")
    assert row.clause is None and row.who == "publishers"
    # The row of its publication lost its clause, too, and nothing else.
    assert ClauseLog.objects.filter(title="将被删除的条款", action="published").exists()


def test_the_log_is_written_once(policy):
    clause = public_clause(policy)
    row = clause.log.get()
    row.reason = "后来想出的理由"
    for change in (row.save, row.delete, clause.log.all().delete,
                   lambda: ClauseLog.objects.update(reason="")):  # fmt: skip
        with pytest.raises(AppendOnlyError):
            change()


# --- What is public -----------------------------------------------------------------------


def test_a_clause_leaves_with_its_end_and_with_its_policy(policy):
    clause = public_clause(policy)
    yesterday = timezone.localdate() - timedelta(days=1)
    pages = PolicyPage.objects.filter(pk=policy.pk)
    for change, back in (
        ({"validity": "void"}, {"validity": "in_force"}),
        ({"validity": "draft"}, {"validity": "in_force"}),
        ({"in_force_until": yesterday}, {"in_force_until": None}),
        ({"in_force_from": timezone.localdate() + timedelta(days=1)}, {"in_force_from": None}),
        ({"live": False}, {"live": True}),
    ):
        pages.update(**change)
        assert not shown(clause), change
        pages.update(**back)
        assert shown(clause)
    restriction = PageViewRestriction.objects.create(page=policy, restriction_type="login")
    assert not shown(clause)
    restriction.delete()
    Clause.objects.filter(pk=clause.pk).write_state(ends_on=yesterday)
    assert not shown(clause)


def test_the_gate_knows_the_policy_of_the_clause(policy, publisher, page_at):
    draft = page_at("policies/shangdang-enclave-plan-draft")
    with pytest.raises(GateError) as refusal:
        publish_clause(clause=make_clause(draft), by=publisher)
    assert {problem.code for problem in blocks(refusal.value.problems)} == {"policy-issued"}
    PageViewRestriction.objects.create(page=policy, restriction_type="login")
    with pytest.raises(GateError):
        publish_clause(clause=make_clause(policy), by=publisher)


def test_an_empty_word_list_refuses_everything(policy, publisher):
    GateWord.objects.update(active=False)
    with pytest.raises(GateError):
        publish_clause(clause=make_clause(policy), by=publisher, reason=REASON)


def test_the_daily_round_finds_what_was_changed_past_django(policy):
    by_update, by_sql, untouched = (public_clause(policy) for _ in range(3))
    Clause.objects.filter(pk=by_update.pk).update(offer="零地价")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE policies_clause SET offer = 'x' WHERE id = %s", [by_sql.pk])
    assert refresh_clauses() == 2
    assert {c.state for c in Clause.objects.filter(pk__in=[by_update.pk, by_sql.pk])} == {"draft"}
    assert shown(untouched)
    assert refresh_clauses() == 0


def test_the_search_follows_a_clause(client, policy, publisher):
    def found() -> bool:
        hits = client.get("/policies/", {"q": "磁悬浮轴承"}).context["results"].hits
        return policy.pk in [hit.page.pk for hit in hits]

    clause = public_clause(policy, offer="补助磁悬浮轴承的检测费用")
    assert found()
    withdraw_clause(clause=clause, by=publisher, reason=REASON)
    assert not found()
    publish_clause(clause=clause, by=publisher)
    assert found()
    # It ends by itself: nobody writes it, the daily round tells the search.
    rows = Clause.objects.filter(pk=clause.pk)
    rows.write_state(ends_on=timezone.localdate() - timedelta(days=1))
    rows.write_state(published_digest=digest_of(clause), live_digest=digest_of(clause))
    assert refresh_clauses() == 1
    assert not found()


# --- Saving -------------------------------------------------------------------------------


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("cap_unit", {"cap": 5}),
        ("cap", {"cap_unit": "yuan"}),
        ("cap", {"cap": 101, "cap_unit": "percent"}),
        ("cap", {"cap": -1, "cap_unit": "yuan"}),
        ("closes_on", {"opens_on": date(2026, 5, 1), "closes_on": date(2026, 4, 1)}),
        ("ends_on", {"opens_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)}),
    ],
)
def test_what_cannot_be_is_told_at_its_field(policy, field, values):
    clause = make_clause(policy)
    for name, value in values.items():
        setattr(clause, name, value)
    with pytest.raises(ValidationError) as refusal:
        clause.full_clean()
    assert set(refusal.value.message_dict) == {field}


def test_a_sentence_must_stand_in_the_whole_text(policy, page_at):
    whole = page_at("policies/sample-support-measures")
    clause = make_clause(whole, quote="小型微型企业使用公共检测设备， 设备使用费减半收取。")
    clause.full_clean()
    clause.quote = "小型微型企业免费使用公共检测设备。"
    with pytest.raises(ValidationError) as refusal:
        clause.full_clean()
    assert set(refusal.value.message_dict) == {"quote"}
    # A summary has not every sentence.
    clause.policy = policy
    clause.full_clean()


def test_a_clause_belongs_to_the_chinese_page(policy, page_at):
    clause = make_clause(policy)
    clause.policy = page_at("policies/coal-law", "en")
    with pytest.raises(ValidationError) as refusal:
        clause.full_clean()
    assert set(refusal.value.message_dict) == {"policy"}


# --- Samples ------------------------------------------------------------------------------


def test_the_samples_go_through_the_gate_and_go_away_whole(page_at):
    policy = page_at("policies/sample-support-measures")
    assert Clause.objects.public().filter(policy=policy, is_sample=True).count() == 8
    assert Clause.objects.get(policy=policy, state="draft").log.count() == 0
    assert ClauseLog.objects.overrides().get(is_sample=True).words == "确保"
    assert remove_sample_clauses() == 9
    assert not ClauseLog.objects.filter(is_sample=True).exists()


def test_public_clauses_are_one_query(policy):
    public_clause(policy)
    with CaptureQueriesContext(connection) as queries:
        assert len(Clause.objects.public()) >= 9
    assert len(queries) == 1
