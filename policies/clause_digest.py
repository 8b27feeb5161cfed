"""The digest of a clause: everything a reader is shown of it, and the evidence that it rests on."""

import hashlib
import json

from django.db.models import Model
from modelcluster.models import get_all_child_relations

from policies.models.clause import SERVICE_FIELDS, Clause

# Neither shown nor evidence: where it stands in a list, and what the service notes.
LEFT_OUT = {*SERVICE_FIELDS, "id", "sort_order", "updated_at"}


def digest_of(clause: Clause) -> str:
    """SHA-256 of the clause's row and of every row that belongs to it, as the database has them.

    The order of conditions and translations makes no difference.
    """
    row = Clause.objects.get(pk=clause.pk)
    content = {"clause": _values(row, LEFT_OUT)}
    for relation in get_all_child_relations(Clause):
        rows = relation.related_model._default_manager.filter(**{relation.field.name: row.pk})
        parts = (_values(part, {*LEFT_OUT, relation.field.name}) for part in rows)
        content[relation.get_accessor_name()] = sorted(map(_text, parts))
    return hashlib.sha256(_text(content).encode("utf-8", "replace")).hexdigest()


def _values(row: Model, left_out: set[str]) -> dict:
    fields = (field for field in row._meta.concrete_fields if field.name not in left_out)
    return {field.name: getattr(row, field.attname) for field in fields}


def _text(content: object) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
