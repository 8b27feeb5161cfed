"""The family of a document: what it stands on and what became of it, two steps around.

Three queries however large the family is: the relations of the document, those of its neighbours, and
the pages of all in the reader's language. Relations are those of the Chinese pages (see
`policies.models.relation`); documents are known by their translation key.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import Page

from base.visibility import visible
from policies.choices import CHANGING, RELATION_BACK, RelationKind, Validity
from policies.validity import Effect

# Relations of the document itself that are read; of its neighbours; neighbours whose own are read.
MOST_DIRECT, MOST_FURTHER, MOST_NEIGHBOURS = 60, 80, 20
FIELDS = (
    "kind",
    "effective_on",
    "part",
    "note",
    "page_id",
    "target_id",
    "page__translation_key",
    "target__translation_key",
    "page__validity",
    "page__in_force_from",
)


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

    def _proposed(self, label) -> str:
        if self.kind in CHANGING and self.from_draft:
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

    `has_more`: there are relations of the document that were not read.
    """

    key: UUID
    pages: dict[UUID, Page] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    effects: tuple[Effect, ...] = ()
    has_more: bool = False

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


def family_of(page) -> Family:
    """The family of a policy page, in the active language.

    Args:
        page: a PolicyPage in any language; its own row is not asked for again.
    """
    from policies.models.relation import PolicyRelation  # models read this module

    own = Page.objects.filter(translation_key=page.translation_key).values("pk")
    rows = _rows(PolicyRelation, Q(page__in=own) | Q(target__in=own), MOST_DIRECT + 1)
    direct, has_more = rows[:MOST_DIRECT], len(rows) > MOST_DIRECT
    edges = [_edge(row) for row in direct]
    family = Family(page.translation_key, has_more=has_more)
    if not edges:
        return family
    ids = dict.fromkeys(pk for row in direct for pk in (row["page_id"], row["target_id"]))
    keys = {row["page_id"]: row["page__translation_key"] for row in direct}
    keys |= {row["target_id"]: row["target__translation_key"] for row in direct}
    neighbours = [pk for pk in ids if keys[pk] != page.translation_key][:MOST_NEIGHBOURS]
    further = _rows(PolicyRelation, Q(page__in=neighbours) | Q(target__in=neighbours), MOST_FURTHER)
    edges += [_edge(row) for row in further]
    edges = list(dict.fromkeys(edges))
    wanted = {key for edge in edges for key in (edge.source, edge.target)}
    family.pages = pages_in_language(wanted - {page.translation_key}) | {page.translation_key: page}
    family.edges = [e for e in edges if e.source in family.pages and e.target in family.pages]
    _keep_near(family)
    family.effects = tuple(
        effect_of(edge, family.pages.get(edge.source))
        for edge in edges
        if edge.target == page.translation_key and edge.changes
    )
    return family


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


def _rows(model, which: Q, most: int) -> list[dict]:
    """Relations, those that change a document first: they are never left out by the limit."""
    first = Case(
        When(kind__in=CHANGING, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    found = model.objects.public().filter(which).order_by(first, "page_id", "sort_order", "pk")
    return list(found.values(*FIELDS)[:most])


def _edge(row: dict) -> Edge:
    return Edge(
        source=row["page__translation_key"],
        target=row["target__translation_key"],
        kind=row["kind"],
        on=row["effective_on"] or row["page__in_force_from"],
        part=row["part"],
        note=row["note"],
        from_draft=row["page__validity"] == Validity.DRAFT,
    )


def effect_of(edge: Edge, page: Page | None) -> Effect:
    """A relation as `policies.validity` reads it; without a page its document is not named."""
    return Effect(edge.kind, edge.on, page.title if page else "", edge.part, edge.source)


def effects_on(keys) -> dict[UUID, list[Effect]]:
    """What published documents do to the documents with these translation keys. One query."""
    from policies.models.relation import PolicyRelation

    found: dict[UUID, list[Effect]] = {key: [] for key in keys}
    rows = (
        PolicyRelation.objects.public()
        .changing()
        .filter(target__translation_key__in=list(keys))
        .values(*FIELDS, "page__title")
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

    if not keys:
        return {}
    active = translation.get_language()
    languages = [active, settings.LANGUAGE_CODE]
    pages = (
        visible(PolicyPage.objects.filter(translation_key__in=list(keys)))
        .filter(locale__language_code__in=languages)
        .select_related("locale")
        .defer("body", "search_description", "keywords")
    )
    found: dict[UUID, Page] = {}
    for page in pages:
        if page.locale.language_code == active or page.translation_key not in found:
            found[page.translation_key] = page
    return found
