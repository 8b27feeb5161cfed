"""A clause rests on a sentence of its policy: when the policy loses it, the clause is a draft again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from base.scheduled import publish_due
from policies.clauses.facts import problems_of
from policies.importing.body import blocks_json
from policies.models import Clause, ClauseLog, Condition, PolicyPage
from policies.services.clauses import refresh_clauses
from tests.factories.clauses import make_clause, seal
from tests.policies.clauses import published
from tests.policies.relating import draft_of

pytestmark = pytest.mark.django_db
SENTENCE = "对检测费用按百分之三十给予补助。"


@pytest.fixture
def policy(page_at):
    """A whole document that has the sentence, without articles to know it by."""
    page = page_at("policies/coal-law")
    return rewritten(page, f"一、扶持\n{SENTENCE}\n小型微型企业优先。", is_full_text=True)


def rewritten(page, text: str, **changes) -> PolicyPage:
    draft = with_text(page, text, **changes)
    draft.save_revision().publish()
    return PolicyPage.objects.get(pk=page.pk)


def with_text(page, text: str, **changes) -> PolicyPage:
    draft = draft_of(page)
    draft.body = PolicyPage._meta.get_field("body").to_python(blocks_json(text))
    for name, value in changes.items():
        setattr(draft, name, value)
    return draft


def shown(clause) -> bool:
    return Clause.objects.public().filter(pk=clause.pk).exists()


def codes(clause) -> set[str]:
    return {problem.code for problem in problems_of(Clause.objects.get(pk=clause.pk))}


def test_a_text_without_the_sentence_takes_the_clause_back(policy):
    clause = published(policy, quote=SENTENCE)
    rewritten(policy, f"一、扶持\n{SENTENCE}\n另有一句。")
    assert shown(clause)
    rewritten(policy, "一、扶持\n对检测费用不再补助。")
    assert not shown(clause)
    clause.refresh_from_db()
    assert clause.state == Clause.State.DRAFT
    entry = ClauseLog.objects.filter(clause=clause).latest("pk")
    assert (entry.action, entry.by) == (ClauseLog.Action.CHANGED, None)
    assert "不完全一致" in entry.reason
    assert "quote" in codes(clause)


def test_a_scheduled_text_takes_it_back_at_its_time(policy):
    clause = published(policy, quote=SENTENCE)
    draft = with_text(policy, "一、扶持\n对检测费用不再补助。")
    draft.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    assert shown(clause)
    assert publish_due() == 1
    assert not shown(clause)


def test_a_sentence_of_a_condition_counts_as_well(policy):
    clause = make_clause(policy, quote=SENTENCE)
    condition = Condition.objects.create(
        clause=clause, fact="size", operator="one_of", codes=["small"], quote="小型微型企业优先。"
    )
    assert "quote" not in codes(clause)
    condition.quote = "大型企业优先。"
    condition.save()
    assert "quote" in codes(clause)


def test_what_changed_past_publishing_is_found_by_the_daily_round(policy):
    clause = make_clause(policy, quote=SENTENCE)
    seal([clause])
    field = PolicyPage._meta.get_field("body")
    body = field.to_python(blocks_json("一、扶持\n对检测费用不再补助。"))
    PolicyPage.objects.filter(pk=policy.pk).update(body=body)
    assert shown(clause)
    assert refresh_clauses() >= 1
    assert not shown(clause)


def test_a_summary_proves_nothing(policy):
    clause = published(policy, quote=SENTENCE)
    rewritten(policy, "一、本站摘要\n检测有补助。", is_full_text=False)
    assert shown(clause)
