"""Words of a document: runs of text."""

from dataclasses import dataclass


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
