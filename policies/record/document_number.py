"""Document numbers (发文字号) as GB/T 9704-2012, 7.2.5 has them: 机关代字〔YYYY〕N号.

The year stands in full in hexagonal brackets, the number without a leading zero and without 第. Orders
(令), announcements (公告) and notices (通告) are numbered in their own way: 国务院令第722号, 主席令第十五号,
商务部公告2024年第5号. How readers and texts write such numbers, `search.document_numbers` knows; here is
what an editor's entry becomes.
"""

import re

from django.utils import timezone
from django.utils.translation import gettext as _

from search.analysis import normalise as narrow
from search.document_numbers import NUMBER

FIRST_YEAR = 1949  # of the People's Republic
HAN = "\u3007\u4e00-\u9fff"
# A code is written without blanks; letters are rare but there (such as of a district's departments).
CODE = re.compile(f"[{HAN}A-Za-z]{{1,24}}")
# The names before an order: one body or several.
BODIES = re.compile(f"[{HAN}]+(?:[、 ][{HAN}]+)*")
_COUNT = r"(?P<count>\d{1,5}|[〇零一二三四五六七八九十百千]{1,9})"
_YEAR = r"(?:(?P<year>\d{4})年)?"
_WORD = "(?P<word>令|公告|通告)"
NAMED = [
    re.compile(rf"(?P<bodies>.*?){_WORD}{_YEAR}第?{_COUNT}号"),
    # 市场监管总局第99号令
    re.compile(rf"(?P<bodies>.*?){_YEAR}第{_COUNT}号{_WORD}"),
]


class DocumentNumberError(ValueError):
    """What was entered is no document number; the message says why in the reader's language."""


def normalise(text: str) -> str:
    """The one form of a document number.

    Args:
        text: as typed: brackets of any kind, wide or narrow signs, blanks, leading zeros, 第.

    Returns:
        Such as 晋政发〔2023〕12号; "" for nothing.

    Raises:
        DocumentNumberError: it is none, or its year can't be right.
    """
    text = re.sub(r"\s+", " ", narrow(text)).strip()
    if not text:
        return ""
    return _bracketed(text) or _named(text)


def _bracketed(text: str) -> str:
    match = NUMBER.search(text)
    if match is None or match.end() != len(text):
        return ""
    code = text[: match.start()].replace(" ", "")
    if not CODE.fullmatch(code):
        raise DocumentNumberError(
            _("The agency’s code before the year is missing or odd. It is like 长政发〔2024〕3号.")
        )
    return f"{code}〔{_year(match['year'])}〕{_count(match['number'])}号"


def _named(text: str) -> str:
    # Blanks between several bodies stay, those around figures go.
    close = re.sub(r"(?<=[年号令告第\d]) | (?=[年号令公通第\d])", "", text)
    for form in NAMED:
        match = form.fullmatch(close)
        if match and BODIES.fullmatch(match["bodies"]):
            year = f"{_year(match['year'])}年" if match["year"] else ""
            if form is NAMED[0]:
                return f"{match['bodies']}{match['word']}{year}第{_count(match['count'])}号"
            return f"{match['bodies']}{year}第{_count(match['count'])}号{match['word']}"
    raise DocumentNumberError(
        _(
            "This is no document number. Write the agency’s code, the year and the number, such as "
            "长政发〔2024〕3号, or an order or announcement such as 国务院令第722号."
        )
    )


def _year(year: str) -> str:
    last = timezone.localdate().year + 1
    if not FIRST_YEAR <= int(year) <= last:
        raise DocumentNumberError(
            _("The year %(year)s can’t be right: it lies between %(first)s and %(last)s.")
            % {"year": year, "first": FIRST_YEAR, "last": last}
        )
    return year


def _count(count: str) -> str:
    if not count.isascii():
        return count
    if int(count) == 0:
        raise DocumentNumberError(_("The number of a document begins with 1."))
    return str(int(count))
