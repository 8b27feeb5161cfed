"""The official layout on the screen and as files, and who may read them."""

import io
from datetime import date
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from docx import Document
from docx.shared import Mm, Pt
from PIL import Image
from pypdf import PdfReader
from wagtail.models import PageViewRestriction

from base import made_files
from base.models import CustomDocument, CustomImage
from policies.models import PolicyPage
from policies.official import files, pdf

pytestmark = pytest.mark.django_db

BODY = [
    {"type": "heading", "value": "一、总体要求"},
    {
        "type": "text",
        "value": "<p>为<b>贯彻</b>条例，制定本办法。</p><ul><li>高新技术企业</li></ul>",
    },
    {
        "type": "facts",
        "value": [{"type": "item", "value": {"label": "第九条", "value": "鼓励", "note": ""}}],
    },
]
OFFICIAL = {
    "is_full_text": True,
    "agency_heading": "长治市上党区人民政府文件",
    "document_number": "上政发〔2026〕3号",
    "signatory": "王某某",
    "issuing_body": "长治市上党区人民政府",
    "addressees": "各乡镇人民政府",
    "adopted_on": date(2026, 3, 1),
    "attachment_note": "申报表；审查结论",
    "annotation": "此件公开发布",
    "copies_to": "区委办公室",
    "printed_by": "区政府办公室",
    "printed_on": date(2026, 3, 2),
}


@pytest.fixture
def policy(page_at) -> PolicyPage:
    """A policy of the seed, its elements as a made-up document of the district has them."""
    page = page_at("policies/coal-law")
    for name, value in OFFICIAL.items():
        setattr(page, name, value)
    page.body = BODY
    page.save()
    return page


def address(page, rest: str, prefix: str = "") -> str:
    return f"{prefix}/policy-record/{page.pk}/{rest}"


def test_an_official_document_has_its_elements_in_their_order(client, policy):
    text = client.get(address(policy, "official/")).content.decode()
    article = text[text.index("<article") : text.index("</article>")]
    elements = [
        "sheet__heading",
        "长治市上党区人民政府文件",
        "上政发〔2026〕3号",
        "签发人：王某某",
        "sheet__line",
        "sheet__title",
        "各乡镇人民政府：",
        "一、总体要求",
        "附件：",
        "2. 审查结论",
        "长治市上党区人民政府<br>",
        "2026年3月1日",
        "（此件公开发布）",
        "抄送：区委办公室。",
        "2026年3月2日印发",
    ]
    places = [article.find(element) for element in elements]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.engine_free
def test_a_summary_is_never_dressed_up_as_an_official_document(client, policy):
    policy.is_full_text = False
    policy.save()
    response = client.get(address(policy, "official/"))
    text = response.content.decode()
    assert response.context["sheet"].kind == "summary"
    assert "（本站摘要）" in text[text.index("<h1") : text.index("</h1>")]
    assert "以正式公布的文本为准" in text
    for mark in ("sheet__heading", "sheet__line", "sheet__signature", "sheet__imprint", "签发人"):
        assert mark not in text


@pytest.mark.engine_free
def test_every_policy_of_the_seed_is_laid_out_as_a_summary(client, page_at):
    for code, prefix, words in (("zh-hans", "", "本站摘要"), ("en", "/en", "summary by this site")):
        page = page_at("policies/company-law", code)
        text = client.get(address(page, "official/", prefix)).content.decode()
        assert words in text[text.index("<h1") : text.index("</h1>")]


@pytest.mark.engine_free
def test_a_law_and_a_translation_have_no_red_head(client, policy, page_at):
    policy.agency_heading = ""
    policy.save()
    assert client.get(address(policy, "official/")).context["sheet"].kind == "text"
    english = page_at("policies/coal-law", "en")
    english.is_full_text, english.agency_heading = True, "Document of the Government"
    english.save()
    response = client.get(address(english, "official/", "/en"))
    assert response.context["sheet"].kind == "translation"
    assert b"sheet__heading" not in response.content


@pytest.mark.engine_free
def test_a_sample_is_no_official_document(client, policy):
    policy.is_sample = True
    policy.save()
    sheet = client.get(address(policy, "official/")).context["sheet"]
    assert not sheet.is_official
    assert any("示例" in notice for notice in sheet.notices)


@pytest.mark.engine_free
def test_the_address_of_another_language_leads_to_ones_own(client, policy):
    response = client.get(address(policy, "compare/", "/en") + "?a=1&b=2")
    assert response.status_code == 302
    assert response["Location"] == address(policy, "compare/") + "?a=1&b=2"


REST = ["official/", "word/", "pdf/", "versions/", "versions/1/", "versions/1/pdf/", "compare/"]


def test_what_is_not_public_can_not_be_read_by_its_address(client, policy):
    assert [client.get(address(policy, rest)).status_code for rest in REST] == [200] * 7
    restriction = PageViewRestriction.objects.create(
        page=policy, restriction_type=PageViewRestriction.LOGIN
    )
    for rest in REST:
        closed = client.get(address(policy, rest))
        assert closed.status_code == 302
        assert "/login/" in closed["Location"]
        assert "no-store" in closed["Cache-Control"]
    restriction.delete()
    policy.unpublish()
    assert [client.get(address(policy, rest)).status_code for rest in REST] == [404] * 7


@pytest.mark.engine_free
def test_a_password_is_asked_for_in_every_language(client, policy, page_at):
    english = page_at("policies/coal-law", "en")
    PageViewRestriction.objects.create(
        page=policy, restriction_type=PageViewRestriction.PASSWORD, password="geheim"
    )
    for page, prefix in ((policy, ""), (english, "/en")):
        response = client.get(address(page, "official/", prefix))
        assert response.status_code == 200
        assert b'name="password"' in response.content
        assert b"sheet" not in response.content


@pytest.mark.parametrize("rest", ["official/", "versions/99/", "versions/99/word/", "compare/"])
def test_unknown_and_huge_numbers_are_not_found(client, policy, rest):
    for key in (10**9, 10**40):
        assert client.get(f"/policy-record/{key}/{rest}").status_code == 404
    for number in (99, 10**40):
        assert client.get(address(policy, f"versions/{number}/")).status_code == 404


@pytest.mark.engine_free
def test_only_reading_is_allowed(client, policy):
    assert client.post(address(policy, "pdf/")).status_code == 405


@pytest.mark.engine_free
def test_the_word_file_has_the_styles_and_the_measures(client, policy):
    response = client.get(address(policy, "word/"))
    name = unquote(response["Content-Disposition"])
    assert name.startswith("attachment; filename*=utf-8''中华人民共和国煤炭法")
    assert name.endswith(".docx")
    document = Document(io.BytesIO(response.content))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [37, 35, 28, 26]
    styles = {p.text: p.style.name for p in document.paragraphs}
    assert styles["长治市上党区人民政府文件"] == "Agency Heading"
    assert styles["中华人民共和国煤炭法"] == "Title"
    assert styles["一、总体要求"] == "Heading 1"
    assert styles["高新技术企业"] == "List Bullet"
    normal = document.styles["Normal"]
    assert normal.paragraph_format.line_spacing == Pt(28.95)
    assert 'w:eastAsia="仿宋_GB2312"' in normal.element.xml
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["第九条", "鼓励"]
    assert "上政发〔2026〕3号" in [
        cell.text for row in document.tables[1].rows for cell in row.cells
    ]


@pytest.mark.engine_free
def test_the_pdf_is_tagged_and_has_title_language_and_text(client, policy):
    response = client.get(address(policy, "pdf/"))
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    catalogue = reader.trailer["/Root"]
    assert reader.metadata.title == "中华人民共和国煤炭法"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).startswith("zh")
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert "长治市上党区人民政府文件" in text
    assert "为贯彻条例，制定本办法。" in text


@pytest.mark.engine_free
def test_a_file_is_made_once_and_anew_when_the_text_changes(client, policy, monkeypatch):
    made = []

    def counted(sheet, **kwargs):
        made.append(sheet)
        return b"%PDF"

    kind = files.KINDS["pdf"]
    monkeypatch.setitem(files.KINDS, "pdf", files.Kind(kind.ending, kind.media_type, counted))
    cache.clear()
    for _ in range(2):
        client.get(address(policy, "pdf/"))
    assert len(made) == 1
    policy.annotation = "此件依申请公开"
    policy.save()
    client.get(address(policy, "pdf/"))
    assert [sheet.annotation for sheet in made] == ["此件公开发布", "此件依申请公开"]


@pytest.mark.engine_free
def test_too_many_files_are_refused_in_words(client, policy, monkeypatch):
    cache.clear()
    monkeypatch.setattr(made_files, "PER_ADDRESS", 1)
    assert client.get(address(policy, "word/")).status_code == 200
    response = client.get(address(policy, "pdf/"))
    assert response.status_code == 429
    assert response["Retry-After"] == "300"
    assert "请过几分钟再试" in response.content.decode()
    # What is kept already costs nothing.
    assert client.get(address(policy, "word/")).status_code == 200


@pytest.mark.engine_free
def test_a_document_beyond_the_limit_has_no_file(client, policy, monkeypatch):
    cache.clear()
    monkeypatch.setattr(files, "MOST_CHARACTERS", 3)
    response = client.get(address(policy, "word/"))
    assert response.status_code == 422
    assert "篇幅过长" in response.content.decode()


@pytest.mark.engine_free
def test_a_maker_that_fails_says_so(client, policy, monkeypatch):
    cache.clear()
    # No template of typst's.
    monkeypatch.setattr(pdf, "TEMPLATE", pdf.TEMPLATE.with_name("words.py"))
    response = client.get(address(policy, "pdf/"))
    assert response.status_code == 422
    assert "无法" in response.content.decode()


@pytest.mark.engine_free
def test_the_tools_stand_on_the_page(client, policy):
    text = client.get(policy.url).content.decode()
    for rest in ("official/", "word/", "pdf/", "versions/"):
        assert f'href="{address(policy, rest)}"' in text
    assert "摘要由本站撰写" not in text


@pytest.mark.engine_free
def test_a_full_text_without_a_text_is_not_published(policy):
    policy.body = []
    assert [problem.field for problem in policy.publish_problems()] == ["body"]


def test_queries_of_the_layout(client, policy, django_assert_max_num_queries):
    client.get(address(policy, "official/"))
    with django_assert_max_num_queries(15):
        client.get(address(policy, "official/"))


@pytest.fixture
def picture(db) -> CustomImage:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(content, "JPEG")
    return CustomImage.objects.create(
        title="井架", file=ContentFile(content.getvalue(), "headframe.jpg")
    )


@pytest.mark.engine_free
def test_pictures_and_files_are_shown_while_the_public_page_has_them(client, policy, picture):
    document = CustomDocument.objects.create(title="申报表", file=ContentFile(b"x", "form.docx"))
    show = [
        {"type": "picture", "value": {"image": picture.pk, "alt": "井架", "caption": "图一"}},
        {
            "type": "documents",
            "value": [{"type": "item", "value": {"document": document.pk, "note": ""}}],
        },
    ]
    policy.body = [*BODY, *show]
    policy.save()
    text = client.get(address(policy, "official/")).content.decode()
    assert '<img src="/media/images/' in text
    assert f'href="{document.url}"' in text
    word = Document(io.BytesIO(client.get(address(policy, "word/")).content))
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == ["井架"]
    pages = PdfReader(io.BytesIO(client.get(address(policy, "pdf/")).content)).pages
    assert sum(len(page.images) for page in pages) == 1
    shown = policy.versions.order_by("number").last().number
    policy.body = BODY
    policy.save()
    old = client.get(address(policy, f"versions/{shown}/")).content.decode()
    assert "图一" in old
    assert "/media/images/" not in old[old.index("<article") : old.index("</article>")]
    assert document.url not in old


@pytest.mark.engine_free
def test_links_lead_to_public_pages_only(client, policy, page_at):
    law = page_at("policies/patent-law")
    policy.body = [
        {
            "type": "links",
            "value": [{"type": "item", "value": {"page": law.pk, "title": "", "url": ""}}],
        },
        {"type": "text", "value": f'<p>见<a linktype="page" id="{law.pk}">该法</a>。</p>'},
    ]
    policy.save()
    text = client.get(address(policy, "official/")).content.decode()
    article = text[text.index("<article") : text.index("</article>")]
    assert article.count(f'href="{law.url}"') == 2
    assert law.title in article
    law.unpublish()
    text = client.get(address(policy, "official/")).content.decode()
    article = text[text.index("<article") : text.index("</article>")]
    assert law.url not in article
    assert law.title not in article
    assert "该法" in article
