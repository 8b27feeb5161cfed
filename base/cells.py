"""Text as a spreadsheet may have it: it stays text, whatever it begins with."""

import re

# A spreadsheet would run a cell that begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# What the file format can't hold: control characters and halves of characters.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel cuts a longer cell, or calls the file damaged.
LONGEST_CELL = 32_767


def _is_dangerous(text: str) -> bool:
    """Whether it would run, leaving quotes in front aside: one that was there stays apart from ours."""
    text = text.lstrip("'")
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)


def safe_cell(value):
    """The value as a cell: text that would run gets a quote in front; `unescape` takes it back."""
    if not isinstance(value, str):
        return value
    text = UNFIT.sub("", value)
    return (f"'{text}" if _is_dangerous(text) else text)[:LONGEST_CELL]


def unescape(text: str) -> str:
    """The text as it was before `safe_cell`."""
    return text[1:] if text.startswith("'") and _is_dangerous(text) else text
