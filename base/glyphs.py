"""Which signs the fonts of the PDF have. A sign without a shape is set as 〓, as printers do.

PDF/UA forbids signs that can't be shown, so they are replaced before, not left to chance.
"""

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path, serif_path

# XML has no place for these, PDF no sign: control characters, lone surrogates, non-characters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
BREAKS = re.compile("\r\n?|[\u2028\u2029\x85]")
# What printers set for a type they lack (下駄, 空铅).
MISSING = "〓"


def font_folder() -> Path:
    return serif_path().parent


def clean(text) -> str:
    """The text in composed form, without what XML and PDF refuse; "" for None."""
    text = BREAKS.sub("\n", str(text or ""))
    return unicodedata.normalize("NFC", FORBIDDEN.sub("", text))


def shown(text: str) -> str:
    """The text with every sign that no font has replaced, and invisible ones left out."""
    text = clean(text).replace("\t", " ")
    if text.isascii():
        return text
    known = known_signs()
    return "".join(
        sign
        if sign in known or sign == "\n"
        else ""
        if unicodedata.category(sign) in ("Cf", "Mn", "Me")
        else " "
        if unicodedata.category(sign).startswith("Z")
        else MISSING
        for sign in text
    )


@cache
def known_signs() -> frozenset[str]:
    """All signs that the serif or the sans has a shape for."""
    return frozenset(
        sign for path in (serif_path(), sans_path()) for sign in map(chr, _cmap(path.read_bytes()))
    )


def _cmap(font: bytes):
    """The code points in a font's table of full Unicode (OpenType `cmap`, format 12)."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * count, 16)
    }
    start = tables[b"cmap"]
    (count,) = struct.unpack_from(">H", font, start + 2)
    for at in range(start + 4, start + 4 + 8 * count, 8):
        table = start + struct.unpack_from(">I", font, at + 4)[0]
        if struct.unpack_from(">H", font, table)[0] == 12:
            (groups,) = struct.unpack_from(">I", font, table + 12)
            for group in range(table + 16, table + 16 + 12 * groups, 12):
                first, last, _glyph = struct.unpack_from(">III", font, group)
                yield from range(first, last + 1)
            return
    raise ValueError("The font has no table of full Unicode.")
