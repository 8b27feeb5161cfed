"""What all processes of the site agree on about the index, read once for a search."""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from search.analysis import HAN_RUN, RUN, is_han, lower, normalise, stem
from search.models import IndexState, TermGroup
from search.words import Segmenter

LETTERS = re.compile(r"[^\W_]+")


@dataclass
class Synonyms:
    """For a word the words that find the same, itself not among them.

    Chinese words are normalised; keys in letters are stems with blanks between them (`key_of`).
    """

    found_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Chinese words to English ones, for pages in English.
    in_english: dict[str, tuple[str, ...]] = field(default_factory=dict)
    segmenter: Segmenter = field(default_factory=Segmenter)
    # The most words of a key in letters.
    longest: int = 1

    @classmethod
    def of(cls, groups: Iterable[tuple[str, list[str]]]) -> "Synonyms":
        """From pairs of (TermGroup.Kind, words)."""
        found: dict[str, dict[str, None]] = {}
        english: dict[str, dict[str, None]] = {}
        whole: set[str] = set()
        for kind, typed in groups:
            words = [" ".join(lower(normalise(word)).split()) for word in typed]
            words = [word for word in words if RUN.search(word)]
            if kind == TermGroup.Kind.BILINGUAL:
                chinese = [word for word in words if HAN_RUN.search(word)]
                letters = [word for word in words if word not in chinese]
                for word in letters:
                    found.setdefault(key_of(word), {}).update(dict.fromkeys(chinese))
                for word in chinese:
                    english.setdefault(word, {}).update(dict.fromkeys(letters))
                continue
            for head in words[:1] if kind == TermGroup.Kind.ONE_WAY else words:
                others = (word for word in words if word != head)
                found.setdefault(key_of(head), {}).update(dict.fromkeys(others))
                if is_han(head):
                    whole.add(head)
        return cls(
            {word: tuple(others) for word, others in found.items()},
            {word: tuple(others) for word, others in english.items()},
            Segmenter(frozenset(whole)),
            max((len(word.split()) for word in found if word.isascii()), default=1) or 1,
        )


def key_of(word: str) -> str:
    """Small-letter words as their stems; Chinese as it is."""
    if HAN_RUN.search(word):
        return word
    return " ".join(stem(part) for part in LETTERS.findall(word.replace("'s", "")))


_lock = threading.Lock()
_synonyms: dict[str, tuple[int, Synonyms]] = {}


def synonyms(state: IndexState) -> Synonyms:
    """The editors' synonyms as of `state`, kept in memory until they change."""
    name = str(connection.settings_dict["NAME"])
    known = _synonyms.get(name)
    if known is None or known[0] != state.terms_version:
        with _lock:
            known = _synonyms.get(name)
            if known and known[0] == state.terms_version:
                return known[1]  # made while this thread waited
            rows = TermGroup.objects.filter(active=True).order_by("pk")
            groups = ((group.kind, group.words) for group in rows.only("kind", "terms"))
            known = _synonyms[name] = (state.terms_version, Synonyms.of(groups))
    return known[1]


def current() -> IndexState:
    return IndexState.objects.filter(pk=1).first() or IndexState.load()
