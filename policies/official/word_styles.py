"""Page, styles and fonts of a Word file: GB/T 9704-2012 as offices set it.

方正小标宋简体 for titles, 仿宋_GB2312 for text, 黑体 and 楷体_GB2312 for headings, 28.95 points a line,
margins of 37/35/28/26 mm, page numbers outside (7.5). Machines without these fonts are told in the font
table which ones to take instead.
"""

from dataclasses import dataclass

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

TITLE_FONT, TEXT_FONT = "方正小标宋简体", "仿宋_GB2312"
HEI, KAI, SONG = "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
# What a machine takes that lacks the font: its other names, then what systems come with.
SUBSTITUTES = {
    TITLE_FONT: "方正小标宋_GBK,宋体,SimSun,Noto Serif CJK SC",
    TEXT_FONT: "仿宋,FangSong,STFangsong,Noto Serif CJK SC",
    KAI: "楷体,KaiTi,STKaiti,Noto Serif CJK SC",
    HEI: "SimHei,Heiti SC,Noto Sans CJK SC",
    SONG: "SimSun,Songti SC,Noto Serif CJK SC",
}
RED = RGBColor(0xC8, 0x10, 0x2E)
WIDTH = Mm(210 - 28 - 26)
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True)
class Look:
    """`size` and `line` are points, `indent` and `right` characters of the text."""

    font: str = TEXT_FONT
    size: float = 16
    line: float = 28.95
    align: WD_ALIGN_PARAGRAPH = JUSTIFIED
    indent: float = 0
    right: float = 0
    colour: RGBColor | None = None
    bold: bool = False


LOOKS = {
    "Normal": Look(),
    "Body Text": Look(indent=2),
    "List Bullet": Look(),
    "Quote": Look(KAI, indent=2),
    "Caption": Look(size=12, line=20, align=CENTRE),
    "Title": Look(TITLE_FONT, 22, 35, CENTRE),
    "Heading 1": Look(HEI, indent=2),
    "Heading 2": Look(KAI, indent=2),
    "Agency Heading": Look(TITLE_FONT, 40, 60, CENTRE, colour=RED),
    "Number": Look(align=CENTRE),
    "Number Two Sides": Look(align=LEFT),
    "Byline": Look(KAI, 14, align=CENTRE),
    "Notice": Look(HEI, 12, 20, LEFT),
    "Signature": Look(align=RIGHT, right=4),
    "Imprint": Look(size=14, line=24, align=LEFT),
    "Cell": Look(size=12, line=18, align=LEFT),
    "Cell Head": Look(HEI, 12, 18, LEFT),
    "After Table": Look(size=8, line=12),
    "Picture": Look(line=0, align=CENTRE),
    "Header": Look(HEI, 10.5, 14, LEFT),
    "Footer": Look(SONG, 14, 20, RIGHT),
}
# Lines above and below a paragraph of a style: (side, colour, eighths of a point).
LINES = {
    "Number": [("bottom", str(RED), 12)],
    "Number Two Sides": [("bottom", str(RED), 12)],
    "Notice": [(side, "595959", 6) for side in ("top", "left", "bottom", "right")],
    "Imprint": [("top", "000000", 8), ("bottom", "000000", 8), ("between", "000000", 4)],
}


def set_page(document, mark: str) -> None:
    """A4 with the margins of 5.2, `mark` above the text and numbers of pages below it."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(22), Mm(24)
    document.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        header.paragraphs[0].style = document.styles["Header"]
        header.paragraphs[0].text = mark
    for footer, place in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Footer"]
        paragraph.alignment = place
        paragraph.add_run("— ")
        paragraph._p.append(
            parse_xml(
                f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
            )
        )
        paragraph.add_run(" —")


def set_styles(document, *, is_chinese: bool) -> None:
    """The styles of LOOKS, made where Word has none of the name, and the fonts they ask for."""
    names = {style.name for style in document.styles}
    for name, look in LOOKS.items():
        if name not in names:
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = document.styles["Normal"]
        _dress(document.styles[name], look, is_chinese)
    for name, lines in LINES.items():
        _draw_lines(document.styles[name], lines)
    stops = document.styles["Number Two Sides"].paragraph_format.tab_stops
    stops.add_tab_stop(WIDTH - Pt(16), WD_TAB_ALIGNMENT.RIGHT)
    document.styles["Imprint"].paragraph_format.tab_stops.add_tab_stop(
        WIDTH - Pt(14), WD_TAB_ALIGNMENT.RIGHT
    )
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb = RGBColor(0x1D, 0x47, 0x33)
    link.font.underline = True
    _set_language(document, is_chinese)
    _set_substitutes(document)


def _dress(style, look: Look, is_chinese: bool) -> None:
    font, paragraph = style.font, style.paragraph_format
    font.name, font.size = LATIN, Pt(look.size)
    font.bold, font.italic = look.bold, False
    font.color.rgb = look.colour or RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), look.font)
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)
    paragraph.space_before = paragraph.space_after = Pt(0)
    if look.line:
        paragraph.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.line_spacing = Pt(look.line)
    else:
        paragraph.line_spacing = 1.0
    paragraph.alignment = look.align if is_chinese or look.align != JUSTIFIED else LEFT
    if look.indent:
        paragraph.first_line_indent = Pt(look.size * look.indent) if is_chinese else Pt(0)
    if look.right:
        paragraph.right_indent = Pt(look.size * look.right)


def _draw_lines(style, lines: list[tuple[str, str, int]]) -> None:
    borders = OxmlElement("w:pBdr")
    order = ("top", "left", "bottom", "right", "between")
    for side, colour, size in sorted(lines, key=lambda line: order.index(line[0])):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", size), ("space", 4), ("color", colour)):
            edge.set(qn(f"w:{name}"), str(value))
        borders.append(edge)
    properties = style.element.get_or_add_pPr()
    # The schema wants the borders before tabs, spacing, indents and alignment.
    later = [qn(f"w:{name}") for name in ("shd", "tabs", "spacing", "ind", "jc", "outlineLvl")]
    followers = [child for child in properties if child.tag in later]
    if followers:
        followers[0].addprevious(borders)
    else:
        properties.append(borders)


def _set_language(document, is_chinese: bool) -> None:
    defaults = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")[0]
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN" if is_chinese else "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN")
    defaults.append(language)


def _set_substitutes(document) -> None:
    """The fonts with their substitutes into the font table."""
    (part,) = (
        relation.target_part
        for relation in document.part.rels.values()
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE
    )
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in SUBSTITUTES.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())
