"""A sheet as Word file (.docx), for those who go on writing in it; see `word_styles` for its look."""

from copy import deepcopy
from datetime import datetime
from io import BytesIO

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm

from base.glyphs import clean
from policies.official import pictures
from policies.official.layout import (
    Block,
    Sheet,
    foot_lines,
    labels,
    running_mark,
    table_rows,
)
from policies.official.word_styles import WIDTH, set_page, set_styles
from policies.official.words import Run

# The styles of blocks that are one paragraph; all others are body text.
STYLES = {"quote": "Quote", "notice": "Notice"}


def make_word(sheet: Sheet, *, made_at: datetime | None = None) -> bytes:
    """The sheet as bytes of a .docx file."""
    writer = _Writer(sheet)
    writer.properties(made_at)
    writer.head()
    for block in sheet.blocks:
        writer.block(block)
    writer.tail()
    writer.record()
    content = BytesIO()
    writer.document.save(content)
    return content.getvalue()


class _Writer:
    def __init__(self, sheet: Sheet):
        self.sheet, self.labels = sheet, labels()
        self.is_chinese = sheet.language.startswith("zh")
        self.document = Document()
        set_styles(self.document, is_chinese=self.is_chinese)
        set_page(self.document, clean(running_mark(sheet)))
        self.styles = {style.name: style.style_id for style in self.document.styles}
        # Everything is put before the properties of the section, which stand last.
        self.end = self.document.element.body.sectPr

    def properties(self, made_at: datetime | None) -> None:
        core = self.document.core_properties
        core.title = clean(self.sheet.full_title)[:255]
        core.author = clean("；".join(self.sheet.signature))[:255]
        core.subject = clean(self.sheet.number)[:255]
        core.language = "zh-CN" if self.is_chinese else self.sheet.language
        core.comments = clean(self.sheet.address)[:255]
        if made_at is not None:
            core.created = core.modified = made_at.replace(tzinfo=None)

    def paragraph(self, text: str = "", style: str = "Normal", *, bold: bool = False):
        """A paragraph at the end. Built by hand: python-docx looks every style up anew."""
        element = OxmlElement("w:p")
        if style != "Normal":
            properties = OxmlElement("w:pPr")
            kind = OxmlElement("w:pStyle")
            kind.set(qn("w:val"), self.styles[style])
            properties.append(kind)
            element.append(properties)
        self.end.addprevious(element)
        if text:
            self.add(element, text, bold=bold)
        return element

    def add(self, element, text: str, *, bold: bool = False, href: str = "") -> None:
        """Words at the end of a paragraph; a line break for each line feed."""
        parent = element
        if href:
            parent = OxmlElement("w:hyperlink")
            link = self.document.part.relate_to(
                href[:2000], RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
            parent.set(qn("r:id"), link)
            element.append(parent)
        for at, line in enumerate(clean(text).split("\n")):
            run = OxmlElement("w:r")
            if bold or href:
                properties = OxmlElement("w:rPr")
                if href:
                    kind = OxmlElement("w:rStyle")
                    kind.set(qn("w:val"), self.styles["Hyperlink"])
                    properties.append(kind)
                if bold:
                    properties.append(OxmlElement("w:b"))
                run.append(properties)
            if at:
                run.append(OxmlElement("w:br"))
            words = OxmlElement("w:t")
            words.text = line
            words.set(qn("xml:space"), "preserve")
            run.append(words)
            parent.append(run)

    def runs(self, cell, style: str = "Body Text"):
        element = self.paragraph(style=style)
        for run in cell:
            self.add(element, run.text, bold=run.bold, href=run.href)
        return element

    def head(self) -> None:
        """From the notices to the addressees."""
        sheet = self.sheet
        for notice in sheet.notices:
            self.paragraph(notice, "Notice")
        if sheet.heading:
            self.paragraph(sheet.heading, "Agency Heading")
            line = sheet.number
            if sheet.signatory:
                line = f"{sheet.number}\t{self.labels['signatory']}{sheet.signatory}"
            self.paragraph(line, "Number Two Sides" if sheet.signatory else "Number")
        elif sheet.number:
            self.paragraph(sheet.number, "Byline")
        self.paragraph(sheet.full_title, "Title")
        if sheet.byline:
            self.paragraph(sheet.byline, "Byline")
        if sheet.addressees:
            self.paragraph(sheet.addressees + self.labels["colon"])

    def block(self, block: Block) -> None:
        row = block.rows[0]
        if block.kind == "heading":
            self.runs(row.runs, f"Heading {row.number}")
        elif block.kind in ("fact", "figure"):
            head, rows = table_rows(block)
            self.table(head, rows)
        elif block.kind == "item":
            self.items(block)
        elif block.kind == "step":
            self.paragraph(f"{row.number}. {row.parts[0]}", "Body Text", bold=True)
            if len(row.cells) > 1 and row.cells[1]:
                self.runs(row.cells[1])
        elif block.kind in ("link", "document"):
            for row in block.rows:
                element = self.runs(row.cells[0], "List Bullet")
                if len(row.cells) > 1 and row.cells[1]:
                    self.add(element, f"　{row.parts[1]}")
        elif block.kind == "picture":
            self.picture(block)
        else:
            self.runs(row.runs, STYLES.get(block.kind, "Body Text"))

    def items(self, block: Block) -> None:
        """Bullets are a list of Word's; the numbers of ordered items stand as they were recorded."""
        for row in block.rows:
            style = "List Bullet" if not row.number else "Body Text"
            element = self.paragraph(f"{row.number}. " if row.number else "", style)
            if row.depth:
                properties = element.get_or_add_pPr()
                indent = OxmlElement("w:ind")
                indent.set(qn("w:left"), str(640 * (row.depth + 1)))
                properties.append(indent)
            for run in row.runs:
                self.add(element, run.text, bold=run.bold, href=run.href)

    def table(self, head: list[str], rows: list[tuple]) -> None:
        """A table with a repeated row of heads."""
        table = self.document.add_table(rows=1, cols=len(head), style="Table Grid")
        self.end.addprevious(table._tbl)
        for cell, words in zip(table.rows[0].cells, head, strict=True):
            cell.paragraphs[0].style = self.document.styles["Cell Head"]
            cell.paragraphs[0].add_run(clean(words))
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:tblHeader"))
        empty = deepcopy(table.rows[0]._tr)
        for marks in empty.xpath("./w:trPr/w:tblHeader"):
            marks.getparent().remove(marks)
        for row in rows:
            line = deepcopy(empty)
            for cell, runs in zip(line.tc_lst, row, strict=True):
                element = cell.p_lst[0]
                for old in element.xpath("./w:r"):
                    element.remove(old)
                element.pPr.pStyle.val = self.styles["Cell"]
                for run in runs:
                    self.add(element, run.text, bold=run.bold, href=run.href)
            table._tbl.append(line)
        self.paragraph(style="After Table")

    def picture(self, block: Block) -> None:
        """The picture in the middle with what is to be seen as its description, then its caption."""
        row = block.rows[0]
        content = pictures.photograph(block) or pictures.drawing_png(row.drawing)
        if content is not None:
            paragraph = self.document.add_paragraph(style="Picture")
            self.end.addprevious(paragraph._p)
            shape = paragraph.add_run().add_picture(BytesIO(content), width=Emu(int(WIDTH * 0.8)))
            if shape.height > Mm(100):
                shape.width = Emu(int(shape.width * Mm(100) / shape.height))
                shape.height = Mm(100)
            shape._inline.docPr.set("descr", clean(row.parts[-1] or row.parts[0])[:500])
        if row.runs:
            self.runs(row.runs, "Caption")

    def tail(self) -> None:
        """From the list of attachments to the imprint."""
        sheet, words = self.sheet, self.labels
        for at, attachment in enumerate(sheet.attachments):
            number = f"{at + 1}. " if len(sheet.attachments) > 1 else ""
            first = words["attachments"] if not at else "\u3000\u3000\u3000"
            self.paragraph(f"{first}{number}{attachment}", "Body Text")
        if sheet.signature or (sheet.day and sheet.heading):
            self.paragraph()
            for line in (*sheet.signature, sheet.day):
                if line:
                    self.paragraph(line, "Signature")
        if sheet.annotation:
            self.paragraph(f"{words['open']}{sheet.annotation}{words['close']}", "Body Text")
        if sheet.has_imprint:
            self.paragraph()
            if sheet.copies_to:
                self.paragraph(f"{words['copies']}{sheet.copies_to}{words['stop']}", "Imprint")
            if sheet.printed_by or sheet.printed_on:
                printed = f"{sheet.printed_on}{words['printed']}" if sheet.printed_on else ""
                self.paragraph(f"{sheet.printed_by}\t{printed}", "Imprint")

    def record(self) -> None:
        """The data of the document on a page of its own."""
        element = self.paragraph(style="Heading 1")
        properties = element.get_or_add_pPr()
        properties.append(OxmlElement("w:pageBreakBefore"))
        self.add(element, self.labels["record"])
        rows = [((Run(label),), (Run(value),)) for label, value in self.sheet.facts]
        self.table([self.labels["what"], self.labels["value"]], rows)
        for line in foot_lines(self.sheet):
            self.paragraph(line, "Cell")
