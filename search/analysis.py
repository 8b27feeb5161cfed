"""One reading of Chinese and English text, used by every engine for what is indexed and what is asked.

Indexed are pairs of neighbouring characters (科创飞地 → 科创 创飞 飞地) and the last character of
each run; a word of the query asks for all its pairs, a single character for every token that begins
with it. So a word is found inside any other, which an index of words can't promise (氢能 in
氢能源). Words are cut only in the query. English words are reduced to their stems.

`normalise` keeps the length of a text, so that a place in the normalised text is the same place
in the original.
"""

import re
import sys
import threading
from functools import lru_cache
from itertools import chain
from operator import add

from opencc_purepy import OpenCC

from search import document_numbers

# Grows when the tokens of a text change: an index written by another version must be made anew.
VERSION = "2"

HAN = "\u3007\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_RUN = re.compile(f"[{HAN}]+")
# One run of Chinese, or one word of letters and digits (R&D, e-mail and 5.2 stay whole).
RUN = re.compile(f"(?P<han>[{HAN}]+)|(?P<word>[^\\W_{HAN}]+(?:[.'’&-][^\\W_{HAN}]+)*)")
SIGNS = re.compile(r"[.'’&-]")
LONGEST_WORD = 40
# Of a run of letters without a blank so much is looked at.
LONGEST_RUN = 200


def _table() -> dict[int, str]:
    """Character by character: wide to narrow, traditional to simplified, control to blank."""
    table: dict[int, str] = {}
    characters = [chr(code) for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFAFF))]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table.update(
        (ord(old), new) for old, new in zip(characters, simplified, strict=True) if old != new
    )
    for code in range(0xFF01, 0xFF5F):
        narrow = chr(code - 0xFEE0)
        # Wide letters and digits; wide punctuation is right in a Chinese sentence.
        if narrow.isalnum():
            table[code] = narrow
    table[0x3000] = " "
    table.update((code, " ") for code in range(0x20) if chr(code) not in "\n\t")
    table.update((code, " ") for code in (0x7F, 0xA0, 0xFEFF, 0x200B, 0x200C, 0x200D, 0xAD))
    # Signs that have a meaning of their own in what is indexed (search.documents).
    table.update((code, " ") for code in (0x2060, 0x2061))
    return table


NORMAL = _table()
_SURROGATE = re.compile("[\ud800-\udfff]")


def normalise(text: str) -> str:
    """`text` of the same length with simplified characters and narrow letters; case is kept."""
    if not text.isascii():
        return _SURROGATE.sub(" ", text.translate(NORMAL))
    return text.translate(NORMAL)


def lower(text: str) -> str:
    """`text` in small letters, of the same length."""
    lowered = text.lower()
    if len(lowered) != len(text):  # İ becomes two characters
        return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return lowered


_threads = threading.local()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a small-letter English word; other words as they are."""
    if not (word.isascii() and word.isalpha()):
        return word
    # A stemmer keeps its word in itself while it works: each thread has one of its own.
    if not hasattr(_threads, "stemmer"):
        import snowballstemmer  # it loads thirty languages: not before there is English to read

        _threads.stemmer = snowballstemmer.stemmer("english")
    return sys.intern(_threads.stemmer.stemWord(word))


def pairs(run: str) -> list[str]:
    """科创飞地 → 科创, 创飞, 飞地."""
    return list(map(add, run, run[1:]))


def tokens(text: str) -> list[str]:
    """The tokens of a normalised text in its order, the document numbers at the end."""
    text = lower(text)
    found: list[str] = []
    for match in RUN.finditer(text):
        run = match["han"]
        if run:
            found += map(add, run, run[1:])
            found.append(run[-1])
        else:
            found += word_tokens(match["word"][:LONGEST_RUN])
    return found + document_numbers.tokens(text)


@lru_cache(maxsize=50_000)
def word_tokens(word: str) -> tuple[str, ...]:
    """A word of letters as it is indexed: its stem, and its parts when it has some."""
    parts = [part for part in SIGNS.split(word) if part]
    if len(parts) > 1 and parts[-1] == "s":  # enclave's
        parts.pop()
    stems = tuple(stem(part)[:LONGEST_WORD] for part in parts)
    return (*stems, "".join(parts)[:LONGEST_WORD]) if len(stems) > 1 else stems


def token_text(*texts: str | None) -> str:
    """The distinct tokens of normalised texts, with blanks between them. What the engines index."""
    return " ".join(dict.fromkeys(chain.from_iterable(tokens(text) for text in texts if text)))


def asked_tokens(word: str) -> list[str]:
    """The tokens that a text must have to contain the (normalised, small) word.

    A single Chinese character gives one token that ends with `*`: whatever begins with it.
    """
    wanted: list[str] = []
    for match in RUN.finditer(word):
        run = match["han"]
        if not run:
            found = word_tokens(match["word"][:LONGEST_RUN])
            wanted += found[:-1] if len(found) > 1 else found
        elif len(run) == 1:
            wanted.append(f"{run}*")
        else:
            wanted += pairs(run)
    return list(dict.fromkeys(wanted))


def is_han(text: str) -> bool:
    return bool(text) and HAN_RUN.fullmatch(text) is not None
