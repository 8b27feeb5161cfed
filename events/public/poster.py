"""The poster of an event (A3, A4): what, when, where, and a code that leads to the page."""

import contextlib
import hashlib
import json
from datetime import date
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from base.drawings import drawing_svg
from base.site_name import site_name
from base.typesetting import typeset
from events.choices import Source
from events.links import page_url
from events.models import EventPage, RegistrationDesk
from events.programme import read_programme
from events.public.qr import qr_svg

TEMPLATE = Path(__file__).with_name("poster.typ")
SIZES = ("a4", "a3")
# Pixels of a photograph: enough for A3 at 150 dots an inch.
SPEC = "max-1800x1800|format-jpeg"
# What is read from some steps away: more lines, or longer ones, are for the page.
LINES, LINE_LENGTH, SUMMARY_LENGTH = 5, 60, 110


class Poster:
    """A poster in the language of its page. `key` is a digest of all that it is made of."""

    def __init__(self, page: EventPage, size: str):
        self.page, self.size = page, size
        self.comma = "、" if page.locale.language_code.startswith("zh") else ", "
        with override(page.locale.language_code):
            self.address = page_url(page)
            self.target = f"{self.address}?from={Source.POSTER}"
            self.data = self._data()
        self.files = {"code.svg": qr_svg(self.target)}
        self._add_picture()

    @property
    def key(self) -> str:
        words = json.dumps(self.data, ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(words.encode("utf-8", "replace"))
        digest.update(TEMPLATE.read_bytes())
        for name in sorted(self.files):
            digest.update(self.files[name])
        return digest.hexdigest()

    def make(self, **options) -> bytes:
        """The poster as a tagged PDF of one sheet. Raises `TypesettingError`."""
        made_at = self.page.last_published_at or timezone.now()
        return typeset(TEMPLATE, self.data, files=self.files, made_at=made_at, **options)

    def _data(self) -> dict:
        page = self.page
        language, _, region = page.locale.language_code.partition("-")
        first, last = (
            timezone.localtime(at) for at in (page.starts_at, page.ends_at or page.starts_at)
        )
        return {
            "size": self.size,
            "language": language,
            "region": "cn" if language == "zh" else None,
            "title": page.title.strip() or "–",
            "kind": str(page.get_kind_display()),
            "series": page.series.label if page.series else "",
            "summary": _cut(page.summary, SUMMARY_LENGTH * (1 if language == "zh" else 2)),
            "day": _days(first.date(), last.date()),
            "year": date_format(first, gettext("Y, l")),
            "hours": f"{first:%H:%M}" + (f"–{last:%H:%M}" if last > first else ""),
            "where": page.venue or gettext("Online"),
            "address": page.address,
            "online": gettext("Also online") if page.is_online and page.venue else "",
            "programme": self._programme(),
            "facts": self._facts(),
            "marks": self._marks(),
            "scan": gettext("Scan for the programme and to register"),
            "link": self.address.partition("://")[2],
            "site": site_name(),
            "code": gettext("QR code that leads to %(address)s") % {"address": self.address},
            "picture": "",
            "picture_alt": "",
        }

    def _programme(self) -> list[list[str]]:
        entries = read_programme(self.page)
        sessions = [entry for entry in entries if entry.is_session] or entries
        lines = []
        for entry in sessions[:LINES]:
            names = self.comma.join(speaker.name for speaker in entry.speakers)
            lines.append([entry.time, _cut(entry.title, LINE_LENGTH), _cut(names, LINE_LENGTH)])
        return lines

    def _facts(self) -> list[list[str]]:
        desk = RegistrationDesk.objects.for_page(self.page)
        closes = desk.closes_at if desk and desk.is_open else None
        pairs = [
            (gettext("Organisers"), self.page.organisers),
            (gettext("Languages spoken"), self.page.event_languages),
            (gettext("Register until"), _until(closes) if closes else ""),
        ]
        return [[label, _cut(value, 90)] for label, value in pairs if value]

    def _marks(self) -> list[str]:
        marks = []
        if self.page.is_called_off:
            marks.append(gettext("Called off"))
        if self.page.is_sample:
            marks.append(gettext("Sample: made up for a trial, this event does not take place"))
        return marks

    def _add_picture(self) -> None:
        """The page's photograph, else its drawing; its file goes to the template by name."""
        page = self.page
        if page.picture_id:
            with contextlib.suppress(OSError):  # the file is gone: the poster goes without
                with page.picture.get_rendition(SPEC).file.open("rb") as file:
                    self.files["picture.jpg"] = file.read()
                self.data["picture"] = "picture.jpg"
        drawing = None if self.data["picture"] else drawing_svg(page.illustration)
        if drawing:
            self.files["picture.svg"] = drawing
            self.data["picture"] = "picture.svg"
        if self.data["picture"]:
            with override(page.locale.language_code):
                self.data["picture_alt"] = page.plate.alt or page.title


def _days(first: date, last: date) -> str:
    begin = date_format(first, gettext("j F"))
    return begin if last <= first else f"{begin} – {date_format(last, gettext('j F'))}"


def _until(moment) -> str:
    moment = timezone.localtime(moment)
    return f"{date_format(moment, gettext('j F Y'))} {moment:%H:%M}"


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
