"""The boxes of a facet. A page has hundreds: made here they cost a tenth of what a template would."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from search.results import Choice

register = template.Library()


@register.simple_tag
def choice_boxes(name: str, choices: Iterable[Choice], prefix: str = "") -> SafeString:
    """A box for each choice of the facet `name`. `prefix` keeps the ids of several lists apart."""
    boxes = (_box(name, choice, f"{prefix}{n}") for n, choice in enumerate(choices, 1))
    return mark_safe("".join(boxes))  # noqa: S308 each is escaped


@register.simple_tag
def choice_box(name: str, choice: Choice, key: object) -> SafeString:
    """The box of one choice. `key`: what its id ends in."""
    return mark_safe(_box(name, choice, str(key)))  # noqa: S308 escaped


def _box(name: str, choice: Choice, key: str) -> str:
    own = escape(f"{name}-{key}")
    return (
        f'<div class="choice{"" if choice.count else " choice--none"}">'
        f'<input type="checkbox" form="finder" id="{own}" name="{escape(name)}" '
        f'value="{escape(choice.code)}"{" checked" if choice.chosen else ""}>'
        f'<label for="{own}">{escape(str(choice.label))} '
        f'<span class="num">{choice.count}</span></label></div>'
    )
