"""What a reader of a policy relies on, as plain data: the same for the page, its versions, its files."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from base.glyphs import clean
from policies.official.content import Paragraph, read_body

# Fields of the page, in the order in which changes are told.
TEXTS = (
    "issuing_body",
    "document_number",
    "validity",
    "agency_heading",
    "signatory",
    "addressees",
    "attachment_note",
    "annotation",
    "copies_to",
    "printed_by",
)
DATES = ("adopted_on", "published_on", "in_force_from", "in_force_until", "printed_on")


@dataclass(frozen=True)
class Record:
    """`fields` are those of TEXTS and DATES (as ISO days), "" where the document is silent."""

    title: str
    is_full_text: bool
    fields: dict[str, str]
    paragraphs: tuple[Paragraph, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over everything a reader reads; not over where links lead and how a picture looks."""
        content = [
            self.title,
            self.is_full_text,
            sorted(self.fields.items()),
            [[p.kind, p.number, p.depth, p.parts] for p in self.paragraphs],
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    @property
    def data(self) -> dict:
        return {
            "title": self.title,
            "is_full_text": self.is_full_text,
            "fields": self.fields,
            "paragraphs": [paragraph.data for paragraph in self.paragraphs],
        }

    @classmethod
    def of(cls, data: dict) -> "Record":
        """The record that `data` was written of."""
        return cls(
            title=data["title"],
            is_full_text=data["is_full_text"],
            fields={name: data["fields"].get(name, "") for name in (*TEXTS, *DATES)},
            paragraphs=tuple(Paragraph.of(paragraph) for paragraph in data["paragraphs"]),
        )

    def day(self, name: str) -> date | None:
        """The date in a field of DATES, None where the document is silent."""
        return date.fromisoformat(self.fields[name]) if self.fields.get(name) else None


def read_policy(page, blocks: list[dict] | None = None) -> Record:
    """The record of a policy page, as it is in memory.

    `blocks` is the stored body, for a page that doesn't know its blocks (in a migration).
    """
    blocks = list(page.body.raw_data) if blocks is None else blocks
    fields = {name: " ".join(clean(getattr(page, name, "")).split()) for name in TEXTS}
    for name in DATES:
        day = getattr(page, name, None)
        fields[name] = day.isoformat() if day else ""
    return Record(
        title=" ".join(clean(page.title).split()),
        is_full_text=bool(getattr(page, "is_full_text", False)),
        fields=fields,
        paragraphs=tuple(read_body(blocks)),
    )
