"""What a reader may have meant: sounds, initials, one wrong character, a misspelling.

Nothing is offered that finds nothing: the caller searches for it first (search.api).
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from anyascii import anyascii
from django.db.models import F, Q
from pypinyin.pinyin_dict import pinyin_dict

from search.analysis import HAN_RUN, is_han, lower, normalise
from search.models import Term
from search.sounds import pinyin
from search.state import Synonyms
from search.vocabulary import starting
from search.words import delivered

LATIN = re.compile(r"[a-z' ’-]+")
LONGEST_PINYIN = 60
LONGEST_RUN = 12
# Rows of the vocabulary that are looked at for one guess.
MOST_ROWS = 2000
# A word with one other character counts only when it is this long, and this frequent.
SHORTEST_LOOKALIKE = 3
OFTEN = 2
TOWNS = ("省", "市", "县", "区", "州", "镇", "乡", "村")


@dataclass(frozen=True)
class Guess:
    """`query` instead of what was typed. `sure`: by sound; `whole`: another word for all of it."""

    query: str
    weight: float
    sure: bool = True
    whole: bool = False


def guesses(typed: str, known: Synonyms, terms: frozenset[str] | None = None) -> list[Guess]:
    """Other readings of a query, the likeliest first.

    `terms`: what the vocabulary has of its Chinese words and runs, if it was asked already.
    """
    text = " ".join(lower(normalise(typed)).split())
    if LATIN.fullmatch(text):
        found = [*of_pinyin(text), *of_initials(text), *of_spelling(text)]
    else:
        found = of_characters(text, known, terms)
    best: dict[str, Guess] = {}
    for guess in sorted(found, key=lambda one: -one.weight):
        if guess.query != text:
            best.setdefault(guess.query, guess)
    return list(best.values())[:5]


def weight_of(term: Term) -> float:
    return term.titles * 5 + term.documents


# --- Sounds ---------------------------------------------------------------------------------


# ü has no key: it is typed as v.
AS_TYPED = str.maketrans(dict.fromkeys("üǖǘǚǜ", "v"))


@cache
def all_syllables() -> frozenset[str]:
    """Every syllable of Chinese without its tone; lü as lv."""
    # Forty thousand characters have some fifteen hundred readings.
    readings = {one for several in set(pinyin_dict.values()) for one in several.split(",")}
    plain = {anyascii(one.translate(AS_TYPED)).lower() for one in readings}
    return frozenset(filter(str.isalpha, plain - {"n", "m", "ng", "hm", "hng", "r"}))


def of_pinyin(text: str) -> list[Guess]:
    """Words whose sounds, one after the other, are the letters of `text`."""
    letters = re.sub(r"[^a-z]", "", text)
    if not 2 <= len(letters) <= LONGEST_PINYIN:
        return []
    steps = _steps(letters)
    if len(letters) not in {end for ends in steps.values() for end in ends}:
        return []
    spans = {
        letters[start:end]: None for start in steps for end in _reachable(steps, start, LONGEST_RUN)
    }
    terms: dict[str, list[Term]] = {}
    for term in Term.objects.filter(pinyin__in=list(spans)).order_by(
        -(F("titles") * 5 + F("documents"))
    )[:MOST_ROWS]:
        terms.setdefault(term.pinyin, []).append(term)
    found = [Guess(term.text, 1000 + weight_of(term)) for term in terms.get(letters, [])[:3]]
    if not found:
        words = _cover(letters, terms)
        if words:
            chinese = all(is_han(term.text) for term in words)
            query = ("" if chinese else " ").join(term.text for term in words)
            found = [Guess(query, min(map(weight_of, words)))]
    return found


def _steps(letters: str) -> dict[int, list[int]]:
    """For each place that syllables lead to: where the next syllable may end."""
    steps: dict[int, list[int]] = {}
    open_places = [0]
    while open_places:
        start = open_places.pop()
        if start in steps or start == len(letters):
            continue
        steps[start] = [
            end
            for end in range(start + 1, min(len(letters), start + 6) + 1)
            if letters[start:end] in all_syllables()
        ]
        open_places += steps[start]
    return steps


def _reachable(steps: dict[int, list[int]], start: int, most: int) -> set[int]:
    found: set[int] = set()
    places = {start}
    for _number in range(most):
        places = {end for place in places for end in steps.get(place, ())}
        found |= places
    return found


def _cover(letters: str, terms: dict[str, list[Term]]) -> list[Term]:
    """The fewest (then most frequent) words that sound like all of the letters."""
    best: dict[int, tuple[float, list[Term]]] = {0: (0.0, [])}
    for end in range(1, len(letters) + 1):
        for start in range(end):
            known = terms.get(letters[start:end])
            if known and start in best and len(known[0].text) > 1:
                cost = best[start][0] + 10.0 + 5.0 / (1 + weight_of(known[0]))
                if end not in best or cost < best[end][0]:
                    best[end] = (cost, [*best[start][1], known[0]])
    return best.get(len(letters), (0.0, []))[1]


def of_initials(text: str) -> list[Guess]:
    """Words whose syllables begin with these letters: kcfd → 科创飞地."""
    letters = text.replace(" ", "")
    if not 3 <= len(letters) <= 10 or not letters.isalpha():
        return []
    terms = Term.objects.filter(initials=letters, titles__gt=0)
    return [
        Guess(term.text, weight_of(term) / 10, sure=False)
        for term in terms.order_by(-(F("titles") * 5 + F("documents")))[:3]
    ]


def of_spelling(text: str) -> list[Guess]:
    """English with words that are nearly those of the vocabulary."""
    words = text.split()
    changed = False
    for number, word in enumerate(words):
        if len(word) < 5 or not word.isalpha() or Term.objects.filter(text=word).exists():
            continue
        near = Term.objects.filter(starting("text", word[:2]), pinyin="").values_list(
            "text", flat=True
        )
        match = get_close_matches(word, near[:MOST_ROWS], n=1, cutoff=0.8)
        if match:
            words[number] = match[0]
            changed = True
    return [Guess(" ".join(words), 1.0)] if changed else []


# --- Characters -----------------------------------------------------------------------------


def of_characters(text: str, known: Synonyms, terms: frozenset[str] | None = None) -> list[Guess]:
    """A run of Chinese with a word that sounds the same or differs in one character."""
    found: list[Guess] = []
    for match in HAN_RUN.finditer(text):
        run = match[0]
        if not 2 <= len(run) <= LONGEST_RUN:
            continue
        for start, end, term, sure in _replacements(run, known, terms):
            changed = run[:start] + term.text + run[end:]
            whole = text[: match.start()] + changed + text[match.end() :]
            share = (end - start) / len(run)
            weight = (100 if sure else 10) * share + weight_of(term) / 1000
            found.append(Guess(whole, weight, sure, whole == term.text))
    return found


def _replacements(
    run: str, known: Synonyms, terms: Set[str] | None
) -> Iterable[tuple[int, int, Term, bool]]:
    """Words of the vocabulary instead of words of the run that it does not have."""
    cut = known.segmenter.cut(run)
    if terms is None:
        terms = set(Term.objects.filter(text__in=[*cut, run]).values_list("text", flat=True))
    if run in terms:
        return
    stop = delivered().stop
    strange = [
        word not in terms and word not in known.found_by and word not in stop for word in cut
    ]
    ends = [0]
    for word in cut:
        ends.append(ends[-1] + len(word))
    unknown = [
        (ends[first], ends[last])
        for first in range(len(cut))
        for last in range(first + 1, min(len(cut), first + 4) + 1)
        if 2 <= ends[last] - ends[first] <= 8
        # All words known: then only the whole may be another word that sounds alike.
        and (any(strange[first:last]) or (first == 0 and last == len(cut)))
    ]
    by_sound: dict[str, list[tuple[int, int]]] = {}
    for start, end in unknown:
        by_sound.setdefault(pinyin(run[start:end]), []).append((start, end))
    by_sound.pop("", None)
    for term in Term.objects.filter(pinyin__in=list(by_sound), documents__gte=OFTEN).order_by(
        -F("documents")
    )[:MOST_ROWS]:
        for start, end in by_sound[term.pinyin]:
            # At least half of the characters are right: 政府/正府 yes, 食物/事务 no.
            same = sum(a == b for a, b in zip(term.text, run[start:end], strict=False))
            if len(term.text) == end - start and same * 2 >= end - start:
                yield start, end, term, True
    near = Q()
    lookalikes = [(s, e) for s, e in unknown if SHORTEST_LOOKALIKE <= e - s <= 6][:24]
    if not any(strange):
        return
    for start, end in lookalikes:
        word = run[start:end]
        half = len(word) // 2
        near |= starting("text", word[:half] if half > 1 else word[:2])
        near |= starting("backwards", word[::-1][: max(2, len(word) - half)])
    if not lookalikes:
        return
    for term in Term.objects.filter(near, documents__gte=OFTEN, titles__gt=0).order_by(
        -F("titles")
    )[:MOST_ROWS]:
        for start, end in lookalikes:
            word = run[start:end]
            # One town is not another, however alike their names are.
            if len(term.text) == len(word) and not word.endswith(TOWNS):
                wrong = sum(a != b for a, b in zip(term.text, word, strict=True))
                if wrong == 1:
                    yield start, end, term, False
