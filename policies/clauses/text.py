"""How the gate reads a text: nothing a writer can put between two characters hides a phrase.

Wide and narrow letters, traditional and simplified characters, blanks, line ends, signs that are not
seen and punctuation that parts no words are taken out; what parts sentences or the items of a list
stays, so that “缴纳税收。返还押金” is not read as 税收返还.
"""

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext

from search.analysis import normalise

LONGEST_PHRASE = 60
GAP = "…"
# Characters that a gap may stand for, within one sentence.
LONGEST_GAP = 12
PARTING = frozenset("。;!?,、:")
ENDING = "。;!?"
# What a text forbids or does not ask for is no promise: 不得以…为条件, 不要求…. Nothing that is said of
# somebody (的), given, or denied once more may stand inside, and no 不得不 before it.
NEGATED = re.compile(
    r"(?<!不得)(?<!不能)(?<![非无])(?:不得|严禁|禁止|不)"
    rf"(?:(?:以|将|把)[^{ENDING},为不未非无]{{1,40}}作?为[^{ENDING},不]{{0,4}}(?:条件|前提|依据|门槛)"
    rf"|(?:要求|承诺)[^{ENDING},的享给可不未非无]{{1,40}})"
)
# ○ and 〇 are written for 零.
ZERO = str.maketrans("〇○◯", "零零零")


class _Kept(dict):
    """A table for `str.translate` of what `fold` keeps: each sign is asked after once."""

    def __missing__(self, code: int) -> int | None:
        sign = chr(code)
        is_kept = sign in PARTING or unicodedata.category(sign)[0] in "LN"
        self[code] = code if is_kept else None
        return self[code]


KEPT = _Kept()


def fold(text: str) -> str:
    """`text` as phrases are looked for in it. Folding twice changes nothing more."""
    text = normalise(unicodedata.normalize("NFKC", text).translate(ZERO)).casefold()
    return text.translate(KEPT)


@lru_cache(maxsize=4000)
def folded_parts(phrase: str) -> tuple[str, ...]:
    """What must stand in a folded text for the phrase to be there."""
    return tuple(part for part in map(fold, split(phrase)) if part)


@lru_cache(maxsize=4000)
def pattern(phrase: str) -> re.Pattern | None:
    """What finds a phrase in a folded text; None for a phrase without a letter or number."""
    parts = [re.escape(part) for part in folded_parts(phrase)]
    if not parts:
        return None
    return re.compile(f"[^{ENDING}]{{0,{LONGEST_GAP}}}?".join(parts))


def split(phrase: str) -> list[str]:
    """The parts of a phrase between its gaps; three dots are a gap, too."""
    return re.split(r"…+|\.{3,}", phrase)


def phrase_problem(phrase: str) -> str:
    """Why a phrase can't be looked for, in words; "" when it can."""
    parts = split(phrase)
    if not all(fold(part) for part in parts):
        return gettext("Each part of the phrase needs a letter, a character or a number.")
    if len(parts) > 1 and sum(len(fold(part)) for part in parts) < 3:
        return gettext("Beside its gap the phrase needs three characters or more.")
    return ""


@lru_cache(maxsize=2000)
def _harmless_patterns(phrases: tuple[str, ...]) -> tuple[re.Pattern, ...]:
    return tuple(found for found in map(pattern, phrases) if found)


def may_stand(phrase: str, folded: str) -> bool:
    """Whether `find` is worth the time: most phrases stand nowhere, not even their beginning."""
    parts = folded_parts(phrase)
    return bool(parts) and parts[0] in folded


def find(phrase: str, folded: str, harmless_in: tuple[str, ...] = ()) -> tuple[bool, bool]:
    """Whether a phrase stands in a folded text, and whether every place is harmless or a denial.

    Args:
        phrase: as an editor wrote it.
        folded: a text that went through `fold`.
        harmless_in: longer phrases; a place that lies in one of them is harmless.
    """
    wanted = pattern(phrase)
    # Most phrases stand nowhere, and that is found out in a tenth of the time without a pattern.
    if wanted is None or not all(part in folded for part in folded_parts(phrase)):
        return False, False
    spans = [match.span() for match in wanted.finditer(folded)]
    if not spans:
        return False, False
    others = (*_harmless_patterns(harmless_in), NEGATED)
    safe = [m.span() for other in others for m in other.finditer(folded)]
    harmless = all(any(a <= start and end <= b for a, b in safe) for start, end in spans)
    return True, harmless
