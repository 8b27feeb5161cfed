"""The order of results: a second look at the texts of the best candidates, the same for every engine.

BM25 over words (Robertson and Zaragoza 2009) for title and text; how much of the title the query
is and the other way round; how much of the query stands together in one paragraph; then what is
known of the document: a national law before a provincial one unless a place was asked for.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from search.analysis import HAN, HAN_RUN, lower, stem
from search.columns import Facts
from search.documents import NOT_SHOWN
from search.plan import Plan, Word
from search.words import Place

K1, B = 1.2, 0.6
AVERAGE_LENGTH = 4000.0
TITLE = 4.0
TEXT = 1.0
# A word says no more than this, however rare.
MOST = 4.5
# A word that is in the title in part only.
PART = 0.5
# A long word whose words stand apart.
LOOSE = 0.5
TOGETHER = 1.2
NEIGHBOURS = 0.5
COVERED = 1.2
TITLE_IS_QUERY = 4.0
RANK = 1.1
AT_PLACE = 8.0
IN_PROVINCE = 4.0
ELSEWHERE = -4.0
# The text has the article that was asked for, not only a mention of it.
ARTICLE = 4.0
# What a title has beside its subject: "中华人民共和国…法", "（2020年修订）".
NOT_SUBJECT = re.compile(
    r"中华人民共和国|[（(][^）)]*[）)]|全国人民代表大会常务委员会|国务院|最高人民法院|最高人民检察院|关于|的决定|的通知"
)
MOST_HITS = 60
# Chinese stands beside letters and digits without a blank: 建设5G基站.
LETTER = f"[^\\W_{HAN}]"
BETWEEN_PARTS = re.compile(r"[\s.'’&-]+")
BETWEEN_WORDS = r"(?:['’]s)?[\s.'’&-]+"


@dataclass
class Candidate:
    page_id: int
    title: str  # normalised; further lines are the titles in other languages
    body: str
    entry: Facts
    score: float = 0.0
    # Of the paragraph that has the most of the query: (start, end) in `body`.
    passage: tuple[int, int] = (0, 0)
    parts: dict[str, float] = field(default_factory=dict)


def order(plan: Plan, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, best first; what is no longer valid after what is, unless it was asked for by name."""
    score(plan, candidates)
    return sorted(
        candidates,
        key=lambda one: (not (one.entry.valid or named(plan, one)), -one.score, -one.page_id),
    )


def named(plan: Plan, candidate: Candidate) -> bool:
    """The query is the document's own title or has its number."""
    if plan.numbers:
        return True
    asked = "".join(HAN_RUN.findall(plan.text))
    return len(asked) > 3 and asked in {
        "".join(HAN_RUN.findall(line)) for line in lower(candidate.title).split("\n")
    } | {"".join(HAN_RUN.findall(subject(candidate.title)))}


def subject(title: str) -> str:
    """The part of a title that tells one document from another."""
    return NOT_SUBJECT.sub("", title.partition("\n")[0])


def places_of(word: Word, text: str) -> list[tuple[int, int]]:
    """Where the word or one of its alternatives stands in a (small-letter) text, as (start, end)."""
    found: list[tuple[int, int]] = []
    for alternative in word.alternatives:
        if alternative.isascii():
            beginning, pattern, stems = _latin(alternative)
            if beginning in text:
                found += [
                    match.span()
                    for match in pattern.finditer(text)
                    if tuple(map(stem, match.groups())) == stems
                ][:MOST_HITS]
            continue
        start, length = text.find(alternative), len(alternative)
        while start >= 0 and len(found) < MOST_HITS:
            end = start + length
            found.append((start, end))
            start = text.find(alternative, end)
    return found


@lru_cache(maxsize=2000)
def _latin(phrase: str) -> tuple[str, re.Pattern, tuple[str, ...]]:
    """How the phrase begins, its words with any endings, and their stems."""
    stems = tuple(stem(part) for part in BETWEEN_PARTS.split(phrase) if part not in ("", "s"))
    stems = stems or (phrase,)
    # What an ending hides: policy is polici, trading is trade.
    heads = [one[:-1] if len(one) > 2 and one[-1] in "ie" else one for one in stems]
    words = [f"({re.escape(head)}{LETTER}*)" for head in heads]
    pattern = f"(?<!{LETTER}){BETWEEN_WORDS.join(words)}(?!{LETTER})"
    return heads[0], re.compile(pattern), stems


def score(plan: Plan, candidates: Iterable[Candidate]) -> None:
    """Give the candidates their scores and passages."""
    weights = [min(word.weight, MOST) for word in plan.words]
    told = [
        plan.text,
        *(text for w in plan.words for text in (*w.alternatives, *w.parts, *w.loose)),
    ]
    # Chinese has no small letters: a text is read as it is where nothing else was asked.
    small = lower if any(text.upper() != text for text in told) else str
    for candidate in candidates:
        _score(plan, weights, candidate, small(candidate.title), small(candidate.body))


def _score(plan: Plan, weights: list[float], candidate: Candidate, title: str, body: str) -> None:
    length = K1 * (1 - B + B * min(len(body) / AVERAGE_LENGTH, 8.0))
    head = subject(title)
    title_score = text_score = covered = asked = articles = 0.0
    marked = bytearray(len(head))
    hits: list[tuple[int, int, int]] = []
    for number, (word, weight) in enumerate(zip(plan.words, weights, strict=True)):
        in_title, in_body = places_of(word, title), places_of(word, body)
        if in_title:
            for start, end in places_of(word, head):
                marked[start:end] = b"\1" * (end - start)
            title_score += weight
            asked += weight
        elif word.parts and any(part in title for part in word.parts):
            title_score += PART * weight
            asked += PART * weight
            for part in word.parts:
                at = head.find(part)
                if at >= 0:
                    marked[at : at + len(part)] = b"\1" * len(part)
        if in_body:
            frequency = len(in_body)
            text_score += weight * frequency * (K1 + 1) / (frequency + length)
            hits += [(start, end, number) for start, end in in_body]
        elif not in_title and word.loose:
            apart = [body.find(part) for part in word.loose]
            if all(at >= 0 or part in title for at, part in zip(apart, word.loose, strict=True)):
                text_score += LOOSE * weight
                covered += LOOSE * weight
                hits += [
                    (at, at + len(part), number)
                    for at, part in zip(apart, word.loose, strict=True)
                    if at >= 0
                ]
        if in_title or in_body:
            covered += weight
        if word.article and any(f"\n{text}" in body for text in word.alternatives):
            articles += ARTICLE
    total = sum(weights) or 1.0
    parts = {
        "article": articles,
        "title": TITLE * title_score,
        "text": TEXT * text_score,
        "covered": COVERED * total * (covered / total) ** 2,
    }
    if head:
        # How much of the title was asked for, and how much of the query the title answers.
        parts["subject"] = (
            TITLE_IS_QUERY * (marked.count(1) / len(head)) * (asked / total) * math.sqrt(total)
        )
    together, neighbours, candidate.passage = passage(weights, body, hits)
    parts["together"] = TOGETHER * together
    parts["neighbours"] = NEIGHBOURS * neighbours
    if len(plan.text) > 2 and plan.text in title:
        parts["phrase"] = 2.0 * math.sqrt(total)
    parts["known"] = known(plan.place, candidate.entry, asked / total)
    candidate.parts = parts
    candidate.score = sum(parts.values())


def passage(
    weights: list[float], body: str, hits: list[tuple[int, int, int]]
) -> tuple[float, float, tuple[int, int]]:
    """The paragraph with the most weight of different words: (weight, weight of words that touch, where).

    `hits` are (start, end, number of the word) and are sorted here.
    """
    best, touching, where = 0.0, 0.0, (0, 0)
    hits.sort()
    start = end = -1
    words: set[int] = set()
    weight = touched = 0.0
    last_end, last_number = -9, -1
    # One more behind them all closes the last paragraph.
    for begin, stop, number in [*hits, (len(body) + 1, 0, -1)]:
        if begin >= end:
            if weight + touched * 0.5 > best + touching * 0.5 and body[start] != NOT_SHOWN:
                best, touching, where = weight, touched, (start, end)
            if number < 0:
                break
            words, weight, touched, last_end = set(), 0.0, 0.0, -9
            start = body.rfind("\n", 0, begin) + 1
            end = body.find("\n", begin)
            end = len(body) if end < 0 else end
        if number not in words:
            if number != last_number and 0 <= begin - last_end <= 1:
                touched += min(weights[number], weights[last_number])
            words.add(number)
            weight += weights[number]
        last_end, last_number = stop, number
    return best, touching, where


def known(asked: Place | None, entry: Facts, in_title: float) -> float:
    """What speaks for a document whatever its words are. `in_title`: share of the query there."""
    if asked is None:
        return RANK * entry.rank
    if entry.place in (asked.name, asked.short):
        return AT_PLACE * (0.5 + 0.5 * in_title)
    if entry.place == asked.province:
        return IN_PROVINCE * (0.5 + 0.5 * in_title)
    if entry.rank >= 3:
        return 0.0
    return ELSEWHERE
