"""Versions of a policy: when one is made, what is in it, and what differs between two."""

import importlib
from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse
from wagtail.models import PageViewRestriction

from policies.models import PolicyIndexPage, PolicyPage, PolicyVersion
from policies.official.record import Record, read_policy
from policies.services.versions import record_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(page_at) -> PolicyPage:
    return page_at("policies/coal-law")


def numbers(page) -> list[int]:
    return list(page.versions.order_by("number").values_list("number", flat=True))


def change(page, **fields) -> PolicyPage:
    for name, value in fields.items():
        setattr(page, name, value)
    page.save()
    return page


def test_every_policy_of_the_seed_has_its_first_version():
    live = PolicyPage.objects.live()
    assert live.filter(versions=None).count() == 0
    assert set(PolicyVersion.objects.values_list("number", flat=True)) == {1}


def test_publishing_makes_a_version_with_its_author(policy, make_user):
    editor = make_user("Publishers")
    policy.title = "中华人民共和国煤炭法（新）"
    policy.save_revision(user=editor).publish(user=editor)
    version = policy.versions.get(number=2)
    assert version.author == editor
    record = Record.of(version.data)
    assert record.title == "中华人民共和国煤炭法（新）"
    assert (
        record.digest == version.digest == read_policy(PolicyPage.objects.get(pk=policy.pk)).digest
    )


def test_a_draft_makes_none(policy):
    policy.title = "还没有发布"
    policy.save_revision()
    assert numbers(policy) == [1]


def test_publishing_the_same_text_again_makes_none(policy):
    policy.save_revision().publish()
    policy.summary = "摘要改了，正文没有改。"
    policy.save_revision().publish()
    assert numbers(policy) == [1]
    assert record_version(policy_id=policy.pk) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("document_number", "晋政发〔2026〕1号"),
        ("validity", "amended"),
        ("in_force_until", date(2030, 1, 1)),
        ("annotation", "此件公开发布"),
        ("is_full_text", True),
        ("body", [{"type": "text", "value": "<p>另一段。</p>"}]),
    ],
)
def test_whatever_a_reader_relies_on_makes_a_version(policy, name, value):
    change(policy, **{name: value})
    assert numbers(policy) == [1, 2]


def test_what_is_taken_back_to_an_older_text_is_told_as_well(policy):
    change(policy, title="甲")
    change(policy, title="中华人民共和国煤炭法")
    digests = list(policy.versions.order_by("number").values_list("digest", flat=True))
    assert len(digests) == 3
    assert digests[0] == digests[2] != digests[1]


def test_versions_stay_when_the_page_is_taken_back_and_go_with_it(policy):
    key = policy.pk
    policy.unpublish()
    assert numbers(policy) == [1]
    assert record_version(policy_id=key) is None
    policy.delete()
    assert not PolicyVersion.objects.filter(policy_id=key).exists()


def test_a_page_that_is_gone_has_no_version():
    assert record_version(policy_id=10**9) is None


def test_the_migration_gives_live_policies_their_first_version(policy):
    before = {v.policy_id: v.digest for v in PolicyVersion.objects.all()}
    PolicyVersion.objects.all().delete()
    PolicyPage.objects.exclude(pk=policy.pk).update(live=False)
    migration = importlib.import_module("policies.migrations.0005_first_versions")
    for _ in range(2):
        migration.record_first_versions(apps, None)
    version = PolicyVersion.objects.get()
    assert (version.policy_id, version.number) == (policy.pk, 1)
    assert version.digest == before[policy.pk]


@pytest.mark.engine_free
def test_the_list_of_versions_leads_to_each(client, policy):
    change(policy, title="煤炭法")
    PolicyVersion.objects.filter(policy=policy, number=2).update(note="改题名")
    text = client.get(f"/policy-record/{policy.pk}/versions/").content.decode()
    assert "改题名" in text
    assert f'href="/policy-record/{policy.pk}/compare/?a=1&amp;b=2"' in text
    old = client.get(f"/policy-record/{policy.pk}/versions/1/")
    assert "中华人民共和国煤炭法" in old.content.decode()
    assert any("第 1 版" in notice for notice in old.context["sheet"].notices)


@pytest.mark.engine_free
def test_a_comparison_shows_words_and_data_that_differ(client, policy):
    change(policy, body=[{"type": "text", "value": "<p>给予10万元奖励。</p>"}])
    change(
        policy,
        body=[{"type": "text", "value": "<p>给予100万元奖励。</p>"}],
        document_number="上政发〔2026〕3号",
    )
    text = client.get(f"/policy-record/{policy.pk}/compare/?a=2&b=3").content.decode()
    plain = text.replace('<span class="hidden-text">]</span>', "")
    assert "[删除：</span>10</del>" in plain
    assert "[新增：</span>100</ins>" in plain
    assert "<ins>上政发〔2026〕3号</ins>" in plain
    # Without numbers the last two.
    bare = client.get(f"/policy-record/{policy.pk}/compare/")
    assert (bare.context["old"].number, bare.context["new"].number) == (2, 3)


@pytest.mark.engine_free
def test_versions_that_are_the_same_are_told_to_be(client, policy):
    change(policy, title="甲")
    change(policy, title="中华人民共和国煤炭法")
    page = f"/policy-record/{policy.pk}/compare/"
    assert "两个版本相同" in client.get(page, {"a": 1, "b": 3}).content.decode()
    assert "同一个版本" in client.get(page, {"a": 2, "b": 2}).content.decode()


@pytest.mark.parametrize("wrong", ["99", "0", "-1", "x", "", "9" * 60, "１", "1.5", "%ED%A0%80"])
def test_a_wrong_number_is_told_at_its_field(client, policy, wrong):
    change(policy, title="甲")
    response = client.get(f"/policy-record/{policy.pk}/compare/?a={wrong}&b=2")
    assert response.status_code == 200
    assert "a" in response.context["form"].errors
    assert 'role="alert"' in response.content.decode()
    assert "comparison" not in response.context


@pytest.mark.engine_free
def test_a_single_version_has_nothing_to_be_compared_with(client, policy):
    response = client.get(f"/policy-record/{policy.pk}/compare/")
    assert "只有一个版本" in response.content.decode()


def test_queries_of_a_comparison(client, policy, django_assert_max_num_queries):
    for number in range(6):
        change(policy, title=f"第{number}次")
    client.get(f"/policy-record/{policy.pk}/compare/")
    with django_assert_max_num_queries(15):
        client.get(f"/policy-record/{policy.pk}/compare/")
    with django_assert_max_num_queries(15):
        client.get(f"/policy-record/{policy.pk}/versions/")


@pytest.mark.engine_free
def test_publishers_write_the_note_editors_only_look(client, policy, make_user):
    version = policy.versions.get()
    edit = reverse("policy_versions:edit", args=[version.pk])
    client.force_login(make_user("Publishers"))
    assert client.post(edit, {"note": "首次收录"}).status_code == 302
    version.refresh_from_db()
    assert (version.note, version.number) == ("首次收录", 1)
    assert "首次收录" in client.get(reverse("policy_versions:index")).content.decode()
    client.force_login(make_user("Editors"))
    assert client.get(reverse("policy_versions:index")).status_code == 200
    assert client.post(edit, {"note": "改"}).status_code == 302
    version.refresh_from_db()
    assert version.note == "首次收录"


@pytest.mark.engine_free
def test_nobody_adds_or_deletes_a_version(client, policy, admin_user):
    version = policy.versions.get()
    client.force_login(admin_user)
    client.post(reverse("policy_versions:add"), {"note": "假"})
    client.post(reverse("policy_versions:delete", args=[version.pk]))
    assert numbers(policy) == [1]


@pytest.mark.engine_free
def test_officers_do_not_see_the_list(client, make_user):
    client.force_login(make_user("CRM officers"))
    assert client.get(reverse("policy_versions:index")).status_code == 302


@pytest.mark.parametrize("code", ["zh-hans", "en"])
def test_what_was_closed_stands_in_no_version(
    policy, page_at, code, django_capture_on_commit_callbacks
):
    """A text for a few, in any language, is not to be read in the history once the page is open."""
    page = page_at("policies/coal-law", code)
    restriction = PageViewRestriction.objects.create(page=policy, restriction_type="login")
    change(page, title="征求意见稿，内部使用")
    change(page, title="公开的题目")
    assert numbers(page) == [1]
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert numbers(page) == [1, 2]
    assert page.versions.get(number=2).data["title"] == "公开的题目"


def test_a_page_that_leaves_a_closed_column_gets_its_version(
    policy, page_at, django_capture_on_commit_callbacks
):
    library = policy.get_parent()
    column = library.add_child(instance=PolicyIndexPage(title="内部", slug="internal"))
    policy.move(column, "last-child")
    PageViewRestriction.objects.create(page=column, restriction_type="login")
    page = change(PolicyPage.objects.get(pk=policy.pk), title="内部的题目")
    assert numbers(page) == [1]
    with django_capture_on_commit_callbacks(execute=True):
        page.move(library, "last-child")
    assert numbers(page) == [1, 2]


def test_a_withheld_version_is_told_but_not_given(client, policy, make_user):
    """Personal data that were published by mistake do not stay in the history."""
    change(policy, title="误公开了个人信息的题目")
    change(policy, title="改正后的题目")
    version = policy.versions.get(number=2)
    client.force_login(make_user("Publishers"))
    edit = reverse("policy_versions:edit", args=[version.pk])
    assert client.post(edit, {"note": "含个人信息", "is_withheld": "on"}).status_code == 302
    client.logout()
    base = f"/policy-record/{policy.pk}"
    text = client.get(f"{base}/versions/").content.decode()
    assert "含个人信息" in text
    assert "versions/2/" not in text
    assert "?a=1&amp;b=3" in text
    for rest in ("versions/2/", "versions/2/word/", "versions/2/pdf/"):
        assert client.get(f"{base}/{rest}").status_code == 404
    for query in ("", "?a=1&b=2", "?a=2&b=3"):
        assert "误公开" not in client.get(f"{base}/compare/{query}").content.decode()
