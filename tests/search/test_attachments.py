"""Attachments are found by their text, and only by those who may open them.

`files/guide.pdf` was printed by Chromium from a page of two sheets; like many PDFs it names some
characters by the radicals that look the same. `files/drawing.pdf` has lines and no words.
"""

import io
import time
import zipfile
from pathlib import Path

import docx
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    ReferenceIndex,
)

from base.models import CustomDocument
from home.models import StandardPage
from search import attachment_reader
from search.api import search
from search.attachment_pages import texts_for, texts_for_many
from search.attachment_reader import Limits, tidy
from search.attachments import explain, read_text
from search.documents import documents_for
from search.models import AttachmentText, Entry
from search.results import Question

FILES = Path(__file__).parent / "files"
GUIDE = FILES / "guide.pdf"
SENTENCE = "长治市上党区科技成果转化基地，飞地园区的机构，青年行业。"


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=GUIDE)
    writer.encrypt(password, "only the owner", algorithm="RC4-128")
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def many_pages(count: int) -> bytes:
    writer = PdfWriter()
    sheet = PdfReader(GUIDE).pages[1]
    for _number in range(count):
        writer.add_page(sheet)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def word_file() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "上党区人民政府文件"
    document.add_paragraph("关于支持中试基地的若干措施")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "设备补助"
    table.cell(0, 1).text = "百分之十五"
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def spreadsheet() -> bytes:
    book = Workbook()
    book.active.append(["企业名称", "投资额"])
    book.active.append(["上党氢能公司", 1200.0])
    hidden = book.create_sheet("底稿")
    hidden.append(["内部数字"])
    hidden.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def archive(declared: int = 0, **parts: str) -> bytes:
    """An archive with these parts. `declared`: the size that its directory claims for each."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), text)
        for part in packed.infolist():
            part.file_size = declared or part.file_size
    return content.getvalue()


def slide(text: str) -> str:
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    return f'<s xmlns:a="{space}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></s>'


def word_part(inside: str) -> str:
    spaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    return f"<w:document {spaces}><w:body>{inside}</w:body></w:document>"


def stuck() -> bytes:
    """A PDF of one page that shows a drawing ten times, which shows another ten times, and so on."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    inner = None
    for _level in range(9):
        form = DecodedStreamObject()
        form.set_data(b"q Q " * 300 + b"/D Do " * 10)
        form.update({NameObject("/Type"): NameObject("/XObject")})
        form.update({NameObject("/Subtype"): NameObject("/Form")})
        drawings = DictionaryObject({NameObject("/D"): inner} if inner else {})
        resources = DictionaryObject({NameObject("/XObject"): drawings})
        form[NameObject("/Resources")] = resources
        inner = writer._add_object(form)
    page[NameObject("/Contents")] = inner
    page[NameObject("/Resources")] = resources
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def read(content: bytes, name: str, **limits):
    return read_text(io.BytesIO(content), name, Limits(**limits) if limits else None)


class TestReading:
    pytestmark = pytest.mark.engine_free

    def test_pdf(self):
        found = read_text(GUIDE, "指南.PDF")
        assert (found.state, found.pages, found.cut, found.error) == ("read", 2, False, "")
        assert found.text == f"通知\n{SENTENCE}\n第二页 氢能"

    def test_pdf_that_only_its_owner_may_change(self):
        assert SENTENCE in read(encrypted(""), "a.pdf").text

    @pytest.mark.parametrize(
        ("content", "name", "error"),
        [
            (encrypted("secret"), "a.pdf", "encrypted"),
            (GUIDE.read_bytes()[:600], "a.pdf", "damaged"),
            (b"", "a.pdf", "damaged"),
            (b"no PDF at all", "a.pdf", "damaged"),
            (b"no archive at all", "a.docx", "damaged"),
            (word_file()[:3000], "a.docx", "damaged"),
            (archive(other_xml="<a/>"), "a.docx", "damaged"),
            (archive(other_xml="<a/>"), "a.pptx", "damaged"),
            (archive(other_xml="<a/>"), "a.xlsx", "damaged"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.txt", "damaged"),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "a.docx",
                "encrypted",
            ),
        ],
    )
    def test_files_that_give_no_text(self, content, name, error):
        found = read(content, name)
        assert (found.state, found.error, found.text) == ("failed", error, "")

    def test_pdf_without_words(self):
        found = read_text(FILES / "drawing.pdf", "drawing.pdf")
        assert (found.state, found.pages, found.error) == ("empty", 1, "")

    def test_long_pdf_is_cut(self):
        found = read(many_pages(12), "a.pdf", pages=10)
        assert (found.state, found.pages, found.cut) == ("read", 12, True)
        assert found.text.count("氢能") == 10

    def test_word(self):
        found = read(word_file(), "a.docx")
        assert found.text.split("\n") == [
            "上党区人民政府文件",
            "关于支持中试基地的若干措施",
            "设备补助",
            "百分之十五",
        ]

    def test_word_text_box_once_and_nothing_that_was_deleted(self):
        text_box = "<w:p><w:r><w:t>文本框</w:t></w:r></w:p>"
        part = word_part(
            f"<mc:AlternateContent><mc:Choice>{text_box}</mc:Choice>"
            f"<mc:Fallback>{text_box}</mc:Fallback></mc:AlternateContent>"
            "<w:p><w:del><w:r><w:delText>删去的话</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>加上的话</w:t></w:r></w:ins></w:p>"
        )
        assert read(archive(word__document_xml=part), "a.docx").text == "文本框\n加上的话"

    def test_spreadsheet_without_hidden_sheets(self):
        assert read(spreadsheet(), "a.xlsx").text == "Sheet\n企业名称 投资额\n上党氢能公司 1200"

    def test_slides_in_their_order(self):
        slides = {f"ppt__slides__slide{n}_xml": slide(f"第{n}页") for n in (1, 10, 2)}
        found = read(archive(**slides), "a.pptx")
        assert (found.text, found.pages) == ("第1页\n第2页\n第10页", 3)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_plain_text(self, encoding):
        found = read("企业,补贴\r\n上党公司,氢能".encode(encoding), "a.csv")
        assert (found.text, found.cut) == ("企业,补贴\n上党公司,氢能", False)

    def test_plain_text_is_cut_between_characters(self):
        found = read(("氢能" * 5000).encode("gb18030"), "a.txt", characters=1001)
        assert (found.state, len(found.text), found.cut) == ("read", 1001, True)

    def test_other_kinds_are_left_alone(self):
        assert read(archive(a_txt="text"), "a.zip").state == "unsupported"

    def test_archive_that_unpacks_to_too_much(self):
        bomb = archive(declared=201 * 1024 * 1024, word__document_xml=word_part(""))
        assert read(bomb, "a.docx").error == "too_large"
        assert read(bomb, "a.xlsx").error == "too_large"

    def test_entities_are_refused(self):
        part = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">]><d><t>&a;</t></d>'
        assert read(archive(word__document_xml=part), "a.docx").error == "damaged"

    def test_larger_than_what_may_be_uploaded(self, settings):
        settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 100
        assert read_text(GUIDE, "guide.pdf").error == "too_large"

    def test_missing(self, tmp_path):
        assert read_text(tmp_path / "gone.pdf", "gone.pdf").error == "missing"

    def test_endless_reading_is_ended(self):
        started = time.monotonic()
        found = read(stuck(), "a.pdf", seconds=1)
        assert (found.state, found.error) == ("failed", "too_slow")
        assert time.monotonic() - started < 5

    def test_what_was_read_before_the_time_was_over_is_kept(self):
        found = attachment_reader.read(GUIDE, "pdf", Limits(seconds=0))
        assert (found["state"], found["cut"], found["pages"]) == ("read", True, 2)
        assert "氢能" not in found["text"]

    def test_greedy_reading_is_ended(self):
        part = word_part("<w:p><w:r><w:t>" + "x" * 50_000_000 + "</w:t></w:r></w:p>")
        found = read(archive(word__document_xml=part), "a.docx", memory=100 * 1024 * 1024)
        assert (found.state, found.error) == ("failed", "too_much_memory")

    def test_tidy(self):
        assert tidy("a\0b\x07\u200bc\ud800 \u3000 d\r\n\n e\ue123f") == "abc d\ne f"
        assert tidy("⻓治⽂件 ⾦融") == "长治文件 金融"
        assert tidy("通 知\n企业 名称") == "通知\n企业 名称"
        torn = "第一章\n为了促进科技成果转\n化，制定本条例。\n第二条\nEnglish\nlines"
        assert tidy(torn, broken_lines=True) == (
            "第一章\n为了促进科技成果转化，制定本条例。\n第二条\nEnglish\nlines"
        )


# --- Documents and pages --------------------------------------------------------------------


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Let what waits for the commit run, as it does on the site."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def document(db, committed):
    with committed():
        return CustomDocument.objects.create(
            title="申报指南", file=ContentFile(GUIDE.read_bytes(), name="guide.pdf")
        )


@pytest.fixture
def show(home, committed):
    """Publish a page with documents in its body: in a block, or linked from a sentence."""

    def show(*documents, live=True, slug="with-file", link=False, below=None):
        items = [
            {"type": "item", "id": f"d{d.pk}", "value": {"document": d.pk, "note": ""}}
            for d in documents
        ]
        body = [{"type": "documents", "value": items}]
        if link:
            links = "".join(f'<a linktype="document" id="{d.pk}">x</a>' for d in documents)
            body = [{"type": "text", "value": f"<p>{links}</p>"}]
        page = StandardPage(title="带附件的页", slug=slug, live=live)
        page.body = StandardPage._meta.get_field("body").to_python(body)
        with committed():
            (below or home).add_child(instance=page)
        return StandardPage.objects.get(pk=page.pk)

    return show


def in_step(page) -> bool:
    """Whether the index has the page as it would be indexed now."""
    return Entry.objects.get(pk=page.pk).fingerprint == documents_for([page])[0].fingerprint


def test_new_document_is_read(document):
    text = document.search_text
    assert (text.state, text.pages, text.file_hash) == ("read", 2, document.get_file_hash())
    assert SENTENCE in text.text


@pytest.mark.parametrize("link", [False, True])
def test_page_has_the_texts_of_its_documents(document, show, link):
    page = show(document, link=link)
    [found] = texts_for(page)
    assert found == ("申报指南", document.filename, document.search_text.text)
    assert texts_for_many([page.pk]) == {page.pk: [found]}
    assert in_step(page)


def test_page_is_read_itself_when_the_references_are_behind(document, show):
    page = show(document)
    ReferenceIndex.remove_for_object(page)
    assert texts_for(page)
    assert texts_for_many([page])[page.pk]


def test_document_without_text_has_its_title(show, committed):
    with committed():
        scan = CustomDocument.objects.create(
            title="扫描件", file=ContentFile((FILES / "drawing.pdf").read_bytes(), name="s.pdf")
        )
    assert [one.title for one in texts_for(show(scan))] == ["扫描件"]
    assert texts_for(Page.objects.get(slug="with-file"))[0].text == ""


def test_draft_gives_nothing_out(document, show):
    page = show(document, live=False)
    assert texts_for(page) == []
    assert texts_for_many([page.pk]) == {page.pk: []}
    assert texts_for_many([page]) == {page.pk: []}


def test_private_page_gives_nothing_out_until_it_is_opened(document, show, home, committed):
    page = show(document)
    with committed():
        restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
        page.save()
    assert texts_for(page) == []
    assert in_step(page)
    with committed():
        restriction.delete()
    assert texts_for(page)
    assert in_step(page)


def test_private_collection_gives_nothing_out(document, show, committed):
    page = show(document)
    internal = Collection.get_first_root_node().add_child(name="内部")
    below = internal.add_child(name="更内部")
    with committed():
        restriction = CollectionViewRestriction.objects.create(
            collection=internal, restriction_type="login"
        )
    with committed():
        document.collection = below
        document.save()
    assert texts_for(page) == []
    assert texts_for_many([page.pk])[page.pk] == []
    assert in_step(page)
    with committed():
        restriction.delete()
    assert texts_for(page)
    assert in_step(page)
    with committed():
        CollectionViewRestriction.objects.create(collection=below, restriction_type="login")
    assert texts_for(page) == []
    assert in_step(page)


def test_another_file_and_another_title(document, show, committed):
    page = show(document)
    with committed():
        document.title = "措施全文"
        document.file = ContentFile(word_file(), name="measures.docx")
        document._set_document_file_metadata()
        document.save()
    [found] = texts_for(page)
    assert found.title == "措施全文"
    assert "中试基地的若干措施" in found.text
    assert in_step(page)


def test_deleted_document_is_found_no_more(document, show, committed):
    page = show(document)
    with committed():
        document.delete()
    page = StandardPage.objects.get(pk=page.pk)
    assert texts_for(page) == []
    assert not AttachmentText.objects.exists()
    assert in_step(page)


def test_page_below_one_that_moves_is_indexed_again(document, show, committed):
    private = show(slug="internal")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    section = show(slug="section")
    page = show(document, below=section)
    assert texts_for(page)
    with committed():
        section.move(StandardPage.objects.get(pk=private.pk), pos="last-child")
    page = StandardPage.objects.get(pk=page.pk)
    assert texts_for(page) == []
    assert in_step(page)


def test_as_many_queries_for_ten_pages_as_for_two(document, show, django_assert_num_queries):
    pages = [show(document, slug=f"page-{number}").pk for number in range(10)]
    texts_for_many(pages[:2])  # content types are remembered from here on
    with django_assert_num_queries(4):
        assert all(texts_for_many(pages[:2]).values())
    with django_assert_num_queries(4):
        assert all(texts_for_many(pages).values())


def test_command_reads_what_was_not_read(show, capsys):
    content = ContentFile(GUIDE.read_bytes(), name="guide.pdf")
    document = CustomDocument.objects.create(title="申报指南", file=content)
    gone = CustomDocument.objects.create(title="丢失", file="documents/gone.pdf")
    page = show(document)
    call_command("read_attachments")
    assert "2 documents read, 1 of them with text." in capsys.readouterr().out
    assert in_step(page)
    assert SENTENCE in texts_for(page)[0].text
    assert AttachmentText.objects.get(document=gone).error == "missing"
    # Only the missing one is looked for again.
    call_command("read_attachments")
    assert "1 documents read, 0 of them with text." in capsys.readouterr().out
    call_command("read_attachments", "--all", "--no-index")
    assert "2 documents read, 1 of them with text." in capsys.readouterr().out


# --- What editors see -----------------------------------------------------------------------


def test_states_in_words():
    with translation.override("en"):
        assert explain(None) == "Not read yet"
        assert explain(AttachmentText(state="read", pages=12)) == "Text read, 12 pages"
        assert explain(AttachmentText(state="read", cut=True)) == (
            "Text read (cut: only the beginning is found)"
        )
        assert explain(AttachmentText(state="empty")) == "No text in it: a scan?"
        assert explain(AttachmentText(state="failed", error="encrypted")) == (
            "Could not be read. It is protected by a password."
        )


def test_report_lists_what_is_not_found(client, make_user, document, committed):
    with committed():
        for name in ("scan.pdf", "data.zip"):
            content = ContentFile((FILES / "drawing.pdf").read_bytes(), name=name)
            CustomDocument.objects.create(title=f"=1+{name}", file=content)
    waiting = CustomDocument.objects.create(title="等待", file="documents/later.pdf")
    client.force_login(make_user("Editors"))
    address = reverse("attachments_without_text")
    listed = client.get(address).context["object_list"]
    assert [one.title for one in listed] == ["=1+data.zip", "=1+scan.pdf", "等待"]
    for state, titles in [("empty", ["=1+scan.pdf"]), ("unread", [waiting.title])]:
        listed = client.get(address, {"state": state}).context["object_list"]
        assert [one.title for one in listed] == titles
    export = b"".join(client.get(address, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "'=1+scan.pdf" in export
    assert str(explain(AttachmentText(state="empty"))) in export


def test_report_is_for_those_who_may_change_documents(client, make_user):
    client.force_login(make_user(username="outsider"))
    assert client.get(reverse("attachments_without_text")).status_code == 302


def test_form_says_whether_the_text_was_read(client, make_user, document):
    client.force_login(make_user("Editors"))
    page = client.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert explain(document.search_text) in page


def test_page_is_found_by_the_text_of_its_document(document, show):
    page = show(document)
    found = {hit.page.pk: hit for hit in search(Question(query="科技成果转化基地飞地园区")).hits}
    assert page.pk in found
    assert "飞地" in found[page.pk].snippet
