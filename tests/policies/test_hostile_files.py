"""Files made to do harm: they cost neither memory nor time, and what is wrong is said in words."""

import io
import json
import os
import resource
import signal
import struct
import time
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook

from policies.importing import archives, office
from policies.importing.errors import ImportFileError
from policies.importing.parsing import parse_row
from policies.importing.tables import Row, read

pytestmark = pytest.mark.engine_free


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def rows(tmp_path):
    """The rows of a file: `rows("a.csv", b"…")`."""

    def make(name: str, content: bytes) -> list[Row]:
        path = tmp_path / name
        path.write_bytes(content)
        return list(read(path, name))

    return make


def word(change=None) -> bytes:
    document = Document()
    document.add_paragraph("上党区示例办法")
    table = document.add_table(2, 2)
    if change:
        change(document, table)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def sheet() -> bytes:
    book = Workbook()
    book.active.append(["标题", "层级"])
    book.active.append(["甲办法", "市"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content: bytes, name: str, replace=None, method=zipfile.ZIP_DEFLATED) -> bytes:
    """A packed file whose part `name` is another one, or is packed by another method."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            mine = part.filename == name
            data = replace if mine and replace is not None else old.read(part)
            new.writestr(part.filename, data, method if mine else zipfile.ZIP_DEFLATED)
    return target.getvalue()


def lying(content: bytes, name: str, claimed: int) -> bytes:
    """The file with its part `name` said to be `claimed` bytes long, its checksum made to fit."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(name)
        data = archive.read(part)
    truth = struct.pack("<LLL", part.CRC, part.compress_size, part.file_size)
    lie = struct.pack("<LLL", zlib.crc32(data[:claimed]), part.compress_size, claimed)
    assert content.count(truth) == 2  # beside the part, and in the list of all
    return content.replace(truth, lie)


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


BOMBS = [("a.docx", word, "word/document.xml"), ("a.xlsx", sheet, "xl/workbook.xml")]
BLANKS = b" " * 3_000_000


@pytest.mark.parametrize(("name", "make", "part"), BOMBS)
def test_a_part_is_as_long_as_it_says(rows, name, make, part):
    """What it says of itself can be read, and is what the libraries would be content with."""
    true = part_of(make(), part)
    bomb = repacked(make(), part, true + BLANKS)
    with pytest.raises(ImportFileError, match="damaged"):
        rows(name, lying(bomb, part, len(true)))


def test_a_part_of_a_packed_folder_is_as_long_as_it_says(rows):
    target, true = io.BytesIO(), word()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.docx", true + BLANKS)
        archive.writestr("b.docx", true)
    bad, good = rows("a.zip", lying(target.getvalue(), "a.docx", len(true)))
    assert (bad.error, good.error) == (archives.damaged(), "")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize(("name", "make", "part"), BOMBS)
def test_no_part_is_packed_by_a_method_that_makes_gigabytes_of_nothing(
    rows, name, make, part, method
):
    with pytest.raises(ImportFileError, match="damaged"):
        rows(name, repacked(make(), part, method=method))


def test_what_is_held_in_memory_is_smaller_than_what_is_read_row_by_row(rows, monkeypatch):
    monkeypatch.setattr(archives, "MAX_HELD", 1_000_000)
    blanks = b" " * 2_000_000
    assert len(rows("a.xlsx", repacked(sheet(), "xl/worksheets/sheet1.xml"))) == 1
    for name, content in (
        ("a.docx", repacked(word(), "word/document.xml", blanks)),
        ("a.xlsx", repacked(sheet(), "xl/styles.xml", blanks)),
    ):
        with pytest.raises(ImportFileError, match="larger than 0 MB"):
            rows(name, content)


def test_a_cell_spans_no_more_columns_than_word_knows(rows):
    def span(_document, table):
        spans = OxmlElement("w:gridSpan")
        spans.set(qn("w:val"), "2000000000")
        table.cell(1, 0)._tc.get_or_add_tcPr().append(spans)

    with pytest.raises(ImportFileError, match="damaged"):
        rows("a.docx", word(span))


def test_data_that_is_no_data_is_damage(rows):
    content = bytearray(word())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo("word/document.xml")
    start = part.header_offset + 30 + len(part.filename)
    content[start : start + 20] = b"\xff" * 20  # zlib's own error
    with pytest.raises(ImportFileError, match="damaged"):
        rows("a.docx", bytes(content))
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = (
        '<row r="1"><c r="A1" t="s"><v>9</v></c></row>'  # a text that is not in the list of texts
    )
    rows_of_it = f'<worksheet xmlns="{ns}"><sheetData>{cell}</sheetData></worksheet>'.encode()
    with pytest.raises(ImportFileError, match="damaged"):
        rows("a.xlsx", repacked(sheet(), "xl/worksheets/sheet1.xml", rows_of_it))


def test_long_blanks_cost_no_time(rows):
    blanks = " " * 200_000
    started = time.monotonic()
    (row,) = rows("a.jsonl", json.dumps({"title": "甲", "adopted_on": f"x{blanks}x"}).encode())
    assert [column for column, _message in parse_row(row, {}).errors] == ["adopted_on"]

    def pad(document, _table):
        document.paragraphs[0].text = f"{blanks}上党区示例办法"

    (row,) = rows("a.docx", word(pad))
    assert row.cells["title"] == "上党区示例办法"
    # A pattern that tries every beginning would take minutes.
    assert time.monotonic() - started < 10


def test_json_without_end_is_a_wrong_row(rows):
    deep = b"[" * 700 + b"]" * 700
    for name, content in (
        ("a.jsonl", b'{"title": ' + deep + b"}"),
        ("a.json", b'[{"title": ' + deep + b"}]"),
    ):
        (row,) = rows(name, content)
        assert "no object" in row.error


def test_headings_that_no_database_holds_are_named_without_their_signs(rows):
    unknown: dict = {}
    for row in rows("a.jsonl", b'{"title": "A", "x\\ud800\\u0000y": 1}'):
        parse_row(row, unknown)
    assert list(unknown) == ["xy"]


SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEADINGS = '<row r="1"><c r="A1" t="inlineStr"><is><t>标题</t></is></c></row>'


def sheet_of(rows_and_more: str) -> bytes:
    """A spreadsheet of a heading and of what is given."""
    whole = f'<worksheet xmlns="{SHEET_NS}"><sheetData>{HEADINGS}{rows_and_more}</worksheet>'
    return repacked(sheet(), "xl/worksheets/sheet1.xml", whole.encode())


@pytest.mark.parametrize(
    "cells",
    [
        f'<row r="2">{"<c/>" * 1_000_000}</row></sheetData>',
        f"</sheetData><mergeCells>{'<mergeCell/>' * 500_000}</mergeCells>",
    ],
    ids=["a row of millions of cells", "millions of joined cells"],
)
def test_a_small_spreadsheet_costs_this_process_no_memory(rows, monkeypatch, cells):
    content = sheet_of(cells)
    assert len(content) < 50_000
    del cells
    monkeypatch.setattr(office, "LIMITS", replace(office.LIMITS, memory=192 * archives.MEGABYTE))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImportFileError, match="too much memory|damaged"):
        rows("a.xlsx", content)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 20_000  # kilobytes


def test_a_cell_longer_than_any_law_is_a_wrong_row(rows):
    long = f'<row r="2"><c t="inlineStr"><is><t>{"长" * 4_200_000}</t></is></c></row>'
    good = '<row r="3"><c t="inlineStr"><is><t>甲办法</t></is></c></row></sheetData>'
    wrong, right = rows("a.xlsx", sheet_of(long + good))
    assert "longer than any text" in wrong.error
    assert (right.number, right.cells) == (3, {"标题": "甲办法"})


def test_all_word_files_of_a_packed_folder_share_their_time(rows, monkeypatch):
    body = "<w:p><w:r><w:t>甲</w:t></w:r></w:p>" * 20_000
    slow = f'<w:document xmlns:w="{WORD_NS}"><w:body>{body}</w:body></w:document>'
    content = repacked(word(), "word/document.xml", slow.encode())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(60):
            archive.writestr(f"{number}.docx", content)
    monkeypatch.setattr(office, "LIMITS", replace(office.LIMITS, seconds=3))
    with pytest.raises(ImportFileError, match="takes too long"):
        rows("a.zip", target.getvalue())


def test_a_file_that_breaks_the_reader_is_damaged(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(word())
    with office.reader() as reader:
        assert list(reader.read("docx", path))
        os.kill(reader._process.pid, signal.SIGSEGV)
        with pytest.raises(office.ReaderEndedError, match="damaged"):
            list(reader.read("docx", path))


def test_no_reader_is_left_behind(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(sheet())
    going = read(path, path.name)
    next(going)
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    assert children.read_text().split()
    going.close()
    assert not children.read_text().split()
