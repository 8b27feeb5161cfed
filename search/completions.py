"""What is offered while a reader types: words of titles, then pages."""

import re

from django.db.models import F
from wagtail.models import Page

from base.visibility import visible
from search import upkeep
from search.analysis import is_han, lower, normalise
from search.models import Term
from search.results import Suggestion
from search.sounds import syllables
from search.state import current
from search.vocabulary import starting
from search.words import delivered

LONGEST_TYPED = 40
PAGES_SUGGESTED = 3
# With fewer Latin letters nearly every title has a word that begins so.
LETTERS = 3


def suggest(text: str, locale: str, limit: int = 8) -> list[Suggestion]:
    """What a reader who typed `text` may want: words first, then pages.

    Only words that a title of a public page in the language has now, and only such pages.
    """
    typed = " ".join(lower(normalise(text)).split())[:LONGEST_TYPED]
    if not typed:
        return []
    database = upkeep.database()
    terms = [term.text for term in completions(typed, limit) if whole(term)]
    most = max(1, limit - PAGES_SUGGESTED)
    found = [Suggestion(term) for term in _in_titles(terms, locale, most)]
    if len(typed) > 1 and not (len(typed) < LETTERS and typed.isascii() and typed.isalpha()):
        ids = database.pages_called(typed, locale, current(), limit - len(found))
        pages = visible(Page.objects.filter(pk__in=ids)).in_bulk()
        found += [
            Suggestion(
                page.title, "page", page.url or "", str(page.specific_class._meta.verbose_name)
            )
            for page in (pages[pk] for pk in ids if pk in pages)
        ]
    return found


def _in_titles(terms: list[str], locale: str, most: int) -> list[str]:
    """The first of these words that a title has now: so many at a time, most of them are there."""
    database, found = upkeep.database(), []
    for start in range(0, len(terms), most):
        found += database.in_titles(terms[start : start + most], locale)
        if len(found) >= most:
            break
    return found[:most]


def completions(typed: str, limit: int) -> list[Term]:
    """Words of titles that begin like what was typed, in characters, sounds or initials."""
    text = lower(normalise(typed)).strip()
    squeezed = re.sub(r"[\s'’-]", "", text)
    if not squeezed:
        return []
    conditions = []
    if squeezed.isascii() and squeezed.isalpha():
        conditions = [
            starting("pinyin", squeezed),
            starting("initials", squeezed),
            starting("text", text),
        ]
    else:
        conditions = [starting("text", squeezed)]
        sound = "".join(syllables(squeezed))
        if sound.isascii() and len(squeezed) > 1:
            conditions.append(starting("pinyin", sound))
    found: dict[str, Term] = {}
    for condition in conditions:
        terms = Term.objects.filter(condition, titles__gt=0).order_by(-F("titles"), "text")
        for term in terms[: limit * 4]:
            found.setdefault(term.text, term)
    chosen: list[Term] = []
    for term in sorted(found.values(), key=lambda term: (-term.titles, len(term.text))):
        # 劳动争议案件 says nothing that 劳动争议 does not, where nearly every title goes on like that.
        if not any(
            term.text.startswith(other.text) and term.titles * 2 > other.titles for other in chosen
        ):
            chosen.append(term)
    return chosen[: limit * 2]


def whole(term: Term) -> bool:
    """Whether a word is worth suggesting: no tail of a longer phrase, no bare function word."""
    return (
        len(term.text) > 1
        and term.text not in delivered().stop
        and (is_han(term.text) or len(term.text) > 2)
    )
