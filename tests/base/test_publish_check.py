"""An incomplete page can be saved, never published."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail_localize.models import StringSegment, Translation, TranslationSource

from home.models import StandardPage
from products.models import ProductPage

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


def form_data(**changes):
    data = {
        "title": "新页",
        "slug": "new-page",
        "summary": "一句话。",
        "search_description": "给搜索看的一句话。",
        "source_name": "本站",
        "keywords": "",
        "seo_title": "",
        "illustration": "",
        "source_url": "",
        "source_on": "",
        "displayed_at": "",
        "go_live_at": "",
        "expire_at": "",
        "body": streamfield([("text", rich_text("<p>正文</p>"))]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0},
    }
    return nested_form_data({**data, **changes})


@pytest.fixture
def add_url(home):
    return reverse("wagtailadmin_pages:add", args=["home", "standardpage", home.pk])


@pytest.mark.parametrize("field", ["summary", "search_description", "source_name"])
def test_publishing_is_refused_and_says_what_is_missing(client, make_user, add_url, field):
    client.force_login(make_user("Publishers"))
    response = client.post(add_url, form_data(**{field: "", "action-publish": "1"}))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not StandardPage.objects.filter(slug="new-page").exists()


def test_an_incomplete_page_is_saved_as_a_draft(client, make_user, add_url):
    client.force_login(make_user("Editors"))
    client.post(add_url, form_data(summary="", source_name=""))
    page = StandardPage.objects.get(slug="new-page")
    assert not page.live


def test_a_complete_page_is_published(client, make_user, add_url):
    client.force_login(make_user("Publishers"))
    client.post(add_url, form_data(**{"action-publish": "1"}))
    assert StandardPage.objects.get(slug="new-page").live
    assert client.get("/new-page/").status_code == 200


def test_an_editor_cannot_publish(client, make_user, add_url):
    client.force_login(make_user("Editors"))
    client.post(add_url, form_data(**{"action-publish": "1"}))
    assert not StandardPage.objects.filter(slug="new-page", live=True).exists()


def test_the_panel_lists_what_is_missing(client, make_user, home):
    page = home.add_child(instance=StandardPage(title="半页", slug="half", live=False))
    client.force_login(make_user("Editors"))
    text = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    for problem in page.publish_problems():
        assert problem.message in text


def test_bulk_publishing_is_refused_too(client, make_user, home):
    page = home.add_child(instance=StandardPage(title="半页", slug="half", live=False))
    client.force_login(make_user("Publishers"))
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{url}?id={page.pk}", {"next": "/admin/"})
    page.refresh_from_db()
    assert not page.live


@pytest.mark.parametrize("words", ["有疗效", "可以治疗咳嗽", "It cures coughs"])
def test_health_claims_keep_a_specialty_from_being_published(page_at, words):
    page = page_at("products/lu-dangshen")
    assert page.publish_problems() == []
    page.summary = words
    assert [problem.field for problem in page.publish_problems()] == ["body"]
    assert isinstance(page, ProductPage)


def test_the_date_cannot_be_set_back_or_ahead(page_at):
    page = page_at("about")
    page.displayed_at = page.first_published_at - timedelta(days=1)
    assert [problem.field for problem in page.publish_problems()] == ["displayed_at"]
    assert page.pub_date == page.first_published_at
    page.displayed_at = timezone.now() + timedelta(days=1)
    with pytest.raises(ValidationError):
        page.full_clean()
    page.displayed_at = page.first_published_at + timedelta(microseconds=1)
    page.full_clean()
    assert page.publish_problems() == []


def test_a_date_before_the_first_publishing_counts_from_then(client, make_user, add_url):
    client.force_login(make_user("Publishers"))
    client.post(add_url, form_data(displayed_at="2020-01-01 08:00", **{"action-publish": "1"}))
    page = StandardPage.objects.get(slug="new-page")
    assert page.live
    assert page.pub_date == page.first_published_at


def test_approving_a_draft_that_became_incomplete_is_refused(client, make_user, add_url):
    client.force_login(make_user("Editors"))
    client.post(add_url, form_data(**{"action-submit": "1"}))
    page = StandardPage.objects.get(slug="new-page")
    client.force_login(make_user("Publishers"))
    edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    url = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[page.pk, "approve", page.current_workflow_task_state.pk],
    )
    client.post(edit_url, form_data(summary=""))
    client.post(url)
    page.refresh_from_db()
    assert not page.live
    client.post(edit_url, form_data())
    client.post(url)
    page.refresh_from_db()
    assert page.live


def translate(client, page, field, text):
    """Write one string as its translator and return the source for the update view."""
    source = TranslationSource.objects.get(object_id=page.translation_key)
    segment = StringSegment.objects.filter(source=source, context__path=field).first()
    translation = Translation.objects.get(source=source, target_locale=page.locale)
    url = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    client.put(url, urlencode({"value": text}), content_type="application/x-www-form-urlencoded")
    return source


def test_a_translation_is_checked_as_it_would_become(client, make_user, page_at):
    client.force_login(make_user("Publishers"))
    page = page_at("products/lu-dangshen", "en")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    translate(client, page, "summary", "It cures coughs.")
    client.post(url, {"action": "publish"})
    assert "It cures coughs." not in client.get(page.url).content.decode()
    translate(client, page, "summary", "A root of these hills.")
    client.post(url, {"action": "publish"})
    assert "A root of these hills." in client.get(page.url).content.decode()


@pytest.mark.parametrize(("role", "published"), [("Editors", False), ("Publishers", True)])
def test_updating_translations_publishes_for_publishers_only(
    client, make_user, page_at, role, published
):
    client.force_login(make_user(role))
    page = page_at("about", "en")
    source = translate(client, page, "summary", "Quite new words.")
    url = reverse("wagtail_localize:update_translations", args=[source.pk])
    client.post(url, {"publish_translations": "on"})
    assert ("Quite new words." in client.get(page.url).content.decode()) is published


@pytest.mark.parametrize(
    ("title", "slug"),
    [("长治上党", "chang-zhi-shang-dang"), ("科创飞地", "ke-chuang-fei-di"), ("Plain", "plain")],
)
def test_chinese_titles_get_pinyin_addresses(home, title, slug):
    assert home.add_child(instance=StandardPage(title=title)).slug == slug


def test_a_typed_chinese_address_becomes_pinyin_and_stays_unique(home):
    first = home.add_child(instance=StandardPage(title="甲", slug="飞地"))
    second = home.add_child(instance=StandardPage(title="乙", slug="飞地"))
    assert (first.slug, second.slug) == ("fei-di", "fei-di-2")
