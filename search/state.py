"""What all processes of the site agree on about the index, read once for a search."""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Model

from base.prepared import Prepared, rows_together
from search import health
from search.analysis import HAN_RUN, RUN, is_han, lower, normalise, stem
from search.models import EngineState, IndexState, PendingChange, TermGroup
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


# More waiting changes than this are not left out one by one: the database answers.
MOST_LEFT_OUT = 1000
PAGES = "wagtailcore.page"


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _row_of(model: type[Model]) -> Prepared:
    return Prepared(
        lambda slot: model.objects.filter(pk=slot).order_by().values_list(*_columns(model))
    )


_INDEX, _ENGINE = _row_of(IndexState), _row_of(EngineState)
_WAITING = Prepared(
    lambda label: (
        PendingChange.objects.filter(model=label)
        .order_by()
        .values_list("object_id", flat=True)
        .distinct()[: MOST_LEFT_OUT + 1]
    ),
    slot=PAGES,
)


def current() -> IndexState:
    """What a search goes by, asked once for all of it and in one message."""
    if not health.configured():
        return _object(IndexState, _INDEX.rows(1))
    index, engine, waiting = rows_together((_INDEX, 1), (_ENGINE, 1), (_WAITING, PAGES))
    state = _object(IndexState, index)
    state.engine = _object(EngineState, engine)
    state.waiting = [int(pk) for (pk,) in waiting]
    return state


def _object(model: type[Model], rows: list[tuple]):
    """The row as an object; the row is made when it is missing."""
    return model.from_db(connection.alias, _columns(model), rows[0]) if rows else model.load()
