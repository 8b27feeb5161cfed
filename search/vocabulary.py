"""The words that public pages use: how frequent they are, how they sound, how they are spelled.

Made anew from the index by `rebuild`; a search reads it for the weight of its words, suggestions and
corrections come from it. A page that went away may have left words here: whatever is shown to a
reader is searched for first (search.completions, search.api).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from search.analysis import HAN_RUN, RUN, lower
from search.entries import index_entry
from search.models import Entry, IndexState, Term
from search.sounds import initials, pinyin
from search.state import current, synonyms
from search.words import Segmenter, delivered

LONGEST = 12
MOST_WORDS_IN_A_PHRASE = 5
LONGEST_TERM = 60
# Words of texts (not of titles) that stand in fewer documents are most often cut wrongly.
RARE = 2
MOST_TERMS = 400_000
# Words that are written in one transaction.
PART = 1000


def text_columns() -> tuple[str, str]:
    """Where modelsearch's table has the plain texts on this database."""
    if connection.vendor == "postgresql":
        return "title_text", "body_text"
    return "title", "body"


def title_phrases(title: str, segmenter: Segmenter) -> Iterator[str]:
    """Neighbouring words of a title, up to five: 政府采购, 采购法, 政府采购法 …"""
    words = delivered()
    for match in HAN_RUN.finditer(title):
        cut = segmenter.cut(match[0])
        for start in range(len(cut)):
            if cut[start] in words.stop:
                continue
            phrase = ""
            for end in range(start, min(len(cut), start + MOST_WORDS_IN_A_PHRASE)):
                phrase += cut[end]
                if len(phrase) > LONGEST:
                    break
                if len(phrase) > 1 and cut[end] not in words.stop:
                    yield phrase


def words_of(text: str, segmenter: Segmenter) -> set[str]:
    """The distinct words of a text: Chinese of two characters or more, English of three letters."""
    found = {word for run in set(HAN_RUN.findall(text)) for word in segmenter.cut(run)}
    found = {word for word in found if 1 < len(word) <= LONGEST}
    found.update(
        match["word"]
        for match in RUN.finditer(lower(text))
        if match["word"] and match["word"].isalpha() and 2 < len(match["word"]) <= LONGEST_TERM
    )
    return found


def count(texts: Iterable[tuple[str, str]], segmenter: Segmenter) -> tuple[Counter, Counter]:
    """How many documents have a word at all, and in their titles. `texts`: (title, body)."""
    anywhere: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for title, body in texts:
        phrases = set(title_phrases(title, segmenter)) | words_of(title, segmenter)
        titles.update(phrases)
        anywhere.update(phrases | words_of(body, segmenter))
    return anywhere, titles


def texts() -> Iterator[tuple[str, str]]:
    title, body = text_columns()
    ids = Entry.objects.filter(public=True).values("index_id")
    rows = index_entry()._default_manager.filter(pk__in=ids).values_list(title, body)
    yield from rows.iterator(chunk_size=500)


def rebuild() -> int:
    """Make the vocabulary from what is public now. Returns the number of words."""
    state = current()
    anywhere, titles = count(texts(), synonyms(state).segmenter)
    kept = [
        word
        for word, documents in anywhere.items()
        if documents >= RARE or titles[word] or not word.isascii() and len(word) > 3
    ]
    if len(kept) > MOST_TERMS:
        kept = sorted(kept, key=lambda word: (-titles[word], -anywhere[word]))[:MOST_TERMS]
    rows = Term.objects.values_list("pk", "text", "documents", "titles")
    before = {text: (pk, numbers) for pk, text, *numbers in rows}
    wanted = {word: [anywhere[word], titles[word]] for word in kept}
    changed = [word for word in kept if before.get(word, (0, []))[1] != wanted[word]]
    gone = [pk for text, (pk, _numbers) in before.items() if text not in wanted]
    # Only what differs, and a little at a time: on SQLite every other writer waits meanwhile.
    for part in _parts(gone):
        Term.objects.filter(pk__in=part).delete()
    for part in _parts(changed):
        Term.objects.bulk_create(
            [_term(word, *wanted[word]) for word in part],
            update_conflicts=True,
            unique_fields=["text"],
            update_fields=["documents", "titles"],
        )
    IndexState.objects.filter(pk=1).update(lexicon_at=timezone.now(), lexicon_stamp=state.stamp)
    return len(wanted)


def _parts(things: list) -> Iterator[list]:
    return (things[start : start + PART] for start in range(0, len(things), PART))


def _term(word: str, documents: int, titles: int) -> Term:
    return Term(
        text=word,
        backwards=word[::-1],
        pinyin=pinyin(word)[:240],
        initials=initials(word),
        documents=documents,
        titles=titles,
    )


def is_old() -> bool:
    """Whether pages changed since the vocabulary was made, and making it again is worth the time.

    That takes a second for each thousand pages or so: a large site waits longer between two.
    """
    state = current()
    if state.lexicon_stamp == state.stamp or not state.stamp:
        return False
    pause = timedelta(seconds=10 * Entry.objects.count() ** 0.5)
    return state.lexicon_at is None or timezone.now() - state.lexicon_at > pause


def known(words: Iterable[str]) -> dict[str, int]:
    """Of `words` those that the vocabulary has, with the number of documents that have them."""
    asked = list(set(words))
    if not asked:
        return {}
    places = ", ".join(["%s"] * len(asked))
    with connection.cursor() as cursor:
        # Asked once or twice by each search: the ORM would take longer to build it than to answer.
        cursor.execute(
            f"SELECT text, documents FROM {Term._meta.db_table} WHERE text IN ({places})",  # noqa: S608
            asked,
        )
        return dict(cursor.fetchall())


def starting(field: str, start: str) -> Q:
    """`field` begins with `start`, in a way that the field's index answers on both databases."""
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": start})
    return Q(**{f"{field}__gte": start, f"{field}__lt": start + "\U0010ffff"})
