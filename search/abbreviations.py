"""Short names of laws: 电商法 for 电子商务法."""

from search.models import Term
from search.state import Synonyms
from search.vocabulary import starting

ENDINGS = ("法", "典", "条例", "办法", "规定", "细则", "解释")
# Names of the vocabulary that are looked at.
MOST_ROWS = 2000


def abbreviated(run: str, known: Synonyms) -> list[str]:
    """Names that a short one may stand for: 电商法 → 电子商务法.

    Every character of the short name begins a word of the long one, or ends it; the first and the
    last are the same.
    """
    if not (3 <= len(run) <= 7 and run.endswith(ENDINGS)):
        return []
    if Term.objects.filter(text=run).exists():
        return []
    cut = known.segmenter.cut
    rows = Term.objects.filter(
        starting("text", run[0]), starting("backwards", run[-1]), titles__gt=0
    ).values_list("text", "titles")[:MOST_ROWS]
    fitting = []
    for text, titles in rows:
        if len(run) < len(text) <= len(run) * 3 and _stands_for(run, cut(text)):
            fitting.append((len(text), -titles, text))
    return [text for _length, _titles, text in sorted(fitting)[:2]]


def _stands_for(short: str, words: list[str]) -> bool:
    """Whether `short` has a character, the first or the last, of each of the words, in order."""
    return "" in _left(short, words)


def _left(short: str, words: list[str]) -> set[str]:
    left = {short}
    for word in words:
        further = set()
        for rest in left:
            if rest.startswith(word):
                further.add(rest[len(word) :])
            if rest and rest[0] in (word[0], word[-1]):
                further.add(rest[1:])
            if len(word) > 3 and rest[:2] and rest[0] == word[0] and rest[1] in word[1:]:
                further.add(rest[2:])
        left = further
        if not left:
            break
    return left
