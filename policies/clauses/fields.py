"""The fields that the gate speaks of, in words."""

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext

from policies.models import Clause, ClauseTranslation, Condition


def field_label(path: str) -> str:
    """The label of a field of `policies.clauses.gate`: "offer", "translations.en.offer", "conditions.2.quote"."""
    if not path:
        return ""
    part, _dot, rest = path.partition(".")
    if not rest:
        return _label(Clause, path)
    which, _dot, name = rest.partition(".")
    if part == "translations":
        return f"{_label(ClauseTranslation, name)} ({which})"
    return gettext("Condition %(number)s: %(field)s") % {
        "number": which,
        "field": _label(Condition, name),
    }


def _label(model, name: str) -> str:
    try:
        return capfirst(str(model._meta.get_field(name).verbose_name))
    except FieldDoesNotExist:
        return name
