"""How a page is put together from its body: what opens it, what stands before and after its list."""

import re
from dataclasses import dataclass

from django import template

from base.plates import Plate

register = template.Library()

NUMBERED = re.compile(r"^\s*([一二三四五六七八九十]+、|[0-9IVX]+[.)、])")


@dataclass(frozen=True)
class Opening:
    """`plate` and `notice` (a block, or None) stand at the head; `skip` are their ids in the body."""

    plate: Plate | None
    notice: object
    skip: frozenset[str]


@register.simple_tag
def opening(page) -> Opening:
    """What stands at the head of an article, so that nothing is shown twice.

    The page's own picture takes alt text and caption from the first block that shows the same
    one. A notice that opens the body, and any warning on a sample, moves up to the title.
    """
    plate, notice, skip = page.plate, None, set()
    for block in page.body:
        if block.block_type == "picture" and plate is not None:
            shown = block.value.plate
            if shown is not None and shown.src == plate.src:
                plate = shown
                skip.add(block.id)
                break
    for position, block in enumerate(page.body):
        is_warning = block.block_type == "notice" and block.value["tone"] == "draft"
        if is_warning and (position == 0 or page.is_sample):
            notice = block
            skip.add(block.id)
            break
    return Opening(plate, notice, frozenset(skip))


@register.filter
def before_heading(stream) -> list:
    """The blocks before the first heading: the opening words of a column."""
    blocks = []
    for block in stream:
        if block.block_type == "heading":
            break
        blocks.append(block)
    return blocks


@register.filter
def from_heading(stream) -> list:
    """The blocks from the first heading on."""
    return list(stream)[len(before_heading(stream)) :]


@register.filter
def are_numbered(contents) -> bool:
    """Whether the headings bring numbers of their own."""
    return any(NUMBERED.match(text) for _, text in contents)


@register.simple_tag
def common_source(figures):
    """The first of several figures when all have the same year and source, else None."""
    figures = list(figures)
    kinds = {(f.get("year"), f.get("source"), f.get("source_url")) for f in figures}
    return figures[0] if len(figures) > 1 and len(kinds) == 1 else None
