"""The poster: one sheet, in the page's language, with a code that leads to the page."""

import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from base import made_files
from events.models import EventPage, EventSeries
from events.public import poster as posters
from events.public.poster import Poster
from events.public.qr import qr_svg
from tests.factories.events import at_its_own_time, make_event

# Screens and words: what an engine decides is tested with the services.
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
MM = 72 / 25.4


def words(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize(("size", "sides"), [("a4", (210, 297)), ("a3", (297, 420))])
def test_a_sheet_of_its_size_tagged_in_the_language_of_the_page(client, size, sides):
    cache.clear()
    page = make_event()
    response = client.get(f"/event/{page.pk}/poster-{size}.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Robots-Tag"] == "noindex"
    reader = PdfReader(io.BytesIO(response.content))
    (sheet,) = reader.pages
    assert [round(float(side) / MM) for side in sheet.mediabox[2:]] == list(sides)
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("zh")
    assert reader.metadata.title == page.title
    text = words(response.content).replace("\n", "")
    assert page.title in text
    assert "示例" in text


def test_the_code_leads_to_the_page_and_says_how_the_reader_came(page_at, settings):
    settings.BASE_URL = "https://window.example.org"
    sheet = Poster(at_its_own_time(page_at("events/solar-chain-meeting", "en")), "a4")
    assert sheet.target == "https://window.example.org/en/events/solar-chain-meeting/?from=poster"
    assert sheet.files["code.svg"] == qr_svg(sheet.target)
    assert sheet.data["day"] == "20 May"
    assert [row[0] for row in sheet.data["programme"]][:2] == ["09:30–10:00", "10:00–10:45"]


def test_the_longest_words_there_may_be_stay_on_one_sheet():
    series = EventSeries.objects.create(slug="s", name="系" * 120)
    page = make_event(
        title="题" * 255, summary="摘" * 300, venue="地" * 200, address="址" * 200, series=series,
        organisers="办" * 300, event_languages="语" * 100, is_called_off=True,
    )  # fmt: skip
    content = Poster(page, "a4").make()
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    assert "已取消" in words(content)


def test_a_page_without_picture_has_a_poster_all_the_same():
    page = make_event(illustration="", title="\U0001f600 <b>#标题*")
    assert "〓" in words(Poster(page, "a4").make())


def test_it_carries_the_name_of_the_site_in_its_language():
    page = make_event()
    english = page.get_translations().get()
    for one, code, name in ((page, "zh-hans", "上党区推介窗口"), (english, "en", "Shangdang")):
        with translation.override(code):
            assert Poster(one, "a4").data["site"].startswith(name)


def test_it_is_made_once_and_not_too_often(client, monkeypatch):
    cache.clear()
    page = make_event()
    made = []
    monkeypatch.setattr(Poster, "make", lambda self: made.append(1) or b"%PDF")
    monkeypatch.setattr(made_files, "PER_ADDRESS", 1)
    address = f"/event/{page.pk}/poster-a4.pdf"
    assert [client.get(address).status_code for _ in range(2)] == [200, 200]
    assert len(made) == 1
    refused = client.get(f"/event/{page.pk}/poster-a3.pdf")
    assert (refused.status_code, refused["Retry-After"]) == (429, "300")


def test_a_poster_that_can_not_be_made_is_told_in_words(client, monkeypatch):
    cache.clear()
    monkeypatch.setattr(posters, "TEMPLATE", posters.TEMPLATE.with_name("poster.py"))
    response = client.get(f"/event/{make_event().pk}/poster-a4.pdf")
    assert response.status_code == 422
    assert "海报" in response.content.decode()


@pytest.mark.parametrize("rest", ["poster-a5.pdf", "poster-a4.pdf/x"])
def test_other_sizes_there_are_none(client, rest):
    assert client.get(f"/event/{make_event().pk}/{rest}").status_code == 404


def test_editors_see_the_poster_of_a_draft_and_nobody_else(client, make_user):
    page = make_event()
    page.unpublish()
    draft = EventPage.objects.get(pk=page.pk)
    draft.title = "还没发布的活动"
    draft.save_revision()
    address = reverse("event_poster", args=[page.pk, "a4"])
    client.force_login(make_user("CRM officers"))
    assert client.get(address).status_code in (302, 403)
    client.force_login(make_user("Editors"))
    assert "还没发布的活动" in words(client.get(address).content)
    assert (
        address in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    )
    for odd in (f"/admin/events/poster/{2**40}/a4/", f"/admin/events/poster/{page.pk}/a9/"):
        assert client.get(odd).status_code == 404
