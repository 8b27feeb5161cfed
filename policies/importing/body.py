"""A policy's text as one cell has it, and as the blocks of its page.

Lines are paragraphs; lines that official texts use as headings (第一章, 一、) become headings, so that
the page gets its table of contents. `plain_text(blocks(text)) == tidy(text)`.
"""

import html
import json
import re
from uuid import NAMESPACE_URL, uuid5

from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText

# 第一章 总则, 第二节 …, and 一、 with a short line behind it.
_CHAPTER = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,5}[编章节](?:\s|$).{0,60}|第[一二三四五六七八九十百零〇\d]{1,5}[编章].{0,30}"
)
_POINT = re.compile(r"[一二三四五六七八九十]{1,3}、[^。；！？]{1,38}")
LONGEST_HEADING = 80
# Paragraphs of one block: the editor stays quick, and a reader sees no difference.
PARAGRAPHS = 40

_BREAK = re.compile(r"<(?:br|hr)\s*/?>|</(?:p|h[1-6]|li|blockquote|tr)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_PARAGRAPH = re.compile(r"</?p(?:\s[^>]*)?>|<br\s*/?>", re.IGNORECASE)


def tidy(text: str) -> str:
    """Text with one line a paragraph: no empty lines, no blanks at the ends of lines."""
    lines = (" ".join(line.split()) for line in text.replace("\u3000", " ").splitlines())
    return "\n".join(line for line in lines if line)


def is_heading(line: str) -> bool:
    if len(line) > LONGEST_HEADING:
        return False
    return bool(
        _CHAPTER.fullmatch(line)
        and not line.endswith(("。", "；", "：", "，"))
        or _POINT.fullmatch(line)
    )


def blocks(text: str, key: str = "") -> list[dict]:
    """The blocks of a body, as a StreamField stores them, for a tidied text.

    `key` makes the ids of the blocks: the same for the same policy and text.
    """
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if not line:
            continue
        if is_heading(line):
            found.append(("heading", [line]))
        elif found and found[-1][0] == "text" and len(found[-1][1]) < PARAGRAPHS:
            found[-1][1].append(line)
        else:
            found.append(("text", [line]))
    return [
        {
            "type": kind,
            "value": lines[0]
            if kind == "heading"
            else "".join(f"<p>{_html(x)}</p>" for x in lines),
            "id": str(uuid5(NAMESPACE_URL, f"{key}/{number}")),
        }
        for number, (kind, lines) in enumerate(found)
    ]


def blocks_json(text: str, key: str = "") -> str:
    return json.dumps(blocks(text, key), ensure_ascii=False)


def _html(text: str) -> str:
    return html.escape(text, quote=False)


def plain_text(body: StreamValue) -> str:
    """All words of a body, one line a paragraph."""
    lines: list[str] = []
    for block in body:
        if block.block_type == "heading":
            lines.append(block.value)
        elif isinstance(block.value, RichText):
            lines.append(text_of_html(block.value.source))
        else:
            lines += block.block.get_searchable_content(block.value)
    return tidy("\n".join(lines))


def text_of_html(source: str) -> str:
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", source)))


def is_plain(body: StreamValue) -> bool:
    """Whether the body is nothing but headings and paragraphs: a cell holds all of it."""
    return all(
        block.block_type == "heading"
        or (block.block_type == "text" and not _TAG.search(_PARAGRAPH.sub("", block.value.source)))
        for block in body
    )
