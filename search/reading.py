"""How a query is read: cut into words, what else these are called, and how rare they are."""

import math
import re
from collections.abc import Iterable

from search import abbreviations, document_numbers, vocabulary, words
from search.analysis import HAN_RUN, RUN, asked_tokens, is_han, lower, normalise
from search.models import IndexState
from search.plan import ENOUGH, Plan, Word
from search.state import Synonyms, key_of, synonyms
from search.words import delivered, places

MOST_WORDS = 16
MOST_ALTERNATIVES = 8
# What a word that means little beside others keeps of its weight.
WEAK = 0.3
# Chinese characters of a sentence at least.
SENTENCE = 8
# A word of so many characters may be a phrase.
PHRASE = 5
# A word in more than this share of the documents is taken as present in every text …
COMMON = 0.3
# … of a site with many documents: where there are few, looking costs nothing.
MANY = 2000
QUOTED = re.compile(r"[\"“”「『]([^\"“”「」『』]+)[\"“”」』]")
ARTICLE = re.compile(r"第(\d{1,4})([条章节款])")
ARTICLE_WORD = re.compile(r"第[零一二三四五六七八九十百千]+条")
DIGITS = "零一二三四五六七八九"


def make(query: str, state: IndexState, total: int, share: float = ENOUGH) -> Plan:
    """Read a query.

    Args:
        query: as typed, at most some hundred characters.
        state: tells which synonyms are current.
        total: number of documents, for the weights.
        share: of the weight of the words that a document must have.
    """
    known = synonyms(state)
    text = lower(normalise(query))
    plan = Plan(" ".join(text.split()), total=max(total, 1), share=share)
    rest = text
    for token, start, end in document_numbers.forms(text):
        plan.numbers.append(token)
        agency = document_numbers.agency(text, start)
        if agency:
            start = text.rindex(agency, 0, start)
            plan.words.append(Word(agency, [agency], weight=5.0, agency=True))
        rest = rest[:start] + " " * (end - start) + rest[end:]
    for match in list(QUOTED.finditer(rest)):
        if asked_tokens(match[1]):
            plan.words.append(Word(match[1].strip(), [match[1].strip()], exact=True))
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    rest = ARTICLE.sub(lambda match: f"第{in_characters(int(match[1]))}{match[2]}", rest)
    for match in list(ARTICLE_WORD.finditer(rest)):
        plan.words.append(Word(match[0], [match[0]], article=True))
        rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    latin: list[str] = []
    for match in RUN.finditer(rest):
        if match["han"]:
            plan.words += english_words(latin, known)
            latin = []
            plan.words += chinese_words(match["han"], known)
        else:
            latin.append(match["word"])
    plan.words += english_words(latin, known)
    plan.spoken = is_spoken(text, known)
    plan.words = distinct(plan.words)[:MOST_WORDS]
    weigh(plan, known)
    return plan


def is_spoken(text: str, known: Synonyms) -> bool:
    """Whether a query is a sentence: long enough, with words that only a sentence has."""
    runs = HAN_RUN.findall(text)
    if sum(map(len, runs)) < SENTENCE:
        return False
    stop = delivered().stop
    return any(word in stop for run in runs for word in known.segmenter.cut(run))


def distinct(words: Iterable[Word]) -> list[Word]:
    return list({word.text: word for word in words}.values())


def in_characters(number: int) -> str:
    """47 → 四十七, as articles of statutes are numbered."""
    if number < 10:
        return DIGITS[number]
    parts, rest, gap = "", number, False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        digit, rest = divmod(rest, unit)
        if digit:
            parts += ("零" if gap else "") + DIGITS[digit] + name
            gap = False
        elif parts and rest:
            gap = True
    if rest:
        parts += ("零" if gap else "") + DIGITS[rest]
    return parts.removeprefix("一") if 10 <= number < 20 else parts


def chinese_words(run: str, known: Synonyms) -> list[Word]:
    """The words of a run of Chinese characters, without those that say nothing."""
    lists = delivered()
    names = [] if run in known.found_by else abbreviations.abbreviated(run, known)
    if names:
        return [Word(run, [run, *names])]
    cut = joined(known.segmenter.cut(run), lists.stop)
    words: list[Word] = []
    position = 0
    while position < len(cut):
        # A synonym may be cut in several words: 物业 公司.
        for end in range(min(len(cut), position + 4), position, -1):
            text = "".join(cut[position:end])
            if end == position + 1 or text in known.found_by or text in places():
                break
        position = end
        if text in lists.stop:
            continue
        if len(text) == 1 and len(run) > 1:
            continue
        words.append(
            Word(
                text,
                alternatives(text, known),
                weak=text in lists.weak,
                place=places().get(text),
                abroad=text not in places() and known.segmenter.names_place(text),
            )
        )
    if not words:  # nothing but such words: then they are meant
        words = [Word(run, alternatives(run, known))]
    return words


def joined(cut: list[str], stop: frozenset[str]) -> list[str]:
    """Single characters side by side are one word that no dictionary has: 堆 锦 → 堆锦."""
    found: list[str] = []
    was_single = False
    for word in cut:
        single = len(word) == 1 and word not in stop
        if single and was_single:
            found[-1] += word
        else:
            found.append(word)
        was_single = single
    return found


def alternatives(text: str, known: Synonyms) -> list[str]:
    found = [text, *known.found_by.get(text, ())]
    # A synonym inside a longer word: 政采法 → 政府采购法.
    if is_han(text) and 3 <= len(text) <= 8 and len(found) == 1:
        for start in range(len(text) - 1):
            for end in range(len(text), start + 1, -1):
                part = text[start:end]
                if part == text:
                    continue
                found += [
                    text[:start] + other + text[end:]
                    for other in known.found_by.get(part, ())
                    if is_han(other) and part not in other
                ]
    return list(dict.fromkeys(found))[: MOST_ALTERNATIVES + 1]


def english_words(words: list[str], known: Synonyms) -> list[Word]:
    """English words; the longest terms that the bilingual list has are taken as one."""
    stop = delivered().english_stop
    found: list[Word] = []
    position = 0
    while position < len(words):
        for end in range(min(len(words), position + known.longest), position, -1):
            phrase = " ".join(words[position:end])
            others = known.found_by.get(key_of(phrase), ())
            if others:
                break
        position = end
        if not others and phrase in stop and len(words) > 1:
            continue
        place = next((places()[other] for other in others if other in places()), None)
        found.append(Word(phrase, [phrase, *others][: MOST_ALTERNATIVES + 1], place=place))
    return found


def parts_of(word: Word, known: Synonyms) -> list[str]:
    """Words inside the word and its alternatives that are not weak ones."""
    lists = delivered()
    if word.exact or word.place:
        return []
    found = {
        part
        for text in word.alternatives
        if is_han(text) and len(text) > 2
        for part in known.segmenter.cut_finely(text)
        if 1 < len(part) < len(text)
    }
    return sorted(found - set(word.alternatives) - lists.weak - lists.stop)


def loose_of(word: Word) -> list[str]:
    """The words of a long word: 住房公积金 提取. Empty for one that is no phrase."""
    if word.exact or word.place or word.article or len(word.text) < PHRASE or not is_han(word.text):
        return []
    lists = delivered()
    cut = [part for part in words.cut(word.text) if len(part) > 1 and part not in lists.stop]
    whole = len(cut) > 1 and sum(map(len, cut)) >= len(word.text) - 1
    return cut if whole else []


def weigh(plan: Plan, known: Synonyms) -> None:
    """Weights by how rare a word is (the inverse document frequency of BM25)."""
    # Also for the corrections, which ask what is strange: one query for both.
    runs = HAN_RUN.findall(plan.text)
    whole = [*runs, *(word for run in runs for word in known.segmenter.cut(run))]
    alternatives = (text for word in plan.words for text in word.alternatives)
    terms = vocabulary.known([*alternatives, *whole])
    plan.terms = frozenset(terms)
    for word in plan.words:
        if word.agency:
            continue
        word.documents = max(
            (terms[text] for text in word.alternatives if text in terms), default=0
        )
        often = plan.total > MANY and word.documents > COMMON * plan.total
        word.common = often and len(plan.words) > 1
        documents = max(word.documents, 1)
        word.weight = max(0.3, math.log(1 + (plan.total - documents + 0.5) / (documents + 0.5)))
        if word.weak:
            word.weight *= WEAK
        word.parts = parts_of(word, known)
        word.loose = loose_of(word)
