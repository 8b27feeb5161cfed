"""What nobody published, nobody reads: drafts, private pages and their documents."""

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Page, PageViewRestriction

from base.models import CustomDocument
from base.visibility import visible
from home.models import StandardPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return CustomDocument.objects.create(
        title="Plan", file=ContentFile(b"%PDF-1.4 plan", name="plan.pdf")
    )


@pytest.fixture
def publish(django_capture_on_commit_callbacks):
    """Publish, and let the tasks that wait for the commit run: the index of references is one."""

    def publish(page):
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()

    return publish


@pytest.fixture
def page(home, document):
    body = [
        {
            "type": "documents",
            "value": [{"type": "item", "id": "a1", "value": {"document": document.pk, "note": ""}}],
        }
    ]
    page = StandardPage(title="带附件的页", slug="with-file", live=False)
    page.body = StandardPage._meta.get_field("body").to_python(body)
    return home.add_child(instance=page)


def test_visible_equals_live_and_public(page_at):
    for code in ("zh-hans", "en"):
        PageViewRestriction.objects.create(
            page=page_at("culture", code).page_ptr, restriction_type="login"
        )
    expected = set(Page.objects.live().public().values_list("pk", flat=True))
    assert set(visible(Page.objects.all()).values_list("pk", flat=True)) == expected
    assert page_at("culture/yincheng").pk not in expected
    assert len(expected) > 100


@pytest.mark.parametrize("code", ["zh-hans", "en"])
def test_what_is_private_in_one_language_is_private_in_all(client, page_at, code):
    PageViewRestriction.objects.create(
        page=page_at("culture", code).page_ptr, restriction_type="login"
    )
    shown = visible(Page.objects.all())
    for prefix, other in (("", "zh-hans"), ("/en", "en")):
        assert not shown.filter(pk=page_at("culture/yincheng", other).pk).exists()
        assert client.get(f"{prefix}/culture/").status_code == 302
        assert client.get(f"{prefix}/culture/yincheng/").status_code == 302
        assert client.get(f"{prefix}/policies/").status_code == 200


def test_draft_page_is_not_found(client, page):
    assert client.get("/with-file/").status_code == 404


def test_document_of_a_draft_is_not_found(client, page, document):
    assert client.get(document.url).status_code == 404


def test_document_follows_its_page(client, page, document, publish):
    publish(page)
    assert client.get(document.url).status_code == 200
    page.refresh_from_db()
    page.unpublish()
    assert client.get(document.url).status_code == 404


def test_document_of_a_private_page_is_not_found(client, page, document, publish):
    publish(page)
    PageViewRestriction.objects.create(page=page.page_ptr, restriction_type="login")
    assert client.get(document.url).status_code == 404


def test_document_that_nothing_shows_is_not_found(client, document):
    assert client.get(document.url).status_code == 404


def test_editor_may_look_at_the_document_of_a_draft(client, make_user, page, document):
    client.force_login(make_user("Editors"))
    assert client.get(document.url).status_code == 200


def test_stored_files_are_not_readable_by_their_path(client, page, document, publish):
    publish(page)
    assert client.get(f"/media/{document.file.name}").status_code == 404
    assert client.get("/media/original_images/x.jpg").status_code == 404
    assert client.get("/media/images/../documents/plan.pdf").status_code == 400


@pytest.mark.parametrize(
    "address", ["/sitemap/", "/sitemap.xml", "/search/?q=荫城", "/", "/culture/"]
)
def test_private_page_is_listed_nowhere(client, page_at, address):
    yincheng = page_at("culture/yincheng")
    shown = client.get(address).content.decode()
    PageViewRestriction.objects.create(page=yincheng.page_ptr, restriction_type="login")
    hidden = client.get(address).content.decode()
    assert "/culture/yincheng/" in shown
    assert "/culture/yincheng/" not in hidden


def test_link_to_a_draft_becomes_plain_words(client, home, page):
    body = [{"type": "text", "value": f'<p>见<a linktype="page" id="{page.pk}">附件</a>。</p>'}]
    linking = StandardPage(title="链接页", slug="linking")
    linking.body = StandardPage._meta.get_field("body").to_python(body)
    home.add_child(instance=linking)
    text = client.get("/linking/").content.decode()
    assert "附件" in text
    assert "with-file" not in text
