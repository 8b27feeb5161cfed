"""Relations between documents, as the cells of a file name them: by document number.

A row may point to what the library has and to new documents that stand above it in the file, so that
each is there before another one changes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from policies.choices import CHANGING
from policies.columns import RELATION, columns
from policies.importing.identify import Library, number_key
from policies.importing.parsing import Parsed
from policies.importing.values import EMPTIED, as_uuid
from policies.models import PolicyPage, PolicyRelation
from policies.record.relation_check import circular_message, leading_back

SHOWN = 160
KINDS = tuple(column.name for column in columns() if column.kind == RELATION)


@dataclass
class Target:
    """A document that is pointed to; `pk` is None until a new one is written."""

    key: UUID
    name: str
    pk: int | None = None


@dataclass
class Change:
    """All documents that one kind of relation is to point to, and what the cell says of them."""

    kind: str
    targets: list[Target]
    items: list[str]
    before: list[Target]

    def mark(self) -> list:
        return [self.kind, sorted(one.pk for one in self.before), self.items]

    def shown(self) -> tuple[str, str, str]:
        """(kind, before, after) for people."""
        return self.kind, _names(self.before), _names(self.targets)


@dataclass
class Relations:
    """Remembers the new documents of a file and what its rows change, so that no circle comes of it."""

    above: dict[str, Target] = field(default_factory=dict)
    edges: dict[UUID, set[UUID]] = field(default_factory=dict)

    def plan(
        self, row: Parsed, page: PolicyPage, library: Library
    ) -> tuple[list[Change], list[tuple[str, str]]]:
        """(what would change, what is wrong with it as (column, message)) of the cells of a row."""
        if not any(kind in row.values for kind in KINDS):
            return [], []
        own, changes, errors = UUID(str(page.translation_key)), [], []
        rows = list(page.relations.all())
        known = _keys_of(rows)
        pointed: dict[UUID, str] = {}
        for kind in KINDS:
            before = [known[one.target_id] for one in rows if one.kind == kind]
            value = row.values.get(kind)
            targets = before
            if value is not None:
                items = [] if value is EMPTIED else list(value)
                targets, wrong = self._targets(items, own, library)
                errors += [(kind, message) for message in wrong]
                if {one.key for one in targets} != {one.key for one in before}:
                    changes.append(Change(kind, targets, items, before))
            if kind in CHANGING:
                pointed |= {one.key: kind for one in targets}
        for key in leading_back(set(pointed), own, self.edges) if not errors else ():
            errors.append((pointed[key], circular_message()))
        if not errors and pointed:
            self.edges.setdefault(own, set()).update(pointed)
        return changes, errors

    def _targets(
        self, items: Iterable[str], own: UUID, library: Library
    ) -> tuple[list[Target], list[str]]:
        found: dict[UUID, Target] = {}
        wrong = []
        for item in items:
            candidates = self._named(item, library)
            if not candidates:
                message = _("“%(number)s” is neither in the library nor above in this file.")
                wrong.append(message % {"number": item})
            elif len(candidates) > 1:
                message = _("Several policies have the number “%(number)s”.")
                wrong.append(message % {"number": item})
            elif candidates[0].key == own:
                wrong.append(_("A document has no relation to itself."))
            else:
                found[candidates[0].key] = candidates[0]
        return list(found.values()), wrong

    def _named(self, item: str, library: Library) -> list[Target]:
        if as_uuid(item):
            known = [library.by_key[item]] if item in library.by_key else []
        else:
            known = library.by_number.get(number_key(item), [])
        if known:
            return [Target(UUID(one.key), one.number or one.title, one.pk) for one in known]
        above = self.above.get(item if as_uuid(item) else number_key(item))
        return [above] if above else []

    def remember(self, row: Parsed, page: PolicyPage) -> Target:
        """Note a new document, so that rows below may point to it."""
        number = row.values.get("document_number")
        target = Target(UUID(str(page.translation_key)), str(number or row.title))
        self.above[str(target.key)] = target
        if isinstance(number, str):
            self.above.setdefault(number_key(number), target)
        return target


def _names(targets: Iterable[Target]) -> str:
    return "、".join(target.name for target in targets)[:SHOWN]


def _keys_of(rows: Iterable[PolicyRelation]) -> Mapping[int, Target]:
    pages = PolicyPage.objects.filter(pk__in={one.target_id for one in rows})
    found = pages.values_list("pk", "translation_key", "document_number", "title")
    return {pk: Target(key, number or title, pk) for pk, key, number, title in found}


def items_of(rows: Iterable[Parsed]) -> set[str]:
    """Every number that the rows name as that of another document."""
    values = (row.values.get(kind) for row in rows for kind in KINDS)
    return {item for value in values if isinstance(value, list) for item in value}


def apply(page: PolicyPage, changes: Iterable[Change]) -> None:
    """Give a page in memory its new relations; those that stay keep their articles and days."""
    for change in changes:
        wanted = {target.pk for target in change.targets}
        kept = [
            one
            for one in page.relations.all()
            if one.kind != change.kind or one.target_id in wanted
        ]
        there = {one.target_id for one in kept if one.kind == change.kind}
        added = [
            PolicyRelation(kind=change.kind, target_id=target.pk)
            for target in change.targets
            if target.pk not in there
        ]
        for number, one in enumerate([*kept, *added]):
            one.sort_order = number
        page.relations = [*kept, *added]


def cells(rows: Iterable[PolicyRelation]) -> dict[str, str]:
    """{kind: cell} of a page's relations, as `plan` reads them. `rows` with their targets at hand."""
    found: dict[str, list[str]] = {}
    for one in rows:
        number = one.target.document_number or str(one.target.translation_key)
        found.setdefault(one.kind, []).append(number)
    return {kind: "、".join(numbers) for kind, numbers in found.items()}
