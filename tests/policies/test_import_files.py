"""The files that an import reads, and those that it refuses in plain words."""

import gzip
import io
import json
import zipfile

import pytest
from django.utils import translation
from docx import Document
from openpyxl import Workbook

from policies.importing import archives, tables
from policies.importing.errors import ImportFileError
from policies.importing.parsing import parse_row
from policies.importing.tables import read

pytestmark = pytest.mark.engine_free
ROWS = [["标题", "层级", "成文日期"], ["甲办法", "市", "2024-01-02"], ["乙办法", "区", ""]]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def kept(tmp_path):
    """Write bytes into a file: `kept("a.csv", b"…")` gives what `read` takes."""

    def keep(name: str, content: bytes):
        path = tmp_path / name
        path.write_bytes(content)
        return path, name

    return keep


def workbook(rows, title="政策", before=()) -> bytes:
    book = Workbook()
    for name in before:
        book.create_sheet(name)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def titles(rows) -> list[str]:
    return [parse_row(row, {}).title for row in rows]


def test_xlsx_is_read_below_its_headings(kept):
    content = workbook([["区政策一览"], [], *ROWS, [None, None, None]], before=["封面"])
    rows = list(read(*kept("a.xlsx", content)))
    assert titles(rows) == ["甲办法", "乙办法"]
    assert [row.number for row in rows] == [4, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_of_here(kept, encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in ROWS)
    assert titles(read(*kept("a.csv", text.encode(encoding)))) == ["甲办法", "乙办法"]


def test_the_quotes_of_our_own_export_are_taken_back(kept):
    (row,) = read(*kept("a.csv", "title,contact\n'=甲,'乙\n".encode()))
    assert row.cells == {"title": "=甲", "contact": "'乙"}


def test_csv_says_which_row_has_too_many_cells(kept):
    rows = list(read(*kept("a.csv", "标题,层级\n甲,市\n乙,区,又\n".encode())))
    assert [bool(row.error) for row in rows] == [False, True]


def test_json_lines_are_read_packed_or_not(kept):
    lines = "\n".join(json.dumps({"title": row[0], "level": row[1]}) for row in ROWS[1:]).encode()
    for name, content in (("a.jsonl", lines), ("a.jsonl.gz", gzip.compress(lines))):
        assert titles(read(*kept(name, content))) == ["甲办法", "乙办法"]


def test_a_line_that_is_no_json_is_a_wrong_row(kept):
    lines = b'{"title": "A"}\n{"title": \n[1]\n' + b"[" * 5000 + b'\n"\xff"\n'
    rows = list(read(*kept("a.jsonl", lines)))
    assert [bool(row.error) for row in rows] == [False, True, True, True, True]


def test_records_of_statutes_are_understood(kept):
    record = {
        "id": "prov-1",
        "title": "上海口岸服务条例",
        "promulgated_on": "2020-05-14",
        "category": "地方性法规",
        "level": "provincial",
        "place": "上海市",
        "issuer": None,
        "expired": True,
        "body": "第一条 为了…",
        "n_chars": 7,
    }
    unknown = {}
    (row,) = read(*kept("a.jsonl", json.dumps(record).encode()))
    values = parse_row(row, unknown).values
    assert list(unknown) == ["n_chars"]
    assert {name: str(value) for name, value in values.items()} == {
        "source_id": "prov-1",
        "title": "上海口岸服务条例",
        "published_on": "2020-05-14",
        "subject": "地方性法规",
        "level": "province",
        "place_name": "上海市",
        "validity": "void",
        "body": "第一条 为了…",
    }


def word(table=True) -> bytes:
    document = Document()
    document.add_heading("上党区示例办法", 0)
    if table:
        grid = document.add_table(2, 4)
        cells = [
            "发文机关",
            "区政府",
            "层级",
            "区",
            "成文日期",
            "2024年1月2日",
            "文号",
            "上政发〔2024〕1号",
        ]
        for cell, text in zip((c for row in grid.rows for c in row.cells), cells, strict=True):
            cell.text = text
    else:
        for line in (
            "发文机关：区政府",
            "层级：区",
            "成文日期：2024年1月2日",
            "文号：上政发〔2024〕1号",
        ):
            document.add_paragraph(line)
    document.add_paragraph("第一条 为了示例，制定本办法。")
    document.add_paragraph("联系电话：见附件。")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


@pytest.mark.parametrize("table", [True, False])
def test_a_word_file_is_one_policy(kept, table):
    (row,) = read(*kept("a.docx", word(table)))
    values = parse_row(row, {}).values
    assert values["title"] == "上党区示例办法"
    assert values["level"] == "district"
    assert values["document_number"] == "上政发〔2024〕1号"
    assert str(values["adopted_on"]) == "2024-01-02"
    assert values["body"] == "第一条 为了示例，制定本办法。\n联系电话：见附件。"


def test_a_packed_folder_of_word_files_says_which_is_damaged(kept):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("政策/一.docx", word())
        archive.writestr("二.docx", b"no document")
        archive.writestr("__MACOSX/._一.docx", b"")
        archive.writestr("readme.txt", b"")
    good, bad = read(*kept("a.zip", target.getvalue()))
    assert (good.error, good.cells["file"]) == ("", "一.docx")
    assert bad.error
    assert bad.cells["file"] == "二.docx"


def packed(*parts) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"%PDF", "not read"),
        ("a.xls", b"", "old or another program"),
        ("a.xlsx", b"PK no archive", "damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "password"),
        ("a.xlsx", packed(("xl/workbook.xml", "<workbook/>")), "damaged"),
        ("a.xlsx", workbook([["nothing", "known"], ["a", "b"]]), "known headings"),
        ("a.xlsx", workbook([["标题", "名称"], ["a", "b"]]), "mean the same"),
        ("a.xlsx", workbook([["层级"], ["市"]]), "title is missing"),
        ("a.csv", b"", "known headings"),
        ("a.csv", b"title\n\xff\xff\xff", "neither UTF-8"),
        ("a.csv", b"title,level\na\0b,city\n", "damaged"),
        ("a.json", b'{"no": 1}', "no list"),
        ("a.json", b"{", "no JSON"),
        ("a.jsonl.gz", b"\x1f\x8bnonsense", "damaged"),
        ("a.docx", packed(("a.txt", "x")), "damaged"),
        ("a.zip", packed(("a.txt", "x")), "no Word file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_not_be_read_is_said_in_words(kept, name, content, said):
    with pytest.raises(ImportFileError, match=said):
        list(read(*kept(name, content)))


def test_bombs_are_not_unpacked(kept, monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000_000)
    bomb = packed(("xl/a.xml", b"\0" * 2_000_000))
    lines = gzip.compress((b'{"title": "' + b"A" * 2000 + b'"}\n') * 1000)
    for name, content in (
        ("a.xlsx", bomb),
        ("a.docx", bomb),
        ("a.zip", bomb),
        ("a.jsonl.gz", lines),
    ):
        with pytest.raises(ImportFileError, match="Unpacked"):
            list(read(*kept(name, content)))


def test_limits_of_rows_and_lines_are_said(kept, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    monkeypatch.setattr(tables, "MAX_LINE", 100)
    with pytest.raises(ImportFileError, match="More than 2 rows"):
        list(read(*kept("a.csv", b"title\na\nb\nc\n")))
    with pytest.raises(ImportFileError, match="too long"):
        list(read(*kept("a.jsonl", b'{"title": "' + b"a" * 200 + b'"}')))
    monkeypatch.setattr(tables, "MAX_FILE", 3)
    with pytest.raises(ImportFileError, match="larger than"):
        list(read(*kept("a.csv", b"title\n")))
