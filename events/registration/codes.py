"""The code of a ticket: what a door scans, and what is read aloud when it can't be scanned."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe

from events.models import Attendee

# Says whose code it is, to a door that scans whatever is held before it.
PREFIX = "SD1:"
GROUP = 4
PIXELS = 8


def content(attendee: Attendee) -> str:
    """What the QR code of a ticket holds: nothing about the person."""
    return f"{PREFIX}{attendee.code}"


def as_svg(attendee: Attendee) -> SafeString:
    """The QR code as inline SVG, black on what is behind it."""
    code = segno.make(content(attendee), error="m", micro=False)
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="ticket__qr", lineclass=None)
    return mark_safe(drawn)  # made of our own code alone


def as_png(attendee: Attendee) -> bytes:
    """The same as a picture, for mails."""
    out = io.BytesIO()
    segno.make(content(attendee), error="m", micro=False).save(
        out, kind="png", scale=PIXELS, border=4
    )
    return out.getvalue()


def in_groups(code: str) -> str:
    """A code as people read it aloud: 7H2K 9QXM …"""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
