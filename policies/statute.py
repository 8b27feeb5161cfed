"""The text of a statute as it is read: parts, chapters and sections listed, every article with an address.

Full texts come as paragraphs ("第三章 …", "第十二条 …"), from an import or from an editor. Nothing is
stored of their order: it is read from the text when a page is shown. A law is parted into 编, 分编, 章,
节 and 条 (立法法, article 65); an article that was put in later is 第一百二十条之一.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

# No law has more; a number of thousands of figures is none that can be read.
NUMERAL = "[〇零一二三四五六七八九十百千0-9]{1,12}"
UNIT = re.compile(rf"第{NUMERAL}(分编|编|章|节)(?![条款项])|(Part|Chapter|Section) [0-9IVXLC]+\b")
ARTICLE = re.compile(
    rf"(第(?P<zh>{NUMERAL})条(?:之(?P<later>{NUMERAL}))?|Article (?P<en>\d{{1,4}})\b)"
)
# Behind the number of an article that is a beginning, not a mention.
BEGINS = re.compile(r"\s|[【（(：:]|$")
LEVELS = {"编": 1, "Part": 1, "分编": 2, "章": 3, "Chapter": 3, "节": 4, "Section": 4}
CHAPTER = 3
PARAGRAPH = re.compile(r"<(p|h3)(?: [^>]*)?>(.*?)</\1>", re.DOTALL)
# A heading is a line of its own, and no sentence.
LONGEST_HEADING = 60
SENTENCE_ENDS = "。；，：、;,:"
# So many articles make a text a statute.
FEWEST_ARTICLES = 5
DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
STEPS = {"十": 10, "百": 100, "千": 1000}


@dataclass
class Unit:
    """A part, chapter or section. `depth`: 1 for the highest that the statute has."""

    anchor: str
    text: str
    level: int
    depth: int = 1
    # Its first and its last article.
    ends: list[str] = field(default_factory=list)

    @property
    def span(self) -> str:
        return "–".join(dict.fromkeys(self.ends))

    @property
    def tag(self) -> str:
        return f"h{self.depth + 1}"


@dataclass
class Line:
    """A paragraph of a text: of a `unit` its heading, or the beginning of an article."""

    tag: str
    inner: str
    unit: Unit | None = None
    article: str = ""
    number: str = ""

    @property
    def html(self) -> str:
        if self.unit:
            tag = self.unit.tag
            return f'<{tag} id="{self.unit.anchor}" class="statute__unit">{self.inner}</{tag}>'
        if self.article:
            rest = self.inner.replace(self.number, "", 1)
            number = f'<b class="statute__number">{escape(self.number)}</b>'
            return f'<p id="{self.article}" class="statute__article">{number}{rest}</p>'
        return f"<{self.tag}>{self.inner}</{self.tag}>"


@dataclass(frozen=True)
class Part:
    """A block of the body; `pieces` are what a text consists of, `unit` is what a heading begins."""

    block: object
    pieces: list[str | Line] = field(default_factory=list)
    unit: Unit | None = None

    @property
    def html(self) -> SafeString:
        """The text with its addresses. Rich text was made safe when it was saved, as everywhere."""
        return mark_safe("".join(one if isinstance(one, str) else one.html for one in self.pieces))  # noqa: S308


@dataclass
class Statute:
    """A body that was read. `articles`: (anchor, number) in their order."""

    parts: list[Part] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    articles: list[tuple[str, str]] = field(default_factory=list)


def read(body) -> Statute | None:
    """The statute that a body of blocks is; None when it is another kind of text."""
    sources = (block.value.source for block in body if block.block_type == "text")
    if sum(len(ARTICLE.findall(source)) for source in sources) < FEWEST_ARTICLES:
        return None
    reader = _Reader()
    for block in body:
        reader.take(block)
    found = reader.statute
    if len(found.articles) < FEWEST_ARTICLES:
        return None
    levels = sorted({unit.level for unit in found.units})
    for unit in found.units:
        unit.depth = levels.index(unit.level) + 1
    return found


def anchor_of(locator: str) -> str:
    """The address in its page of a place in a document: "第五条第二款" is "article-5"; "" for none."""
    match = ARTICLE.search(locator)
    return _anchor(match) if match else ""


def number_of(numeral: str) -> int:
    """三百二十一 is 321, 二〇 is 20; figures as they are."""
    if numeral.isdecimal():
        return int(numeral)
    total, digits = 0, ""
    for sign in numeral:
        if sign in STEPS:
            total += int(digits or 1) * STEPS[sign]
            digits = ""
        else:
            digits += sign if sign.isdecimal() else str(DIGITS[sign])
    return total + int(digits or 0)


def _anchor(match: re.Match) -> str:
    number = match["en"] or number_of(match["zh"])
    later = f"-{number_of(match['later'])}" if match["later"] else ""
    return f"article-{number}{later}"


class _Reader:
    """Takes the blocks of a body one after the other."""

    def __init__(self):
        self.statute = Statute()
        self.used: Counter[str] = Counter()
        # The units that the next article stands in.
        self.open: list[Unit] = []
        # A statute's own table of contents (目录) says each heading before it comes: "" is its beginning.
        self.listed: str | None = None

    def take(self, block) -> None:
        if block.block_type == "text":
            self.statute.parts.append(Part(block, list(self._pieces(block.value.source))))
        elif block.block_type == "heading":
            match = UNIT.match(block.value)
            level = _level(match) if match else CHAPTER
            unit = self._begin(Unit(f"s-{block.id[:8]}", block.value, level))
            self.statute.parts.append(Part(block, unit=unit))
        else:
            self.statute.parts.append(Part(block))

    def _pieces(self, source: str) -> Iterator[str | Line]:
        html, position = expand_db_html(source), 0
        for match in PARAGRAPH.finditer(html):
            yield html[position : match.start()]
            yield self._line(match[1], match[2])
            position = match.end()
        yield html[position:]

    def _line(self, tag: str, inner: str) -> Line:
        text = " ".join(unescape(strip_tags(inner)).split())
        unit = UNIT.match(text)
        if unit and len(text) <= LONGEST_HEADING and text[-1] not in SENTENCE_ENDS:
            if self._is_listed(text):
                return Line(tag, inner)
            number = len(self.statute.units) + 1
            return Line(tag, inner, unit=self._begin(Unit(f"unit-{number}", text, _level(unit))))
        if text.replace(" ", "") == "目录":
            self.listed = ""
        article = ARTICLE.match(text)
        is_bold = inner.lstrip().startswith("<b>")
        if tag == "p" and article and (is_bold or BEGINS.match(text, article.end())):
            self.listed = None
            # As the text has it, so that it can be marked there.
            if article[0] in inner:
                return Line(tag, inner, article=self._article(article), number=article[0])
        return Line(tag, inner)

    def _is_listed(self, text: str) -> bool:
        """Whether a heading stands in the table of contents: that ends where its first one comes again."""
        if self.listed is None:
            return False
        if self.listed == text:
            self.listed = None
            return False
        self.listed = self.listed or text
        return True

    def _begin(self, unit: Unit) -> Unit:
        self.open = [*(one for one in self.open if one.level < unit.level), unit]
        self.statute.units.append(unit)
        return unit

    def _article(self, match: re.Match) -> str:
        anchor = _anchor(match)
        self.used[anchor] += 1
        if self.used[anchor] > 1:  # an amendment that quotes another statute
            anchor = f"{anchor}_{self.used[anchor]}"
        for unit in self.open:
            unit.ends = [*unit.ends[:1], match[0]]
        self.statute.articles.append((anchor, match[0]))
        return anchor


def _level(match: re.Match) -> int:
    return LEVELS[match[1] or match[2]]
