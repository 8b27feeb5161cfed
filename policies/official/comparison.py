"""What differs between two versions: paragraphs that belong together, and inside them the words.

Paragraphs are aligned first (equal ones, then likely ones among what is left), so that the
costly comparison by characters sees two paragraphs at a time. Chinese is compared by character,
letters and digits by word: 10万元 and 100万元 differ in the number, not in a nought.
"""

import re
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from diff_match_patch import diff_match_patch

from policies.official.content import Paragraph
from policies.official.record import DATES, TEXTS, Record

# Beyond this no page of the comparison could be read, nor made in a second.
MOST_CHARACTERS = 300_000
MOST_PARAGRAPHS = 6_000
# Seconds of the processor for a comparison; paragraphs left then are shown as changed whole.
BUDGET = 0.7
# Two paragraphs are likely the same one, changed, when so much of their pairs of characters agrees.
LIKELY = 0.35
# Pairs of characters that stand in more paragraphs of a stretch say little about one.
RARE = 8

# One word of letters and digits, with the signs inside it: 12.5, GB/T, R&D, 2026-01-01.
WORD = re.compile(r"[A-Za-z0-9À-ɏ]+(?:[.,/&'’-][A-Za-z0-9À-ɏ]+)*")
# Words stand for one sign each while they are compared, from this private plane of Unicode.
FIRST_SIGN, LAST_SIGN = 0xF0000, 0xFFFFD
PRIVATE = re.compile(f"[{chr(FIRST_SIGN)}-{chr(LAST_SIGN)}]")

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


class TextsTooLongError(Exception):
    """The two texts are too long to be compared on a page."""


@dataclass(frozen=True)
class Row:
    """Two paragraphs beside each other; `old` or `new` is None where there is none.

    `old_parts` and `new_parts` are (text, is it different), for `changed` only.
    """

    state: str
    old: Paragraph | None
    new: Paragraph | None
    old_parts: tuple[tuple[str, bool], ...] = ()
    new_parts: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class Comparison:
    """`fields` are (name, old, new) of what differs: the title, `is_full_text`, TEXTS and DATES."""

    fields: list[tuple[str, str, str]]
    rows: list[Row]

    @property
    def is_identical(self) -> bool:
        return not self.fields and all(row.state == SAME for row in self.rows)

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)


def compare(old: Record, new: Record) -> Comparison:
    """Everything that differs between two records. Raises `TextsTooLongError`."""
    for record in (old, new):
        length = sum(len(p.text) for p in record.paragraphs)
        if len(record.paragraphs) > MOST_PARAGRAPHS or length > MOST_CHARACTERS:
            raise TextsTooLongError
    return Comparison(_fields(old, new), _rows(old.paragraphs, new.paragraphs))


def _fields(old: Record, new: Record) -> list[tuple[str, str, str]]:
    pairs = [
        ("title", old.title, new.title),
        ("is_full_text", str(int(old.is_full_text)), str(int(new.is_full_text))),
        *((name, old.fields[name], new.fields[name]) for name in (*TEXTS, *DATES)),
    ]
    return [(name, before, after) for name, before, after in pairs if before != after]


def _rows(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[Row]:
    deadline = time.thread_time() + BUDGET
    signs: dict[tuple, str] = {}
    texts = ["".join(_sign(_key(p), signs) for p in paragraphs) for paragraphs in (old, new)]
    rows: list[Row] = []
    i = j = 0
    waiting = [0, 0]  # paragraphs of old and new that have differed since the last equal one
    for operation, part in [*_engine(BUDGET).diff_main(*texts, False), (0, "")]:
        if operation:
            waiting[operation > 0] += len(part)
            continue
        i_end, j_end = i + waiting[0], j + waiting[1]
        rows += _stretch(old[i:i_end], new[j:j_end], deadline)
        i, j, waiting = i_end + len(part), j_end + len(part), [0, 0]
        rows += map(_same, old[i_end:i], new[j_end:j])
    return rows


def _same(old: Paragraph, new: Paragraph) -> Row:
    return Row(SAME, old, new)


def _engine(seconds: float) -> diff_match_patch:
    engine = diff_match_patch()
    # 0 would mean no end to it.
    engine.Diff_Timeout = max(0.01, min(seconds, 0.3))
    return engine


def _sign(thing, signs: dict) -> str:
    """The private sign that stands for `thing`; the last one stands for all beyond the plane."""
    return signs.setdefault(thing, chr(min(FIRST_SIGN + len(signs), LAST_SIGN)))


def _key(paragraph: Paragraph) -> tuple:
    return paragraph.kind, paragraph.number, paragraph.depth, *paragraph.parts


def _stretch(old: Sequence[Paragraph], new: Sequence[Paragraph], deadline: float) -> list[Row]:
    """The rows of a stretch in which nothing is equal."""
    rows, i, j = [], 0, 0
    for a, b in [*_likely_pairs(old, new, deadline), (len(old), len(new))]:
        rows += [Row(REMOVED, paragraph, None) for paragraph in old[i:a]]
        rows += [Row(ADDED, None, paragraph) for paragraph in new[j:b]]
        if a < len(old) and b < len(new):
            before, after = words_changed(old[a].text, new[b].text, deadline)
            rows.append(Row(CHANGED, old[a], new[b], before, after))
        i, j = a + 1, b + 1
    return rows


def _likely_pairs(old, new, deadline: float) -> list[tuple[int, int]]:
    """The pairs of places of paragraphs that are likely the same, changed; in order in both texts.

    A paragraph is only weighed against those that share its rarest pairs of characters with it, so
    that it takes as long as the text, not as its square.
    """
    if not old or not new or time.thread_time() > deadline:
        return []
    olds, news = [_pairs_of(p) for p in old], [_pairs_of(p) for p in new]
    places: dict[str, list[int]] = {}
    for j, pairs in enumerate(news):
        for pair in pairs:
            places.setdefault(pair, []).append(j)
    found = []
    for i, pairs in enumerate(olds):
        votes = Counter(j for pair in pairs if len(at := places.get(pair, ())) <= RARE for j in at)
        weighed = [
            (_likeness(old[i], pairs, new[j], news[j]), -abs(i - j), j)
            for j, _votes in votes.most_common(3)
        ]
        likeness, _distance, j = max(weighed, default=(0.0, 0, 0))
        if likeness >= LIKELY:
            found.append((i, j))
    return _with_neighbours(_longest_rising(found), old, new, olds, news)


def _with_neighbours(pairs, old, new, olds, news) -> list[tuple[int, int]]:
    """The pairs, and between them those at the same distance that are alike.

    Paragraphs that repeat each other have no rare pair of characters; their order tells them apart.
    """
    made, i, j = [], 0, 0
    for a, b in [*pairs, (len(old), len(new))]:
        made += [
            (i + at, j + at)
            for at in range(min(a - i, b - j))
            if _likeness(old[i + at], olds[i + at], new[j + at], news[j + at]) >= LIKELY
        ]
        made.append((a, b))
        i, j = a + 1, b + 1
    return made[:-1]


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of `pairs` whose second numbers rise, too."""
    ends: list[int] = []  # the last number of the best row of each length, and where it stands
    where: list[int] = []
    before: list[int] = []
    for position, (_i, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(where[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        where[length : length + 1] = [position]
    rising, position = [], where[-1] if where else -1
    while position >= 0:
        rising.append(pairs[position])
        position = before[position]
    return rising[::-1]


def _pairs_of(paragraph: Paragraph) -> Counter:
    text = paragraph.text
    return Counter(map(str.__add__, text, text[1:])) or Counter(text)


def _likeness(old: Paragraph, olds: Counter, new: Paragraph, news: Counter) -> float:
    """0 to 1 (Dice); paragraphs of different kinds are less alike, a heading is no text."""
    total = olds.total() + news.total()
    if not total:
        return 1.0 if old.kind == new.kind else 0.0
    small, large = (olds, news) if len(olds) < len(news) else (news, olds)
    shared = sum(min(count, large[pair]) for pair, count in small.items() if pair in large)
    return 2 * shared / total * (1.0 if old.kind == new.kind else 0.8)


def words_changed(old: str, new: str, deadline: float | None = None) -> tuple[tuple, tuple]:
    """The parts of two texts as (text, is it different), in their order.

    Past the `deadline` (of `time.thread_time`) both are shown as different as a whole.
    """
    left = BUDGET if deadline is None else deadline - time.thread_time()
    if left <= 0:
        return ((old, True),), ((new, True),)
    signs: dict[str, str] = {}
    texts = [_in_signs(text, signs) for text in (old, new)]
    if FIRST_SIGN + len(signs) > LAST_SIGN:
        return ((old, True),), ((new, True),)
    engine = _engine(left)
    diffs = engine.diff_main(*texts, False)
    engine.diff_cleanupSemantic(diffs)
    words = {sign: word for word, sign in signs.items()}
    before: list[tuple[str, bool]] = []
    after: list[tuple[str, bool]] = []
    for operation, part in diffs:
        text = PRIVATE.sub(lambda sign: words[sign[0]], part)
        if operation != engine.DIFF_INSERT:
            before.append((text, operation != engine.DIFF_EQUAL))
        if operation != engine.DIFF_DELETE:
            after.append((text, operation != engine.DIFF_EQUAL))
    return tuple(before), tuple(after)


def _in_signs(text: str, signs: dict[str, str]) -> str:
    """The text with each word, and each sign of the private plane, as one private sign."""

    pattern = f"{WORD.pattern}|{PRIVATE.pattern}"
    return re.sub(pattern, lambda match: _sign(match[0], signs), text)
