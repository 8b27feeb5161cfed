"""The boxes of a facet. A page has hundreds: made here they cost a tenth of what a template would."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from search.results import Choice

register = template.Library()

BOX = (
    '<div class="choice{}"><input type="checkbox" form="finder" id="{}" name="{}" value="{}"{}>'
    '<label for="{}">{} <span class="num">{}</span></label></div>'
)


@register.simple_tag
def choice_boxes(name: str, choices: Iterable[Choice], prefix: str = "") -> SafeString:
    """A box for each choice of the facet `name`. `prefix` keeps the ids of several lists apart."""
    return format_html_join(
        "", BOX, (_parts(name, choice, f"{prefix}{n}") for n, choice in enumerate(choices, 1))
    )


@register.simple_tag
def choice_box(name: str, choice: Choice, key: object) -> SafeString:
    """The box of one choice. `key`: what its id ends in."""
    return format_html(BOX, *_parts(name, choice, str(key)))


def _parts(name: str, choice: Choice, key: str) -> tuple:
    own = f"{name}-{key}"
    return (
        "" if choice.count else " choice--none",
        own,
        name,
        choice.code,
        SafeString(" checked") if choice.chosen else "",
        own,
        choice.label,
        choice.count,
    )
