"""The family of a document: what it stands on and what became of it, two steps around.

Two queries however large the family is: the relations of the document and of its neighbours, and the
pages of all in the reader's language, with those that interpret the document. Relations are those of the Chinese pages (see
`policies.models.relation`); documents are known by their translation key.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Case, F, IntegerField, Q, When
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from base.visibility import visible
from policies.choices import CHANGING, RELATION_BACK, RelationKind, Validity
from policies.record.validity import Effect

# Relations of the document itself that are read, and of its neighbours.
MOST_DIRECT, MOST_FURTHER = 60, 80
FIELDS = (
    "kind",
    "effective_on",
    "part",
    "note",
    "page__validity",
    "page__in_force_from",
)
KEYS = {"page_key": F("page__translation_key"), "target_key": F("target__translation_key")}


@dataclass(frozen=True)
class Edge:
    """`source` does `kind` to `target`; `on` is the day from which it takes effect, if known."""

    source: UUID
    target: UUID
    kind: str
    on: date | None = None
    part: str = ""
    note: str = ""
    from_draft: bool = False

    @property
    def label(self) -> str:
        return self._proposed(RelationKind(self.kind).label)

    @property
    def label_back(self) -> str:
        return self._proposed(RELATION_BACK[self.kind])

    @property
    def changes(self) -> bool:
        """Whether it changes its target: a draft for comment only proposes to."""
        return self.kind in CHANGING and not self.from_draft

    @property
    def is_proposed(self) -> bool:
        return self.kind in CHANGING and self.from_draft

    def _proposed(self, label) -> str:
        if self.is_proposed:
            return gettext("Proposed: %(relation)s") % {"relation": label}
        return str(label)


@dataclass(frozen=True)
class Link:
    """A relation as the document's page lists it: seen from this document."""

    label: str
    page: Page
    edge: Edge


@dataclass
class Family:
    """`edges` are between documents that a reader may see; `pages` those documents by key.

    `has_more`: there are relations of the document that were not read. `interpretations` are the pages
    that explain the document, the newest first.
    """

    key: UUID
    pages: dict[UUID, Page] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    effects: tuple[Effect, ...] = ()
    has_more: bool = False
    interpretations: list[Page] = field(default_factory=list)

    @property
    def links(self) -> list[Link]:
        """The document's own relations: what it does to others, then what others do to it."""
        outgoing = [
            Link(edge.label, self.pages[edge.target], edge)
            for edge in self.edges
            if edge.source == self.key
        ]
        incoming = [
            Link(edge.label_back, self.pages[edge.source], edge)
            for edge in self.edges
            if edge.target == self.key
        ]
        return outgoing + incoming

    @property
    def sentences(self) -> list[tuple[Page, Edge, Page]]:
        """Every relation of the picture as (document, relation, document)."""
        return [(self.pages[edge.source], edge, self.pages[edge.target]) for edge in self.edges]


def family_of(page, *, is_source: bool = False) -> Family:
    """The family of a policy page, in the active language.

    Args:
        page: a PolicyPage in any language; its own row is not asked for again.
        is_source: it is known to be the Chinese page, which spares the database a look.
    """
    from policies.models.relation import PolicyRelation  # models read this module

    rows = _rows(PolicyRelation, page, is_source)
    key = page.translation_key
    direct = [row for row in rows if key in (row["page_key"], row["target_key"])]
    family = Family(key, has_more=len(direct) > MOST_DIRECT)
    further = [row for row in rows if key not in (row["page_key"], row["target_key"])]
    edges = list(dict.fromkeys(_edge(row) for row in (*direct[:MOST_DIRECT], *further)))
    keys = {key for edge in edges for key in (edge.source, edge.target)} - {key}
    family.pages, family.interpretations = _pages(keys, key)
    family.pages[key] = page
    family.effects = tuple(
        effect_of(edge, family.pages.get(edge.source))
        for edge in edges
        if edge.target == key and edge.changes
    )
    family.edges = [e for e in edges if e.source in family.pages and e.target in family.pages]
    _keep_near(family)
    return family


def _rows(model, page, is_source: bool) -> list[dict]:
    """Relations of the document and of its neighbours, the document's own first.

    Of these, those that change a document come first: the limit must not leave them out.
    """
    own = [page.pk]
    if not is_source:
        own = Page.objects.filter(translation_key=page.translation_key).values("pk")
    is_own = Q(page__in=own) | Q(target__in=own)
    changing = Case(When(kind__in=CHANGING, then=0), default=1, output_field=IntegerField())
    found = model.objects.public()
    direct = found.filter(is_own).order_by(changing, "pk")[: MOST_DIRECT + 1]
    near = Q()
    for side in ("page", "target"):
        near |= Q(page__in=direct.values(side)) | Q(target__in=direct.values(side))
    first = Case(When(is_own, then=0), default=1, output_field=IntegerField())
    found = found.filter(near).order_by(first, changing, "pk")
    return list(found.values(*FIELDS, **KEYS)[: MOST_DIRECT + MOST_FURTHER])


def _pages(keys: set[UUID], own: UUID) -> tuple[dict[UUID, Page], list[Page]]:
    """The public policies with these keys, and the public interpretations of a document."""
    from policies.models.interpretation import InterpretationPage

    policies = Page.objects.filter(translation_key__in=keys)
    explaining = InterpretationPage.objects.of_document(own)
    ids = policies.order_by().values("pk").union(explaining.order_by().values("pk"))
    found = in_language(
        visible(Page.objects.filter(pk__in=ids))
        .select_related("locale", "policypage", "interpretationpage")
        .defer("policypage__body", "interpretationpage__body")
    )
    pages, interpretations = {}, []
    for page in found.values():
        if page.translation_key in keys:
            pages[page.translation_key] = page.policypage
        else:
            interpretations.append(page.interpretationpage)
    interpretations.sort(key=lambda one: (one.first_published_at, one.pk), reverse=True)
    return pages, interpretations


def _keep_near(family: Family) -> None:
    """Leave out what hangs on the document by one that a reader may not see, or by more than two steps."""
    near = {family.key}
    for _step in range(2):
        near |= {
            key
            for edge in family.edges
            if edge.source in near or edge.target in near
            for key in (edge.source, edge.target)
        }
    family.edges = [edge for edge in family.edges if edge.source in near and edge.target in near]
    family.pages = {key: page for key, page in family.pages.items() if key in near}


def _edge(row: dict) -> Edge:
    return Edge(
        source=row["page_key"],
        target=row["target_key"],
        kind=row["kind"],
        on=row["effective_on"] or row["page__in_force_from"],
        part=row["part"],
        note=row["note"],
        from_draft=row["page__validity"] == Validity.DRAFT,
    )


def effect_of(edge: Edge, page: Page | None) -> Effect:
    """A relation as `policies.record.validity` reads it; without a page its document is not named."""
    return Effect(edge.kind, edge.on, page.title if page else "", edge.part, edge.source)


def effects_on(keys) -> dict[UUID, list[Effect]]:
    """What published documents do to the documents with these translation keys. One query."""
    from policies.models.relation import PolicyRelation

    found: dict[UUID, list[Effect]] = {key: [] for key in keys}
    rows = (
        PolicyRelation.objects.public()
        .changing()
        .filter(target__translation_key__in=list(keys))
        .values(*FIELDS, "page__title", **KEYS)
    )
    for row in rows:
        edge = _edge(row)
        found[edge.target].append(
            Effect(edge.kind, edge.on, row["page__title"], edge.part, edge.source)
        )
    return found


def pages_in_language(keys) -> dict[UUID, Page]:
    """The public policy pages with these translation keys, in the active language or else Chinese."""
    from policies.models.policy import PolicyPage

    pages = PolicyPage.objects.filter(translation_key__in=list(keys))
    return in_language(visible(pages).select_related("locale").defer("body")) if keys else {}


def in_language(pages) -> dict[UUID, Page]:
    """Of pages one for each translation key: in the active language, or else in Chinese."""
    active = get_language()
    found: dict[UUID, Page] = {}
    for page in pages.filter(locale__language_code__in={active, settings.LANGUAGE_CODE}):
        if page.locale.language_code == active or page.translation_key not in found:
            found[page.translation_key] = page
    return found
