"""Draws the family of a document as a column of boxes with lines beside it: legible on a phone.

Above stand the documents it rests on or changes, below those that rest on it or change it; each
relation is a line in a lane of its own on the left, with its arrow at the document it points to. The
numbers are units of the picture's own coordinates, about a pixel each on a narrow phone.
"""

import unicodedata
from dataclasses import dataclass

from policies.record.family import Edge, Family

# Documents in the picture; the list below it has all.
MOST_BOXES = 14
MOST_LANES = 8
WIDTH, LANE, MARGIN, PAD = 360, 11, 6, 12
LINE_HEIGHT, GAP, FIRST_LINE = 21, 16, 20
EM = 15  # size of the letters


@dataclass(frozen=True)
class Box:
    """One document: `lines` of its title with their `y`, `note` the small line above them."""

    x: int
    y: int
    width: int
    height: int
    lines: list[tuple[int, str]]
    note: str
    url: str
    title: str
    is_current: bool
    is_void: bool

    @property
    def text_x(self) -> int:
        return self.x + PAD

    @property
    def note_y(self) -> int:
        return self.y + FIRST_LINE


@dataclass(frozen=True)
class Line:
    path: str
    arrow: str
    changes: bool


@dataclass(frozen=True)
class Drawing:
    height: int
    boxes: list[Box]
    lines: list[Line]
    left_out: int
    width: int = WIDTH


def draw(family: Family) -> Drawing | None:
    """The picture; None for a document that stands alone."""
    if not family.edges:
        return None
    shown = _order(family)
    keys = {key for key, _rank in shown}
    edges = [edge for edge in family.edges if edge.source in keys and edge.target in keys]
    place = {key: number for number, (key, _rank) in enumerate(shown)}
    lanes = _lanes(edges, place)
    x = MARGIN + LANE * (max(lanes.values(), default=-1) + 1) + 10
    boxes, y = {}, MARGIN
    for key, _rank in shown:
        boxes[key] = _box(family, key, x, y)
        y += boxes[key].height + GAP
    lines = [_line(boxes, edge, lanes[edge], edges) for edge in edges]
    return Drawing(y - GAP + MARGIN, list(boxes.values()), lines, len(family.pages) - len(shown))


def _order(family: Family) -> list[tuple]:
    """(key, rank) from top to bottom: -1 is what the document points to, 1 what points to it."""
    ranks = {family.key: 0}
    for _step in range(2):
        known = dict(ranks)
        for edge in family.edges:
            if edge.source in known:
                ranks.setdefault(edge.target, known[edge.source] - 1)
            if edge.target in known:
                ranks.setdefault(edge.source, known[edge.target] + 1)
    nearest = list(ranks.items())[:MOST_BOXES]  # in the order they were reached
    return sorted(nearest, key=lambda item: item[1])


def _lanes(edges: list[Edge], place: dict) -> dict[Edge, int]:
    """A lane for each line, so that no two lie on each other; short lines nearest to the boxes."""
    ends: list[list[tuple[int, int]]] = []
    found = {}

    def span(edge):
        a, b = place[edge.source], place[edge.target]
        return min(a, b), max(a, b)

    for edge in sorted(edges, key=lambda e: (span(e)[1] - span(e)[0], span(e), e.kind)):
        low, high = span(edge)
        for lane, taken in enumerate(ends):
            if all(high < a or low > b for a, b in taken) or lane == MOST_LANES - 1:
                break
        else:
            lane = len(ends)
            ends.append([])
        ends[lane].append((low, high))
        found[edge] = lane
    return found


def _box(family: Family, key, x: int, y: int) -> Box:
    page = family.pages[key]
    width = WIDTH - MARGIN - x
    lines = wrapped(page.title, (width - 2 * PAD) / EM)
    note = " · ".join(filter(None, (_relation_to(family, key), page.validity_label)))
    return Box(
        x=x,
        y=y,
        width=width,
        height=FIRST_LINE + LINE_HEIGHT * len(lines) + PAD,
        lines=[(y + FIRST_LINE + LINE_HEIGHT * (n + 1), line) for n, line in enumerate(lines)],
        note=note,
        url="" if key == family.key else page.url,
        title=page.title,
        is_current=key == family.key,
        is_void=page.validity_tone == "void",
    )


def _relation_to(family: Family, key) -> str:
    """What the box is to the document in the middle, seen from there; "" two steps away."""
    for edge in family.edges:
        if (edge.source, edge.target) == (family.key, key):
            return edge.label
        if (edge.source, edge.target) == (key, family.key):
            return edge.label_back
    return ""


def _line(boxes: dict, edge: Edge, lane: int, edges: list[Edge]) -> Line:
    """From the left side of one box along its lane to the left side of the other."""
    start, end = boxes[edge.source], boxes[edge.target]
    x = start.x - 12 - LANE * lane
    y1, y2 = _port(start, edge.source, edge, edges), _port(end, edge.target, edge, edges)
    return Line(
        path=f"M{start.x} {y1}H{x}V{y2}H{end.x - 2}",
        arrow=f"M{end.x} {y2}l-7 -4v8z",
        changes=edge.changes,
    )


def _port(box: Box, key, edge: Edge, edges: list[Edge]) -> int:
    """The height at which a line meets a box: several share its side evenly."""
    here = [other for other in edges if key in (other.source, other.target)]
    return box.y + round(box.height * (here.index(edge) + 1) / (len(here) + 1))


def wrapped(text: str, ems: float, most: int = 2) -> list[str]:
    """`text` in at most so many lines of a width in ems; what is left out is an ellipsis."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and _ems(line + piece) > ems:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and _ems(last + "…") > ems:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _pieces(text: str) -> list[str]:
    """Words of letters with the blank behind them, and single wide signs."""
    pieces: list[str] = []
    word = ""
    for sign in text:
        if _is_wide(sign) or sign == " ":
            word += sign if sign == " " else ""
            if word:
                pieces.append(word)
            word = ""
            if sign != " ":
                pieces.append(sign)
        else:
            word += sign
    return [*pieces, word] if word else pieces


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WFA"


def _ems(text: str) -> float:
    return sum(1 if _is_wide(sign) else 0.3 if sign in " .,;:'ilj" else 0.56 for sign in text)
