from django import template

from policies.official import layout

register = template.Library()


@register.simple_tag
def fixed_words() -> dict[str, str]:
    """The fixed words around the elements of a sheet, in the active language."""
    return layout.labels()


@register.simple_tag
def table_of(block: layout.Block) -> tuple[list[str], list[tuple]]:
    """Head and rows of a block that is a table."""
    return layout.table_rows(block)
