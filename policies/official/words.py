"""Words of a document: runs of text, and what no document may contain."""

import re
import unicodedata
from dataclasses import dataclass

# XML has no place for these, PDF no sign: control characters, lone surrogates, non-characters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
BREAKS = re.compile("\r\n?|[\u2028\u2029\x85]")


@dataclass(frozen=True)
class Run:
    """Some words of one kind. `href` is an address, `page:ID` or `document:ID`, or ""."""

    text: str
    bold: bool = False
    href: str = ""

    @property
    def data(self) -> list:
        return [self.text, int(self.bold), self.href]

    @classmethod
    def of(cls, data: list) -> "Run":
        text, bold, href = data
        return cls(text, bool(bold), href)


def clean(text) -> str:
    """The text in composed form, without what XML and PDF refuse; "" for None."""
    text = BREAKS.sub("\n", str(text or ""))
    return unicodedata.normalize("NFC", FORBIDDEN.sub("", text))
