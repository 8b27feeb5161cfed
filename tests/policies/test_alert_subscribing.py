"""Alerts by e-mail: filters, subscribing, confirming, changing and ending, and the screens of it."""

import pytest
from django.core import mail
from django.utils import translation

from policies.alerts.errors import (
    ConfirmationOverError,
    ConsentMissingError,
    FilterTooLongError,
    TooManyFiltersError,
    UnknownSubscriptionError,
)
from policies.alerts.filters import describe, matching, normalise, question_of
from policies.alerts.links import reader_token, subscription_token
from policies.alerts.outbox import send_pending
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
    Subscription,
)
from tests.policies.alerts_cast import (
    ADDRESS,
    digests,
    follow,
    form_fields,
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


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("", ""),
        ("page=3&utm_source=x", ""),
        ("status=draft&level=nation&level=city&status=in_force", "level=city&status=draft&status=in_force"),
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
    assert f"{settings.BASE_URL}/policies/coal-law/" in alert.body
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


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": ""}, "请填写接收提醒的邮箱"),
        ({"email": "not an address"}, "name@example.org"),
        ({"email": "a" * 300 + "@example.org"}, "254"),
        ({"email": "a\x00@example.org"}, "name@example.org"),
        # Without capitals twice as long as a column is wide.
        ({"email": "İ" * 200 + "@example.org"}, "name@example.org"),
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
        not in client.get("/alerts/").content.decode()
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
    for number in range(15):
        ask(query=f"year={2000 + number}")
    assert AlertMail.objects.count() == 12
    AlertMail.objects.all().delete()
    for number in range(15, 60):
        ask(query=f"year={1960 + number}")
    # What waits is bounded, too: the oldest request has gone.
    assert Subscription.objects.count() == 40
    for subscription in Subscription.objects.order_by("pk")[:20]:
        confirm(subscription=subscription)
    AlertMail.objects.all().delete()
    ask(query="year=1990&level=city")
    assert AlertMail.objects.get().kind == "full"
    send_pending()
    assert link_in(mail.outbox[-1], "manage")
    with pytest.raises(TooManyFiltersError):
        confirm(subscription=Subscription.objects.filter(confirmed_at=None).first())


def test_who_types_in_a_strangers_address_takes_none_of_its_owners_mails():
    for number in range(30):
        ask(query=f"year={1990 + number}", connection="203.0.113.7")
    assert AlertMail.objects.count() == 3
    ask(query="level=park", connection="198.51.100.9")
    assert AlertMail.objects.count() == 4
    assert AlertMail.objects.latest("pk").subscription.query == "level=park"


def test_where_no_mail_is_left_an_earlier_one_leads_to_the_confirmation(client):
    for number in range(13):
        ask(query=f"year={2000 + number}", connection=f"203.0.113.{number}")
    ask(query="level=park", connection="198.51.100.9")
    assert AlertMail.objects.count() == 12
    send_pending()
    page = link_in(mail.outbox[0], "manage")
    mine = Subscription.objects.get(query="level=park")
    link = f"/alerts/confirm/{subscription_token(mine)}/"
    assert f'href="{link}"' in client.get(page).content.decode()
    assert "done=confirmed" in client.post(link)["Location"]
    assert f'href="{link}"' not in client.get(page).content.decode()


def test_confirming_one_too_many_says_so(client):
    for number in range(20):
        follow(f"year={2000 + number}")
        AlertMail.objects.all().delete()
    reader = AlertReader.objects.get()
    more = Subscription(reader=reader, language="zh-hans", query="level=park", frequency="daily")
    more.query_hash, more.text = "x", AlertText.objects.current("zh-hans")
    more.save()
    answer = client.post(f"/alerts/confirm/{subscription_token(more)}/")
    assert "done=full" in answer["Location"]
    assert "关注的筛选已满" in client.get(answer["Location"]).content.decode()


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


def test_the_library_offers_its_current_choice(client, django_assert_max_num_queries):
    client.get("/policies/?level=nation")
    with django_assert_max_num_queries(15):
        text = client.get("/policies/?level=nation&page=2").content.decode()
    assert 'href="/alerts/?level=nation"' in text
    form = client.get("/alerts/?level=nation").content.decode()
    assert 'name="query" value="level=nation"' in form
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
