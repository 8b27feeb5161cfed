"""Alerts by e-mail: who is told of what and when, also when mail or process fail."""

import importlib
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from policies.alerts.digests import queue_digests
from policies.alerts.editions import observe, version_of
from policies.alerts.outbox import attempt
from policies.alerts.upkeep import tend_alerts
from policies.models import (
    AlertMail,
    Edition,
    PolicyPage,
    PolicyWatch,
    Told,
)
from tests.policies.alerts_cast import (
    digests,
    follow,
    later,
    link_in,
    publish,
    small_library,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def law(page_at):
    return small_library(page_at)


@pytest.fixture
def plan(page_at, law):
    return page_at("policies/shangdang-enclave-plan-draft")


def test_a_new_subscription_does_not_get_the_past(law):
    publish(law, title="煤炭法（旧的变化）", at=later(minutes=-1))
    follow("level=nation")
    tend_alerts()
    assert digests() == []


def test_new_and_changed_documents_are_told_once(law, plan):
    subscription = follow("level=nation")
    others = PolicyPage.objects.live().exclude(pk__in=[law.pk, plan.pk])
    fresh = others.get(locale=law.locale)
    Edition.objects.filter(policy=fresh).delete()
    PolicyWatch.objects.filter(policy=fresh).delete()
    publish(law, title="煤炭法（新）")
    publish(fresh)
    publish(plan, title="不合筛选")
    tend_alerts()
    (alert,) = digests()
    assert alert.subject == "政策库有2份文件新公开或有变化"
    assert alert.body.index("政策库新文件") < alert.body.index(fresh.title)
    assert alert.body.index("有变化") < alert.body.index("煤炭法（新）")
    assert "不合筛选" not in alert.body
    for hours in (0, 1, 25, 24 * 8):
        tend_alerts(now=later(hours=hours))
    assert len(digests()) == 1
    assert Told.objects.filter(reader=subscription.reader).count() == 2


def test_publishing_without_a_change_tells_nothing(law):
    follow()
    publish(law)
    publish(law, summary="本站的摘要不是文件的一部分")
    tend_alerts()
    assert digests() == []


def test_there_and_back_within_a_day_tells_nothing(law):
    follow()
    title = law.title
    publish(law, title="改错了")
    observe()
    publish(law, title=title)
    tend_alerts()
    assert digests() == []
    publish(law, title="改对了")
    tend_alerts()
    publish(law, title="又改", at=later(minutes=1))
    tend_alerts(now=later(minutes=2))
    publish(law, title="改对了", at=later(minutes=3))
    tend_alerts(now=later(hours=30))
    assert len(digests()) == 1
    # Told "改对了" last, so that what it was at first is news again.
    publish(law, title=title, at=later(hours=31))
    tend_alerts(now=later(hours=60))
    assert len(digests()) == 2


def test_daily_and_weekly(law):
    follow("level=nation", email="daily@example.org")
    follow("level=nation", email="weekly@example.org", frequency="weekly")
    start = timezone.now()
    for day in range(9):
        publish(law, title=f"第{day}天", at=start + timedelta(days=day, minutes=1))
        tend_alerts(now=start + timedelta(days=day, minutes=2))
    told = [message.to[0] for message in digests()]
    assert told.count("daily@example.org") == 9
    assert told.count("weekly@example.org") == 2


def test_overlapping_filters_of_one_address_tell_a_document_once(law):
    follow("level=nation")
    follow("status=in_force")
    follow("q=煤炭法", frequency="weekly")
    publish(law, title="煤炭法（新）")
    tend_alerts()
    tend_alerts(now=later(days=8))
    (alert,) = digests()
    assert alert.body.count("煤炭法（新）") == 1


def test_each_language_has_its_own_mail(law):
    follow("level=nation")
    follow("level=nation", language="en")
    english = law.get_translation(
        PolicyPage.objects.get(slug=law.slug, locale__language_code="en").locale
    )
    publish(law, title="煤炭法（新）")
    publish(english, title="Coal Law (new)")
    tend_alerts()
    chinese, other = sorted(digests(), key=lambda message: message.subject.isascii())
    assert "Coal Law" not in chinese.body
    assert "Coal Law (new)" in other.body
    assert "上党区推介窗口" in chinese.body
    assert "Shangdang promotion window" in other.body
    assert other.subject == "1 document in the policy library: new or changed"
    assert link_in(other, "off").startswith("/en/alerts/off/")


def test_what_is_not_public_is_not_told(law):
    from wagtail.models import PageViewRestriction

    follow()
    publish(law, title="内部文件")
    observe()
    queue_digests()  # a mail waits
    restriction = PageViewRestriction.objects.create(page=law, restriction_type="login")
    tend_alerts()
    assert digests() == []
    assert AlertMail.objects.get(kind="digest").status == "cancelled"
    restriction.delete()
    tend_alerts(now=later(minutes=5))
    assert len(digests()) == 1


def test_the_end_of_a_document_is_told_without_publishing(law):
    follow()
    PolicyPage.objects.filter(pk=law.pk).update(in_force_until=timezone.localdate())
    publish(law)
    tend_alerts()
    before = len(digests())
    tend_alerts(now=later(hours=2))
    assert len(digests()) == before
    PolicyPage.objects.filter(pk=law.pk).update(
        in_force_until=timezone.localdate() - timedelta(days=1)
    )
    PolicyWatch.objects.filter(policy=law).update(seen_at=later(days=-1))
    tend_alerts(now=later(hours=30))
    assert len(digests()) == before + 1
    assert "失效" in digests()[-1].body


def test_a_validity_that_another_document_changed_is_told_at_once(law):
    follow()
    PolicyPage.objects.filter(pk=law.pk).update(validity="abolished")
    tend_alerts()
    (alert,) = digests()
    assert "废止" in alert.body


def test_many_documents_are_a_list_and_a_number(page_at):
    law = page_at("policies/coal-law")
    follow()
    for page in PolicyPage.objects.live().filter(locale=law.locale):
        publish(page, document_number="试〔2026〕1号")
    number = PolicyPage.objects.live().filter(locale=law.locale).count()
    tend_alerts()
    (alert,) = digests()
    assert f"政策库有{number}份文件" in alert.subject
    assert number > 30
    assert alert.body.count("试〔2026〕1号") == 30
    assert f"另有{number - 30}份" in alert.body


def broken(monkeypatch, error):
    def fail(self):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)


def test_a_server_that_is_down_loses_nothing(law, monkeypatch):
    follow()
    publish(law, title="煤炭法（新）")
    with monkeypatch.context() as patch:
        broken(patch, SMTPServerDisconnected("gone"))
        tend_alerts()
        row = AlertMail.objects.get(kind="digest")
        assert (row.status, row.attempts) == ("pending", 1)
        assert row.last_error.startswith("SMTPServerDisconnected")
    tend_alerts()
    assert digests() == []  # not before its pause is over
    tend_alerts(now=later(minutes=2))
    tend_alerts(now=later(minutes=4))
    assert len(digests()) == 1


def test_what_changed_during_an_outage_is_told_as_it_is_now(law, monkeypatch):
    follow()
    title = law.title
    publish(law, title="半成品")
    with monkeypatch.context() as patch:
        broken(patch, ConnectionRefusedError())
        tend_alerts()
    publish(law, title="成品", at=later(seconds=30))
    for minutes in (2, 3, 60 * 30):
        tend_alerts(now=later(minutes=minutes))
    (alert,) = digests()
    assert ("成品" in alert.body, "半成品" in alert.body) == (True, False)
    publish(law, title="又一次", at=later(hours=31))
    with monkeypatch.context() as patch:
        broken(patch, ConnectionRefusedError())
        tend_alerts(now=later(hours=56))
    publish(law, title="成品", at=later(hours=57))
    tend_alerts(now=later(hours=58))
    tend_alerts(now=later(hours=99))
    assert len(digests()) == 1
    assert title != "成品"


def test_what_is_as_it_was_before_an_outage_is_not_told(law, monkeypatch):
    follow()
    title = law.title
    publish(law, title="半成品")
    with monkeypatch.context() as patch:
        broken(patch, ConnectionRefusedError())
        tend_alerts()
        publish(law, title=title, at=later(hours=30))
        tend_alerts(now=later(hours=31))
    tend_alerts(now=later(days=9))
    assert digests() == []
    assert not Told.objects.exists()


def test_a_worker_that_died_while_sending_repeats_the_same_message(law):
    follow()
    publish(law, title="煤炭法（新）")
    observe()
    queue_digests()
    row = AlertMail.objects.get(kind="digest")
    assert attempt(row.pk) == "sent"
    AlertMail.objects.filter(pk=row.pk).update(status="sending", next_attempt_at=later(minutes=10))
    assert attempt(row.pk) == "sending"  # its lease holds
    assert attempt(row.pk, now=later(minutes=11)) == "sent"
    first, second = digests()
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_crash_while_a_digest_is_written_leaves_nothing_half(law, monkeypatch):
    from django.db import transaction

    follow()
    publish(law, title="煤炭法（新）")
    observe()
    with monkeypatch.context() as patch:
        patch.setattr("policies.alerts.digests.send_on_commit", lambda pk: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            queue_digests()
    assert not Told.objects.exists()
    assert not AlertMail.objects.filter(kind="digest").exists()
    tend_alerts()
    assert len(digests()) == 1


def test_the_command_does_all_of_it_and_nothing_twice(law, capsys):
    follow()
    publish(law, title="煤炭法（新）")
    call_command("policy_alerts")
    assert "1 editions, 1 digests" in capsys.readouterr().out
    call_command("policy_alerts", verbosity=0)
    assert len(digests()) == 1


def test_a_version_is_what_the_document_says(law):
    version = version_of(law)
    law.summary, law.keywords = "别的", "别的"
    assert version_of(law) == version
    law.body = [("text", "<p>别的正文</p>")]
    changed = version_of(law)
    assert changed != version
    law.document_number = "国发〔2026〕1号"
    assert version_of(law) != changed


def test_an_edition_is_a_version_and_no_other_way_to_keep_the_text(law):
    assert version_of(law) == law.versions.get().digest
    law.body = [{**block, "id": str(uuid4())} for block in law.body.raw_data]
    assert version_of(law) == law.versions.get().digest


def test_the_migration_tells_nobody(law):
    follow()
    for model in (Edition, PolicyWatch):
        model.objects.filter(policy=law).update(version="as it was made before")
    migration = importlib.import_module("policies.migrations.0013_editions_are_versions")
    migration.take_over_digests(apps, None)
    publish(law)
    tend_alerts()
    assert Edition.objects.get(policy=law).version == version_of(law)
    assert digests() == []
