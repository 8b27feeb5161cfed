"""From what stands in a cell to the value of a field, with a message for who filled it in."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from policies.columns import BODY, CHOICE, DATE, KEY, RELATION, YES_NO, Column, listed
from policies.importing.body import tidy
from policies.record.document_number import DocumentNumberError, normalise

# What empties a field; an empty cell leaves it as it is.
CLEAR = {"[清空]", "[clear]"}
YES = {"yes", "y", "true", "1", "是", "有", "√"}
NO = {"no", "n", "false", "0", "否", "无"}
LONGEST_TEXT = 1_000_000
# In whatever way a day is written; in longer cells the patterns would look for one for minutes.
LONGEST_DATE = 60
# Documents in one cell, and what stands between them.
MOST_RELATIONS = 50
SEPARATORS = re.compile(r"[、;；,，\n]+")

_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"[T\s]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_CHINESE = re.compile(
    r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_DIGITS = {"〇": 0, "零": 0, **{c: n for n, c in enumerate("一二三四五六七八九", 1)}}
# Excel counts days from here; its 29 February 1900 never was, so what lies before is not taken.
_EPOCH = date(1899, 12, 30)
_SERIALS = range(61, 2_958_466)


class _Empty:
    """The mark of a field that is to be emptied."""

    def __repr__(self):
        return "EMPTIED"


EMPTIED = _Empty()


def clean(raw: object) -> str:
    """A cell as text: no control characters, no halves of characters."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        raw = int(raw)  # spreadsheets keep every number as a fraction
    text = str(raw).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
    ).replace("\ufeff", "")
    return text.strip()


def parse(column: Column, raw: object) -> object:
    """The value of `column` for a cell; None for an empty one, EMPTIED where it says so.

    Raises:
        ValidationError: with words for who filled the cell in.
    """
    if column.kind == DATE and isinstance(raw, date | int | float) and not isinstance(raw, bool):
        return _date_of_number(raw)
    text = clean(raw)
    if not text:
        return None
    if text.lower() in CLEAR:
        return _emptied(column)
    value = _PARSERS.get(column.kind, _text)(column, text)
    if column.field is not None and column.kind != BODY:
        value = column.field.clean(value, None)
    return _numbered(value) if column.name == "document_number" else value


def _numbered(text: str) -> str:
    """A document number in its one form, as the editor's form would store it."""
    try:
        return normalise(text)
    except DocumentNumberError as error:
        raise ValidationError(str(error)) from error


def _relation(column: Column, text: str) -> list[str]:
    """The documents of a cell, each by its number in its one form or by ours."""
    items = [item.strip() for item in SEPARATORS.split(text) if item.strip()]
    if len(items) > MOST_RELATIONS:
        raise ValidationError(
            _("At most %(limit)s documents; these are %(number)s.")
            % {"limit": MOST_RELATIONS, "number": len(items)}
        )
    ours = ((item, as_uuid(item)) for item in items)
    return list(dict.fromkeys(str(key) if key else _numbered(item) for item, key in ours))


def _emptied(column: Column) -> object:
    if column.kind == RELATION:
        return EMPTIED
    field = column.field
    if field is None or not (field.blank or field.null):
        raise ValidationError(_("This can't be emptied."))
    return EMPTIED


def _text(column: Column, text: str) -> str:
    if not column.multiline:
        text = " ".join(text.split())
    limit = getattr(column.field, "max_length", None)
    if limit and len(text) > limit:
        raise ValidationError(
            _("At most %(limit)s characters; these are %(length)s.")
            % {"limit": limit, "length": len(text)}
        )
    return text


def _body(column: Column, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValidationError(
            _("At most %(limit)s characters; these are %(length)s.")
            % {"limit": LONGEST_TEXT, "length": len(text)}
        )
    return tidy(text)


def _choice(column: Column, text: str) -> str:
    wanted = _plain(text)
    code = choice_words(column).get(wanted)
    if code is None:
        labels = listed(label for _code, label in column.choices)
        raise ValidationError(
            _("“%(text)s” is none of: %(choices)s.") % {"text": text[:40], "choices": labels}
        )
    return code


def choice_words(column: Column) -> dict[str, str]:
    """{way to write it: code} of a column with choices, in all languages of the site."""
    found = {_plain(word): code for code, words in column.words for word in words}
    for language in _languages():
        with translation.override(language):
            found |= {_plain(str(label)): code for code, label in column.choices}
    return found | {code: code for code, _label in column.choices}


def _languages() -> list[str]:
    from django.conf import settings

    return settings.LANGUAGE_CODES


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def yes_or_no(column: Column | None, text: str) -> bool:
    word = _plain(text)
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})


def _key(column: Column, text: str) -> str:
    text = " ".join(text.split())
    if len(text) > 120:
        raise ValidationError(_("At most %(limit)s characters.") % {"limit": 120})
    return text


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) >= 32 else None
    except ValueError:
        return None


def _date(column: Column, text: str) -> date:
    if len(text) > LONGEST_DATE:
        raise _not_a_date(text)
    plain = _TIME.sub("", unicodedata.normalize("NFKC", text).strip())
    match = _YMD.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match:
        return _day(text, *(int(part) for part in match.groups()))
    match = _CHINESE.fullmatch(plain.replace("○", "〇").replace("O", "〇"))
    if match:
        year = int("".join(str(_DIGITS[c]) for c in match[1]))
        return _day(text, year, _small_number(match[2]), _small_number(match[3]))
    if plain.isascii() and plain.isdecimal() and len(plain) == 5:
        return _date_of_number(int(plain))
    raise _not_a_date(text)


def _small_number(text: str) -> int:
    """一 to 三十一."""
    tens, ten, ones = text.rpartition("十") if "十" in text else ("", "", text)
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValidationError(
            _("“%(text)s” is no day of the calendar.") % {"text": text[:40]}
        ) from None


def _date_of_number(raw: date | float) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        serial = int(raw)
    except (ValueError, OverflowError):
        raise _not_a_date(str(raw)) from None
    if serial in _SERIALS and len(str(serial)) <= 6:
        return _EPOCH + timedelta(days=serial)
    return _date(None, str(serial)) if len(str(serial)) == 8 else _raise(str(raw))


def _raise(text: str):
    raise _not_a_date(text)


def _not_a_date(text: str) -> ValidationError:
    return ValidationError(
        _("“%(text)s” is no date. Write 2023-07-17, 2023/7/17 or 2023年7月17日.")
        % {"text": text[:40]}
    )


_PARSERS = {
    DATE: _date,
    CHOICE: _choice,
    YES_NO: yes_or_no,
    BODY: _body,
    KEY: _key,
    RELATION: _relation,
}
