"""The digest of a clause: everything a reader is shown of it, and the evidence that it rests on."""

import hashlib
import json
from collections.abc import Collection

from django.db.models import Model
from modelcluster.models import get_all_child_relations

from policies.models.clause import SERVICE_FIELDS, Clause

# Neither shown nor evidence: where it stands in a list, and what the service notes.
LEFT_OUT = {*SERVICE_FIELDS, "id", "sort_order", "updated_at"}


def digest_of(clause: Clause) -> str:
    """The digest of one clause as the database has it. Raises KeyError when it is gone."""
    return digests_of([clause.pk])[clause.pk]


def digests_of(clause_ids: Collection[int]) -> dict[int, str]:
    """SHA-256 of each clause's row and of every row that belongs to it, by the clause's key.

    Read from the database, with as many queries for some hundred clauses as for one. The order of
    conditions and translations makes no difference.
    """
    rows = Clause.objects.filter(pk__in=clause_ids).order_by()
    contents = {row.pk: {"clause": _values(row, LEFT_OUT)} for row in rows}
    for relation in get_all_child_relations(Clause):
        key, name = relation.field.attname, relation.get_accessor_name()
        parts: dict[int, list[str]] = {pk: [] for pk in contents}
        model = relation.related_model
        for part in model._default_manager.filter(**{f"{key}__in": list(contents)}).order_by():
            left_out = {*LEFT_OUT, relation.field.name}
            parts[getattr(part, key)].append(_text(_values(part, left_out)))
        for pk, texts in parts.items():
            contents[pk][name] = sorted(texts)
    return {
        pk: hashlib.sha256(_text(content).encode("utf-8", "replace")).hexdigest()
        for pk, content in contents.items()
    }


def _values(row: Model, left_out: set[str]) -> dict:
    fields = (field for field in row._meta.concrete_fields if field.name not in left_out)
    return {field.name: getattr(row, field.attname) for field in fields}


def _text(content: object) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
