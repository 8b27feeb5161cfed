"""A policy laid out: the elements of GB/T 9704-2012 in their order, the same for screen, Word and PDF.

Only a full text in its own language, with the heading of its agency entered, is laid out as the
official document that it is. A summary of this site says so in its title and has no red head, nor has
a translation, nor a law, which has none of its own.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext

from base.plates import Plate
from policies.choices import NOT_YET, Validity
from policies.official.content import Paragraph, grouped, heading_levels
from policies.official.links import Resolver
from policies.official.record import Record

OFFICIAL, TEXT, TRANSLATION, SUMMARY = "official", "text", "translation", "summary"
SEPARATORS = re.compile(r"\s*[；;\n]\s*")


@dataclass
class Block:
    """What stands together: one paragraph, or the rows of a table or list. `image` is a CustomImage."""

    kind: str
    rows: list[Paragraph]
    image: object = None

    @cached_property
    def plate(self) -> Plate | None:
        """The picture of a block of the kind "picture", for the screen."""
        row = self.rows[0]
        caption, alt = (*row.parts, "", "")[:2]
        return Plate.of(image=self.image, drawing=row.drawing, alt=alt, caption=caption)


@dataclass
class Sheet:
    """Everything that is laid out, as words; an empty element is left out.

    `kind` is official, text, translation or summary. `notices` must be read before the rest, `facts`
    are the record's data as (label, value), `address` is that of the policy's page here.
    """

    kind: str
    language: str
    title: str
    blocks: list[Block]
    heading: str = ""
    number: str = ""
    signatory: str = ""
    byline: str = ""
    addressees: str = ""
    attachments: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    day: str = ""
    annotation: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""
    notices: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""
    version: str = ""

    @property
    def is_official(self) -> bool:
        return self.kind == OFFICIAL

    @property
    def full_title(self) -> str:
        """The title, for a summary with the word that it is one."""
        if self.kind == SUMMARY:
            return gettext("%(title)s (summary by this site)") % {"title": self.title}
        if self.kind == TRANSLATION:
            return gettext("%(title)s (translation)") % {"title": self.title}
        return self.title

    @property
    def has_imprint(self) -> bool:
        """Whether there is anything for the last lines (版记)."""
        return bool(self.copies_to or self.printed_by or self.printed_on)


def lay_out(policy, record: Record, *, version=None, newest: int = 0, base: str = "") -> Sheet:
    """The sheet of a policy's `record`, in the active language.

    `version` is the `PolicyVersion` that is shown and `newest` the number of the last one; `base` is
    put before addresses of this site, for what is read elsewhere.
    """
    kind = kind_of(policy, record)
    texts = record.fields
    resolver = Resolver(policy, record.paragraphs, base)
    sheet = Sheet(
        kind=kind,
        language=get_language() or settings.LANGUAGE_CODE,
        title=record.title,
        blocks=_blocks(record, resolver),
        number=texts["document_number"],
        notices=notices(policy, record, kind, version, newest),
        facts=facts(policy, record),
        address=f"{base}{policy.url or ''}",
        version=version_label(version),
    )
    if kind == SUMMARY:
        return sheet
    sheet.addressees = texts["addressees"].rstrip("：:")
    sheet.attachments = [part for part in SEPARATORS.split(texts["attachment_note"]) if part]
    sheet.annotation = texts["annotation"].strip("（）()")
    adopted = official_day(record.day("adopted_on"))
    if kind == OFFICIAL:
        sheet.heading, sheet.signatory = texts["agency_heading"], texts["signatory"]
        sheet.signature = [part for part in SEPARATORS.split(texts["issuing_body"]) if part]
        sheet.day = adopted
    else:
        sheet.byline = " ".join(part for part in (adopted, texts["issuing_body"]) if part)
    sheet.copies_to = texts["copies_to"].rstrip("。.")
    sheet.printed_by = texts["printed_by"]
    sheet.printed_on = official_day(record.day("printed_on"))
    return sheet


def kind_of(policy, record: Record) -> str:
    """What the text is, and so how it may be laid out."""
    if not record.is_full_text:
        return SUMMARY
    if policy.locale.language_code != settings.LANGUAGE_CODE:
        return TRANSLATION
    return OFFICIAL if record.fields["agency_heading"] and not policy.is_sample else TEXT


def notices(policy, record: Record, kind: str, version, newest: int) -> list[str]:
    """What must be known before reading: what the text is, and whether it can be relied on."""
    lines = []
    if kind == SUMMARY:
        lines.append(
            gettext(
                "This is a summary made by this site, not the text of the document. The official "
                "text prevails."
            )
        )
    elif kind == TRANSLATION:
        lines.append(gettext("This is a translation for reading. The Chinese text prevails."))
    else:
        lines.append(gettext("Laid out by this site for reading. The issued document prevails."))
    if policy.is_sample:
        lines.append(gettext("Sample: everything in it is made up for a trial."))
    is_old = version is not None and version.number != newest
    if is_old:
        words = {"number": version.number, "newest": newest}
        lines.append(
            gettext("This is version %(number)s; the newest one is version %(newest)s.") % words
        )
    validity = record.fields["validity"] if is_old else policy.current_validity
    if validity == Validity.DRAFT:
        lines.append(gettext("This is a draft for comment, not in force."))
    elif not is_old and policy.search_status[0] == NOT_YET:
        lines.append(gettext("This document is not yet in force."))
    elif validity in (Validity.VOID, Validity.ABOLISHED):
        lines.append(gettext("This document is no longer in force."))
    elif validity in (Validity.PARTLY_VOID, Validity.AMENDED):
        lines.append(gettext("Parts of this document have changed or no longer apply."))
    return lines


def facts(policy, record: Record) -> list[tuple[str, str]]:
    """The data of the record as (label, value), with what the page says of its source."""
    texts = record.fields
    pairs = [
        (gettext("Title"), record.title),
        (gettext("Issued by"), texts["issuing_body"]),
        (gettext("Document number"), texts["document_number"]),
        (gettext("Validity"), validity_words(texts["validity"])),
        (gettext("Formed on"), _day(record.day("adopted_on"))),
        (gettext("Published on"), _day(record.day("published_on"))),
        (gettext("In force from"), _day(record.day("in_force_from"))),
        (gettext("In force until"), _day(record.day("in_force_until"))),
        (gettext("Index number"), policy.index_number),
        (gettext("Subject category"), policy.subject),
        (gettext("Source"), " ".join(p for p in (policy.source_name, policy.source_url) if p)),
    ]
    return [(label, value) for label, value in pairs if value]


def validity_words(code: str) -> str:
    """A validity in words; a code that no longer exists stands as it is."""
    return str(Validity(code).label) if code in Validity.values else code


def version_label(version) -> str:
    if version is None:
        return ""
    words = {"number": version.number, "day": _day(version.made_at)}
    return gettext("Version %(number)s, here since %(day)s") % words


def official_day(day: date | None) -> str:
    """A date as documents write it: 2023年7月17日, without blanks and noughts (GB/T 9704, 7.3.5.4)."""
    if day is None:
        return ""
    if (get_language() or "").startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return _day(day)


def _day(day) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _blocks(record: Record, resolver: Resolver) -> list[Block]:
    paragraphs = resolver.resolve(heading_levels(record.paragraphs))
    return [
        Block(kind, rows, resolver.images.get(rows[0].image) if kind == "picture" else None)
        for kind, rows in grouped(paragraphs)
    ]


def labels() -> dict[str, str]:
    """The fixed words around the elements, in the active language, with their punctuation."""
    is_chinese = (get_language() or "").startswith("zh")
    return {
        "signatory": gettext("Signatory: "),
        "attachments": gettext("Attachments: "),
        "copies": gettext("Copies to: "),
        "printed": gettext(" (printed)"),
        "record": gettext("About this document"),
        "what": gettext("Item"),
        "value": gettext("Entry"),
        "colon": "：" if is_chinese else ":",
        "stop": "。" if is_chinese else ".",
        "open": "（" if is_chinese else "(",
        "close": "）" if is_chinese else ")",
    }


def table_head(kind: str) -> list[str]:
    """The heads of the columns of a table of facts or figures."""
    if kind == "figure":
        return [gettext("What it counts"), gettext("Number"), gettext("Year"), gettext("Source")]
    return [gettext("Item"), gettext("Entry"), gettext("Note")]


def table_rows(block: Block) -> tuple[list[str], list[tuple]]:
    """Head and rows of a table; the column of notes only where there is a note."""
    head = table_head(block.kind)
    width = len(head)
    rows = [(*row.cells, *((),) * width)[:width] for row in block.rows]
    if block.kind == "fact" and not any(row[2] for row in rows):
        return head[:2], [row[:2] for row in rows]
    return head, rows


def running_mark(sheet: Sheet) -> str:
    """What the head of every page in a file says, so that no page is taken for what it isn't."""
    return {
        SUMMARY: gettext("Summary by this site, not the official text"),
        TRANSLATION: gettext("Translation for reading, not the official text"),
    }.get(sheet.kind, "")


def foot_lines(sheet: Sheet) -> list[str]:
    """Where a file comes from: the last lines of its last page."""
    lines = [
        sheet.version,
        gettext("Page of this document: %(address)s") % {"address": sheet.address},
    ]
    return [line for line in lines if line]
