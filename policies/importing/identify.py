"""Which policy of the library a row of a file means: by its numbers, never by a guess.

A row is known by our own number (`id`), by that of its source together with the title, by the
document number or by the index number. What could be two policies is wrong and said so.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from policies.columns import listed
from policies.importing.parsing import Parsed
from policies.importing.values import as_uuid
from policies.models import PolicyPage

BRACKETS = ("〔〕", "[]", "()", "（）", "【】", "［］", "〈〉", "<>")
_YEAR = re.compile(r"[〔\[(【〈<［﹝〖{（]((?:19|20)\d\d)[〕\])】〉>］﹞〗}）](?:第)?0*(\d+)(号?)")


def number_key(text: str) -> str:
    """A document number in one form: brackets, width and blanks do not count."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    return _YEAR.sub(r"〔\1〕\2\3", plain)


def written_forms(text: str) -> set[str]:
    """The ways in which the library may have a document number."""
    key = number_key(text)
    forms = {text, key, "".join(text.split())}
    if "〔" in key:
        forms |= {key.replace("〔", pair[0]).replace("〕", pair[1]) for pair in BRACKETS}
    return forms


@dataclass
class Known:
    """A policy of the library as far as it takes to tell it from others."""

    pk: int
    key: str
    title: str
    number: str
    index_number: str
    source_id: str


@dataclass
class Library:
    """The policies that a batch of rows may mean."""

    by_key: dict[str, Known] = field(default_factory=dict)
    by_source: dict[str, Known] = field(default_factory=dict)
    by_number: dict[str, list[Known]] = field(default_factory=dict)
    by_index: dict[str, list[Known]] = field(default_factory=dict)
    by_title: dict[str, list[Known]] = field(default_factory=dict)
    # Numbers that the rows give as ours and that are those of pages of other kinds.
    foreign: set[str] = field(default_factory=set)

    @classmethod
    def around(cls, rows: list[Parsed], locale_id: int, others: Iterable[str] = ()) -> "Library":
        """What the library has under any number or title of the rows; one query for each kind.

        `others`: numbers of documents that the rows point to.
        """
        keys = {item for item in others if as_uuid(item)}
        numbers = _values(rows, "document_number") | (set(others) - keys)
        conditions = (
            Q(translation_key__in=_values(rows, "id") | keys),
            Q(origin__source_id__in=_values(rows, "source_id")),
            Q(document_number__in={form for n in numbers for form in written_forms(n)}),
            Q(index_number__in=_values(rows, "index_number")),
            Q(title__in={row.title for row in rows if row.title}),
        )
        library = cls()
        seen: set[int] = set()
        for condition in conditions:
            # Apart from each other: an OR over them would look through all policies.
            found = PolicyPage.objects.filter(condition, locale_id=locale_id)
            for pk, key, title, draft, number, index, source in found.order_by("pk").values_list(
                "pk",
                "translation_key",
                "title",
                "draft_title",
                "document_number",
                "index_number",
                "origin__source_id",
            ):
                if pk not in seen:
                    seen.add(pk)
                    library._add(
                        Known(pk, str(key), draft or title, number_key(number), index, source or "")
                    )
        if strange := _values(rows, "id") - library.by_key.keys():
            pages = Page.objects.filter(translation_key__in=strange, locale_id=locale_id)
            library.foreign = {str(key) for key in pages.values_list("translation_key", flat=True)}
        return library

    def _add(self, known: Known) -> None:
        self.by_key[known.key] = known
        self.by_title.setdefault(known.title, []).append(known)
        if known.source_id:
            self.by_source[known.source_id] = known
        if known.number:
            self.by_number.setdefault(known.number, []).append(known)
        if known.index_number:
            self.by_index.setdefault(known.index_number, []).append(known)


def _values(rows: list[Parsed], name: str) -> set[str]:
    values = {row.values.get(name) for row in rows}
    return {value for value in values if isinstance(value, str) and value}


@dataclass
class Answer:
    """`known`: the policy that is meant; None: a new one. `error` as (column, message)."""

    known: Known | None = None
    error: tuple[str, str] | None = None
    note: str = ""


def identify(row: Parsed, library: Library) -> Answer:
    """Which policy of the library the row means."""
    ours, source = row.values.get("id"), row.values.get("source_id")
    if ours in library.foreign:
        return Answer(error=("id", _("This number is that of another page of the site.")))
    if ours and ours in library.by_key:
        return Answer(library.by_key[ours])
    if isinstance(source, str) and source in library.by_source:
        return _by_source(row, library.by_source[source])
    found = _by_numbers(row, library)
    if found.known and ours:
        return Answer(
            error=(
                "id",
                _("This number is of no policy here, but “%(title)s” has the row's other numbers.")
                % {"title": found.known.title},
            )
        )
    if found.known or found.error:
        return found
    return _by_title(row, library)


def _by_source(row: Parsed, known: Known) -> Answer:
    if row.title and row.title != known.title:
        return Answer(
            error=(
                "source_id",
                _(
                    "Under this number the library has “%(title)s”. Give its number here to rename it."
                )
                % {"title": known.title},
            )
        )
    return Answer(known)


def _by_numbers(row: Parsed, library: Library) -> Answer:
    source = row.values.get("source_id")
    found: dict[str, Known] = {}
    for column, table in (
        ("document_number", library.by_number),
        ("index_number", library.by_index),
    ):
        value = row.values.get(column)
        if not isinstance(value, str):
            continue
        value = number_key(value) if column == "document_number" else value
        # Of the same source, but under another number there: another document.
        some = [k for k in table.get(value, []) if not (source and k.source_id)]
        same = [known for known in some if known.title == row.title]
        if len(some) > 1 and len(same) != 1:
            titles = listed(f"“{known.title}”" for known in some[:3])
            return Answer(error=(column, _("It could be any of: %(titles)s.") % {"titles": titles}))
        if some:
            found[column] = same[0] if same else some[0]
    if len({known.pk for known in found.values()}) > 1:
        number, index = found["document_number"], found["index_number"]
        return Answer(
            error=(
                "index_number",
                _("The document number is that of “%(one)s”, the index number that of “%(other)s”.")
                % {"one": number.title, "other": index.title},
            )
        )
    return Answer(next(iter(found.values()), None))


def _by_title(row: Parsed, library: Library) -> Answer:
    """A title is no number: the same one may be another document, and only its keeper can tell."""
    if not row.title or row.title not in library.by_title:
        return Answer()
    if any(row.values.get(name) for name in ("id", "source_id", "document_number", "index_number")):
        return Answer(note=_("The library has another policy with this title."))
    return Answer(
        error=(
            "title",
            _(
                "The library has a policy with this title. Give a document number, an index number "
                "or the number here, so that it is clear which is meant."
            ),
        )
    )
