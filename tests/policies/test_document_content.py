"""Text of every kind, odd signs among it, becomes paragraphs and files without breaking one."""

import io

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from base.glyphs import clean, shown
from policies.official import pdf, word
from policies.official.content import Paragraph, grouped, heading_levels, read_body
from policies.official.files import file_name
from policies.official.layout import Block, Sheet
from policies.official.record import DATES, TEXTS, Record
from policies.official.rich_text import read_rich_text
from policies.official.words import Run

pytestmark = pytest.mark.engine_free

# What breaks documents: markup of typst and XML, controls, surrogates, signs without a shape.
odd = st.text(
    st.one_of(
        st.sampled_from(
            "#$*_`\\[]{}<>&\"'@~=-+/|;:\x00\x01\x0b\x1f\x7f\u2028\ufeff\u200d\u0301\ud800\udfff\uffff"
        ),
        st.sampled_from("政策〔2026〕号，。《》—…·𠮷㐀😀ꙮعא\ue000\U000f0000\U0010ffff"),
        st.characters(),
    ),
    max_size=25,
)
runs = st.lists(
    st.builds(Run, odd, st.booleans(), st.sampled_from(["", "https://www.gov.cn/?a=1&b=\"'"])),
    max_size=3,
).map(tuple)
KINDS = ["heading", "text", "item", "quote", "notice", "fact", "figure", "step", "link", "document"]
paragraphs = st.lists(
    st.builds(
        Paragraph,
        st.sampled_from(KINDS),
        st.lists(runs, min_size=1, max_size=4).map(tuple),
        number=st.integers(0, 3),
        depth=st.integers(0, 4),
    ),
    max_size=6,
)


def sheet_of(found, text: str, language="zh-hans") -> Sheet:
    blocks = [Block(kind, rows) for kind, rows in grouped(heading_levels(found))]
    return Sheet(
        kind="official",
        language=language,
        title=text,
        blocks=blocks,
        **dict.fromkeys(
            ("heading", "number", "signatory", "addressees", "day", "annotation"), text
        ),
        attachments=[text, text],
        signature=[text],
        copies_to=text,
        printed_by=text,
        printed_on=text,
        notices=[text],
        facts=[(text, text)],
        address=text,
    )


@given(paragraphs, odd, st.sampled_from(["zh-hans", "en"]))
@settings(max_examples=12, deadline=None)
def test_no_text_breaks_a_file(found, text, language):
    sheet = sheet_of(found, text, language)
    content = pdf.make_pdf(sheet)
    assert content.startswith(b"%PDF")
    assert len(PdfReader(io.BytesIO(content)).pages) >= 2
    document = Document(io.BytesIO(word.make_word(sheet)))
    assert clean(text).split("\n")[0].strip() in document.core_properties.title


def test_what_stands_below_a_heading_without_a_sign_moves_up():
    def heading(text: str, level: int) -> Paragraph:
        return Paragraph("heading", ((Run(text),),), number=level)

    found = [heading("\u200d", 1), heading("第一节", 2), heading("第二章", 1), heading("第三节", 2)]
    text = "".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO(pdf.make_pdf(sheet_of(found, "题")))).pages
    )
    assert [line in text for line in ("第一节", "第二章", "第三节")] == [True] * 3


@given(odd)
@settings(max_examples=100, deadline=None)
def test_a_name_of_a_file_has_nothing_that_no_system_takes(text):
    name = file_name(sheet_of([], text), "pdf", 3)
    assert name.endswith("-v3.pdf")
    assert not set(name) & set('\\/:*?"<>|\x00\n\r')
    assert 8 <= len(name) <= 90


def test_markup_of_typst_stays_text():
    sheet = sheet_of([Paragraph("text", ((Run("#panic() *粗* $x$ \\ #let a = 1"),),))], "题")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.make_pdf(sheet))).pages)
    assert "#panic() *粗* $x$ \\ #let a = 1" in text.replace("\n", " ")


def test_a_sign_that_no_font_has_is_set_as_printers_do():
    assert shown("政策😀〔2026〕\u200d号") == "政策〓〔2026〕号"


def test_all_kinds_of_blocks_are_read():
    item = {"type": "item", "id": "1"}
    blocks = [
        {"type": "heading", "value": "一、总则"},
        {
            "type": "text",
            "value": "<h3>（一）</h3><p>甲<b>乙</b><br>丙</p><ol><li>一<ul><li>深</li></ul></li></ol>",
        },
        {
            "type": "picture",
            "value": {"image": None, "illustration": "coal", "alt": "井架", "caption": ""},
        },
        {"type": "quote", "value": {"text": "引语", "attribution": "某人"}},
        {"type": "notice", "value": {"tone": "draft", "text": "<p>提示</p>"}},
        {
            "type": "figures",
            "value": [
                {
                    **item,
                    "value": {
                        "label": "产值",
                        "value": "3",
                        "unit": "亿元",
                        "year": "2023",
                        "source": "公报",
                    },
                }
            ],
        },
        {"type": "facts", "value": [{**item, "value": {"label": "条", "value": "文", "note": ""}}]},
        {"type": "steps", "value": [{**item, "value": {"title": "申报", "text": "填表"}}]},
        {
            "type": "links",
            "value": [{**item, "value": {"title": "", "page": 7, "url": "", "note": "注"}}],
        },
        {"type": "documents", "value": [{**item, "value": {"document": 5, "note": ""}}]},
        {"type": "gone", "value": "x"},
    ]
    found = read_body(blocks)
    assert [(p.kind, p.text, p.number, p.depth) for p in found] == [
        ("heading", "一、总则", 1, 0),
        ("heading", "（一）", 2, 0),
        ("text", "甲乙\n丙", 0, 0),
        ("item", "1. 一", 1, 0),
        ("item", "深", 0, 1),
        ("picture", "井架 · 井架", 0, 0),
        ("quote", "引语", 0, 0),
        ("quote", "—— 某人", 0, 0),
        ("notice", "提示", 0, 0),
        ("figure", "产值 · 3 亿元 · 2023 · 公报", 0, 0),
        ("fact", "条 · 文", 0, 0),
        ("step", "1. 申报 · 填表", 1, 0),
        ("link", "注", 0, 0),
        ("document", "", 0, 0),
    ]
    assert [p.runs[0].href for p in found[-2:]] == ["page:7", "document:5"]


@given(st.text(st.sampled_from('<>/abpulioh3 "=政&;#x'), max_size=80))
@settings(max_examples=150, deadline=None)
def test_broken_html_is_read_as_well_as_can_be(html):
    for _kind, found, _number, _depth in read_rich_text(html):
        assert "".join(run.text for run in found).strip()


@given(paragraphs, odd)
@settings(max_examples=60, deadline=None)
def test_a_record_is_read_as_it_was_written(found, text):
    found = [
        Paragraph(
            p.kind,
            tuple(tuple(Run(clean(r.text), r.bold, r.href) for r in c) for c in p.cells),
            p.number,
            p.depth,
        )
        for p in found
    ]
    fields = {name: clean(text) for name in TEXTS} | dict.fromkeys(DATES, "")
    record = Record(clean(text), True, fields, tuple(found))
    assert Record.of(record.data) == record
    assert Record.of(record.data).digest == record.digest


def test_where_a_link_leads_is_no_other_version():
    def record(href):
        return Record("题", True, {}, (Paragraph("link", ((Run("词", href=href),),)),))

    assert record("https://a.cn/").digest == record("https://b.cn/").digest


def test_levels_of_headings_skip_none():
    found = read_body(
        [
            {"type": "text", "value": "<h3>小</h3>"},
            {"type": "heading", "value": "章"},
            {"type": "text", "value": "<h3>小</h3>"},
        ]
    )
    assert [p.number for p in heading_levels(found)] == [1, 1, 2]
