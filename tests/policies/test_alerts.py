"""Alerts by e-mail: subscribing, confirming, being told once, ending."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone, translation

from policies.alerts.digests import queue_digests
from policies.alerts.editions import observe, version_of
from policies.alerts.errors import (
    ConfirmationOverError,
    ConsentMissingError,
    FilterTooLongError,
    UnknownSubscriptionError,
)
from policies.alerts.filters import describe, matching, normalise, question_of
from policies.alerts.links import reader_token, subscription_token
from policies.alerts.outbox import attempt, send_pending
from policies.alerts.subscribing import (
    change_frequency,
    confirm,
    end,
    forget_unconfirmed,
    subscribe,
)
from policies.alerts.upkeep import tend_alerts
from policies.models import (
    AlertMail,
    AlertReader,
    AlertText,
    Edition,
    PolicyPage,
    PolicyWatch,
    Subscription,
    Told,
)
from tests.policies.alerts_cast import (
    ADDRESS,
    digests,
    follow,
    form_fields,
    later,
    link_in,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def law(page_at):
    """A national law in force, whose state readers know already; most others are not there."""
    law = page_at("policies/coal-law")
    kept = ["coal-law", "shangdang-enclave-plan-draft"]
    other = PolicyPage.objects.filter(level="nation", locale=law.locale).exclude(slug__in=kept)
    PolicyPage.objects.exclude(slug__in=[*kept, other.first().slug]).update(live=False)
    observe()
    return law


@pytest.fixture
def plan(page_at, law):
    return page_at("policies/shangdang-enclave-plan-draft")


# --- Filters ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("", ""),
        ("page=3&utm_source=x", ""),
        ("status=draft&level=nation&level=city&status=in_force", "level=nation&status=draft&status=in_force"),
        ("in_force=1", "status=in_force"),
        ("q=%20%20coal%00&sort=date&literal=1", "q=coal"),
        ("level=nowhere&kind=site", ""),
        ("q=%ED%A0%80&%FF=%FE", "q=%EF%BF%BD%EF%BF%BD%EF%BF%BD"),
    ],
)  # fmt: skip
def test_filters_have_one_normal_form(typed, normal):
    assert normalise(typed, "zh-hans") == normal
    assert normalise(normal, "zh-hans") == normal


def test_filters_in_words_and_what_they_find(law, plan):
    assert describe("", "zh-hans") == "全部文件"
    assert (
        describe("q=coal&level=district&status=draft", "zh-hans")
        == "“coal” · 层级：区 · 状态：征求意见稿"
    )
    with translation.override("en"):
        assert describe("year=2020&year=2021", "zh-hans") == "Year: 2020, 2021"
    ids = [law.pk, plan.pk]
    assert matching(question_of("level=nation", "zh-hans"), ids) == {law.pk}
    assert matching(question_of("level=nation", "en"), ids) == set()
    assert matching(question_of("q=煤炭法", "zh-hans"), ids) == {law.pk}
    assert matching(question_of("q=。。", "zh-hans"), ids) == set()


# --- Subscribing ------------------------------------------------------------------------


def test_from_the_form_to_the_mail_to_the_end(
    client, law, django_capture_on_commit_callbacks, settings
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/alerts/", form_fields())
    assert (answer.status_code, answer["Location"]) == (303, "/alerts/sent/#main")
    (asked,) = mail.outbox
    assert asked.to == [ADDRESS]
    assert "国家" in asked.body
    link = link_in(asked, "confirm")
    # Scanners of mail open links: that confirms nothing.
    assert client.get(link).status_code == 200
    assert Subscription.objects.get().confirmed_at is None
    answer = client.post(link)
    assert "done=confirmed" in answer["Location"]
    text = client.get(answer["Location"]).content.decode()
    assert "r***@e***.org" in text
    assert ADDRESS not in text
    publish(law, title="煤炭法（新）")
    tend_alerts()
    (alert,) = digests()
    assert "煤炭法（新）" in alert.body
    off = link_in(alert, "off")
    assert alert.extra_headers["List-Unsubscribe"] == f"<{settings.BASE_URL}{off}>"
    assert alert.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.get(off).status_code == 200
    assert AlertReader.objects.exists()
    answer = client.post(off, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not AlertReader.objects.exists()
    assert not AlertMail.objects.exists()
    # Again, and without anything to end.
    assert client.post(off).status_code == 200
    assert client.get(off).status_code == 410


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": ""}, "请填写接收提醒的邮箱"),
        ({"email": "not an address"}, "name@example.org"),
        ({"email": "a" * 300 + "@example.org"}, "254"),
        ({"email": "a\x00@example.org"}, "name@example.org"),
        ({"consent": ""}, "未勾选"),
        ({"frequency": "hourly"}, "请选择频率"),
        ({"homepage": "http://spam.example"}, "应当留空的隐藏项"),
        ({"token": "made up"}, "打开得太久"),
        ({"query": "topic=" + "a" * 9000}, "条件过多"),
    ],
)
def test_wrong_forms_are_told_what_is_wrong(client, changes, message):
    answer = client.post("/alerts/", form_fields(**changes))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert message in text
    assert answer["X-Robots-Tag"] == "noindex"
    if "query" not in changes:
        assert 'value="level=nation"' in text
    assert not Subscription.objects.exists()


def test_a_hasty_form_and_too_many_of_them(client, settings):
    settings.INQUIRY_MIN_SECONDS = 3600
    assert client.post("/alerts/", form_fields()).status_code == 422
    settings.INQUIRY_MIN_SECONDS = 2
    settings.INQUIRIES_PER_HOUR = 1
    assert client.post("/alerts/", form_fields()).status_code == 303
    answer = client.post("/alerts/", form_fields(email="other@example.org"))
    assert answer.status_code == 429
    assert "other@example.org" in answer.content.decode()


def test_production_takes_no_address_before_the_organiser_is_named(client, settings):
    settings.INQUIRIES_NEED_HANDLER = True
    assert client.post("/alerts/", form_fields()).status_code == 422
    assert not AlertReader.objects.exists()
    assert (
        '<form class="form" method="post" action="/alerts/'
        not in client.get("/policies/").content.decode()
    )


def ask(**changes):
    fields = {
        "email": ADDRESS,
        "query": "level=nation",
        "language": "zh-hans",
        "frequency": "daily",
        "text": AlertText.objects.current("zh-hans"),
        "shown_text": "所示文字",
    }
    subscribe(**(fields | changes))


def test_consent_is_kept_with_its_wording_and_needed():
    ask()
    subscription = Subscription.objects.get()
    assert subscription.text.version == "2026-11"
    assert subscription.shown_text == "所示文字"
    assert len(subscription.shown_text_hash) == 64
    with pytest.raises(ConsentMissingError):
        ask(text=None)
    with pytest.raises(FilterTooLongError):
        ask(query="&".join(f"topic={'县' * 60}{n}" for n in range(30)))


def test_the_same_again_is_one_subscription_and_one_mail():
    ask()
    ask(email=ADDRESS.upper(), query="level=nation&page=2", frequency="weekly")
    subscription = Subscription.objects.get()
    assert subscription.frequency == "weekly"
    assert AlertMail.objects.count() == 1
    confirm(subscription=subscription)
    AlertMail.objects.update(created_at=later(hours=-1))
    ask()  # known already: told by mail, where only its owner reads it
    assert AlertMail.objects.get(kind="known").status == "pending"
    subscription.refresh_from_db()
    assert subscription.frequency == "weekly"


def test_an_address_is_asked_only_a_few_times_a_day_and_follows_only_so_much():
    for number in range(8):
        ask(query=f"year={2000 + number}")
    assert AlertMail.objects.count() == 5
    AlertMail.objects.all().delete()
    for number in range(8, 25):
        ask(query=f"year={2000 + number}")
    assert Subscription.objects.count() == 20
    AlertMail.objects.all().delete()
    ask(query="year=1990")
    assert AlertMail.objects.get().kind == "full"
    send_pending()
    assert link_in(mail.outbox[-1], "manage")


def test_confirming_is_for_48_hours_and_twice_changes_nothing():
    ask()
    subscription = Subscription.objects.get()
    with pytest.raises(ConfirmationOverError):
        confirm(subscription=subscription, now=later(hours=48, minutes=1))
    first = confirm(subscription=subscription, now=later(hours=47)).confirmed_at
    assert confirm(subscription=subscription, now=later(hours=90)).confirmed_at == first
    subscription.delete()
    subscription.pk = 1
    with pytest.raises(UnknownSubscriptionError):
        confirm(subscription=subscription)


def test_unconfirmed_addresses_are_erased(client):
    ask()
    link = f"/alerts/confirm/{subscription_token(Subscription.objects.get())}/"
    kept = follow("level=city", email="kept@example.org")
    assert forget_unconfirmed(now=later(hours=47)) == 0
    Subscription.objects.filter(confirmed_at=None).update(created_at=later(hours=-49))
    answer = client.post(link)
    assert answer.status_code == 410
    assert "48" in answer.content.decode()
    assert forget_unconfirmed() == 1
    assert AlertReader.objects.get() == kept.reader
    assert client.get(link).status_code == 410


def test_links_of_nobody_open_nothing(client, law):
    subscription = follow()
    token = reader_token(subscription.reader)
    for wrong in ("x", token[:-1], token + "a", subscription_token(subscription)):
        assert client.get(f"/alerts/manage/{wrong}/").status_code == 410
        assert client.post(f"/alerts/off/{wrong}/").status_code == 200
    assert client.get(f"/alerts/confirm/{token}/").status_code == 410
    assert Subscription.objects.count() == 1


# --- Managing ---------------------------------------------------------------------------


def test_a_reader_changes_and_ends_what_is_followed(client, law):
    first, second = follow("level=nation"), follow("level=city")
    stranger = follow(email="stranger@example.org")
    page = f"/alerts/manage/{reader_token(first.reader)}/"
    answer = client.get(page)
    assert answer["Cache-Control"].startswith("no-store")
    assert "/policies/?level=nation" in answer.content.decode()
    client.post(page, {"subscription": first.pk, "frequency": "weekly", "action": "change"})
    first.refresh_from_db()
    assert first.frequency == "weekly"
    for odd in (
        {},
        {"subscription": stranger.pk, "action": "end"},
        {"subscription": "²"},
        {"subscription": "9" * 40},
        {"subscription": first.pk, "frequency": "never"},
    ):
        assert client.post(page, odd).status_code == 303
    assert Subscription.objects.count() == 3
    answer = client.post(page, {"subscription": first.pk, "action": "end"})
    assert "done=ended" in answer["Location"]
    answer = client.post(page, {"subscription": second.pk, "action": "end"})
    assert answer["Location"] == "/alerts/ended/#main"
    assert AlertReader.objects.get() == stranger.reader
    assert client.get(page).status_code == 410
    with pytest.raises(UnknownSubscriptionError):
        change_frequency(subscription=first, frequency="daily")
    with pytest.raises(ValueError, match="never"):
        change_frequency(subscription=stranger, frequency="never")
    assert end(subscription=stranger)


# --- Being told -------------------------------------------------------------------------


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


# --- Outages ----------------------------------------------------------------------------


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


# --- Screens ----------------------------------------------------------------------------


def test_the_library_offers_its_current_choice(client, django_assert_max_num_queries):
    client.get("/policies/?level=nation")
    with django_assert_max_num_queries(15):
        text = client.get("/policies/?level=nation&page=2").content.decode()
    assert 'name="query" value="level=nation"' in text
    assert "/feeds/policies.atom?level=nation" in text
    english = client.get("/en/alerts/?level=nation&q=%01").content.decode()
    assert "National" in english
    assert client.get("/alerts/sent/").status_code == 200
    assert client.put("/alerts/").status_code == 405


@pytest.mark.parametrize(
    ("role", "status"), [("Publishers", 200), ("Editors", 302), ("CRM managers", 302)]
)
def test_subscriptions_are_seen_masked_and_by_those_who_may(client, make_user, law, role, status):
    follow("level=nation")
    follow("level=nation", email="second@example.org")
    client.force_login(make_user(role))
    answer = client.get("/admin/policies/subscriptions/")
    assert answer.status_code == status
    if status == 200:
        text = answer.content.decode()
        assert "s***@e***.org" in text
        assert "second@example.org" not in text
        assert answer.context["followed"] == [("层级：国家", "zh-hans", 2)]
        assert "export" not in text
        assert client.get("/admin/policies/subscriptions/?export=csv")["Content-Type"].startswith(
            "text/html"
        )
