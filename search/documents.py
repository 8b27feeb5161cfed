"""What is indexed of an object: its words, and for a page what it is filtered, counted and sorted by."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Manager, Model
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from wagtail.models import Locale, Page

from base.page_links import linked_at_hand
from base.visibility import visible
from search import attachment_pages
from search.analysis import VERSION, normalise
from search.sounds import sound_tokens

# An attachment's text stands at the end of the body, behind a line with its title.
ATTACHMENT = "\u2060"
# A line that is searched and not shown as a passage: a list of keywords is no sentence.
NOT_SHOWN = "\u2061"
UNSEEN = {"keywords"}
# Beyond this nobody reads, and a vector of PostgreSQL has its limit (1 MB).
LONGEST_BODY = 600_000


@dataclass
class Document:
    """An object's words, normalised. The lines of `title`: its own, then those of its translations."""

    object_id: str
    title: str
    body: str
    # Tokens that the admin's choosers complete: words of the title and their sounds.
    autocomplete: str

    @property
    def fingerprint(self) -> str:
        content = json.dumps([VERSION, vars(self)], default=str, ensure_ascii=False)
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


@dataclass
class PageDocument(Document):
    locale: str = ""
    kind: str = ""
    facets: dict[str, list[str]] = field(default_factory=dict)
    dated_on: date | None = None
    published_on: date | None = None
    valid: bool = True
    valid_until: date | None = None
    rank: int = 0
    place: str = ""
    public: bool = False

    @property
    def title_length(self) -> int:
        return len(self.title.partition("\n")[0])


def kind_of(model: type[Page]) -> str:
    """The code of a page type, as it says itself: "policy" for PolicyPage."""
    return model.search_kind() if hasattr(model, "search_kind") else model._meta.model_name


def documents_for(objects: Sequence[Model], *, fresh: bool = False) -> list[Document]:
    """The documents of objects of one model, in their order; as many queries for all as for one.

    `fresh`: the pages may have changed a moment ago (see `attachment_pages.texts_for_many`).
    """
    if objects and isinstance(objects[0], Page):
        with linked_at_hand(objects):
            return _page_documents(objects, fresh)
    return [
        Document(str(thing.pk), title, body, autocomplete)
        for thing in objects
        for title, body, autocomplete in [_words(thing)]
    ]


def _page_documents(pages: Sequence[Page], fresh: bool) -> list[Document]:
    ids = [page.pk for page in pages]
    public = set(visible(Page.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    codes = dict(Locale.objects.values_list("pk", "language_code"))
    keys = {page.translation_key for page in pages}
    others: dict[object, list[tuple[int, str]]] = {}
    for key, pk, title in visible(Page.objects.filter(translation_key__in=keys)).values_list(
        "translation_key", "pk", "title"
    ):
        others.setdefault(key, []).append((pk, title))
    attached = attachment_pages.texts_for_many(pages, fresh=fresh)
    return [
        _page_document(
            page,
            locale=codes.get(page.locale_id, ""),
            public=page.pk in public and page.depth > 2,
            others=[t for pk, t in others.get(page.translation_key, []) if pk != page.pk],
            attached=attached.get(page.pk, []),
        )
        for page in pages
    ]


def _page_document(
    page: Page, locale: str, public: bool, others: list[str], attached: list
) -> PageDocument:
    title, body, autocomplete = _words(page)
    titles = dict.fromkeys(normalise(" ".join(text.split())) for text in [title, *others])
    for heading, _filename, text in attached:
        body += f"\n{ATTACHMENT}{normalise(' '.join(heading.split()))}\n{normalise(text)}"
    facets = {name: list(codes) for name, codes in getattr(page, "search_facets", dict)().items()}
    kind = kind_of(type(page))
    _status, _label, valid = getattr(page, "search_status", ("", "", True))
    return PageDocument(
        object_id=str(page.pk),
        title="\n".join(titles),
        body=body[:LONGEST_BODY],
        autocomplete=autocomplete,
        locale=locale,
        kind=kind,
        facets={"kind": [kind], **{name: codes for name, codes in facets.items() if codes}},
        dated_on=getattr(page, "search_date", None),
        published_on=getattr(page, "search_published", None),
        valid=valid,
        valid_until=getattr(page, "search_valid_until", None),
        rank=getattr(page, "search_rank", 3),
        place=getattr(page, "search_place", "")[:40],
        public=public,
    )


def _words(thing: Model) -> tuple[str, str, str]:
    """Title, the rest, and what is completed, of the fields that the model calls searchable."""
    titles: list[str] = []
    rest: list[str] = []
    completed: list[str] = []
    for name, kind, value in _values(thing, thing.get_search_fields()):
        if kind is AutocompleteField:
            completed.append(value)
        else:
            sign = NOT_SHOWN if name in UNSEEN and value.strip() else ""
            (titles if name == "title" else rest).append(sign + normalise(value))
    title = " ".join(titles)
    body = "\n".join(text for text in rest if text.strip())
    return title, body, sound_tokens(normalise(" ".join(completed)))


def _values(thing: Model, fields: Iterable) -> Iterable[tuple[str, type, str]]:
    for one in fields:
        if isinstance(one, RelatedFields):
            related = one.get_value(thing)
            related = related.all() if isinstance(related, Manager) else [related]
            for other in related:
                if other is not None:
                    yield from _values(other, one.fields)
        elif isinstance(one, SearchField | AutocompleteField):
            yield one.field_name, type(one), _text(one.get_value(thing))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "\n".join(_text(item) for item in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(_text(item) for item in value)
    return str(value)
