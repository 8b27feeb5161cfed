"""Rich text, as Wagtail stores it, read into runs."""

from html.parser import HTMLParser

from base.glyphs import clean
from policies.official.words import Run

BLOCKS = {"p", "li", "h2", "h3", "h4", "h5", "h6", "blockquote", "div", "td", "th", "tr"}
HEADINGS = {"h2": 1, "h3": 2, "h4": 2, "h5": 2, "h6": 2}
# Deeper lists are shown at this depth.
DEEPEST = 4


def read_rich_text(html: str | None) -> list[tuple[str, tuple[Run, ...], int, int]]:
    """The paragraphs of a rich text as (kind, runs, number, depth), in their order.

    `kind` is text, heading or item; `number` is the level of a heading and the number of an item of
    an ordered list, 0 without one; `depth` is 0 for an outer list. Tags that are not closed, unknown
    or badly nested are read as well as can be, never refused.
    """
    reader = _Reader()
    reader.feed(clean(html))
    reader.close()
    reader.end_paragraph()
    return reader.paragraphs


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[tuple[str, tuple[Run, ...], int, int]] = []
        self.runs: list[Run] = []
        self.lists: list[list] = []  # [is ordered, items so far]
        self.kind, self.number = "text", 0
        self.bold, self.href = 0, ""

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.end_paragraph()
        if tag in HEADINGS:
            self.kind, self.number = "heading", HEADINGS[tag]
        elif tag == "li":
            self._begin_item()
        elif tag in ("ul", "ol"):
            self.end_paragraph()
            self.lists.append([tag == "ol", 0])
        elif tag in ("b", "strong"):
            self.bold += 1
        elif tag == "a":
            self.href = _address(dict(attrs))
        elif tag == "br":
            self._add("\n")

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.end_paragraph()
        if tag in ("ul", "ol"):
            self.end_paragraph()
            if self.lists:
                self.lists.pop()
        elif tag in ("b", "strong"):
            self.bold = max(0, self.bold - 1)
        elif tag == "a":
            self.href = ""

    def handle_data(self, data):
        self._add(clean(data))

    def _begin_item(self):
        self.kind, self.number = "item", 0
        if self.lists:
            self.lists[-1][1] += 1
            ordered, count = self.lists[-1]
            self.number = count if ordered else 0

    def _add(self, text: str):
        if text:
            self.runs.append(Run(text, bool(self.bold), self.href))

    def end_paragraph(self):
        runs = _tidy(self.runs)
        if runs:
            depth = min(max(0, len(self.lists) - 1), DEEPEST) if self.kind == "item" else 0
            self.paragraphs.append((self.kind, runs, self.number, depth))
            # What follows in the same item is text below it.
            self.kind, self.number = "text", 0
        self.runs = []


def _address(attrs: dict) -> str:
    kind, key = attrs.get("linktype"), str(attrs.get("id") or "")
    if kind in ("page", "document") and key.isdecimal() and key.isascii() and len(key) <= 18:
        return f"{kind}:{key}"
    href = str(attrs.get("href") or "")
    return href if href.startswith(("http://", "https://", "mailto:", "tel:")) else ""


def _tidy(runs: list[Run]) -> tuple[Run, ...]:
    """Neighbours of one kind joined, blanks as a browser shows them."""
    joined: list[Run] = []
    for run in runs:
        if joined and (joined[-1].bold, joined[-1].href) == (run.bold, run.href):
            run = Run(joined.pop().text + run.text, run.bold, run.href)
        joined.append(run)
    lines = [
        Run("\n".join(_blanks(line) for line in run.text.split("\n")), run.bold, run.href)
        for run in joined
    ]
    if lines:
        lines[0] = Run(lines[0].text.lstrip(), lines[0].bold, lines[0].href)
        lines[-1] = Run(lines[-1].text.rstrip(), lines[-1].bold, lines[-1].href)
    kept = tuple(run for run in lines if run.text)
    return kept if "".join(run.text for run in kept).strip() else ()


def _blanks(line: str) -> str:
    """Runs of blanks become one; those at the ends stay, other words may follow."""
    words = line.split(" ")
    return " ".join(w for i, w in enumerate(words) if w or i in (0, len(words) - 1))
