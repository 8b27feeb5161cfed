"""Document numbers (文号): one form for every way of writing brackets, widths and blanks.

晋政发〔2023〕12号 stands as 晋政发[2023]12号, （2023）12 or 晋政发【2023】第12号 in texts and
queries. The form of the brackets is fixed by GB/T 9704-2012, 7.2.5; readers type what they have.
"""

import re

# The year in any brackets, then the number.
NUMBER = re.compile(
    r"[〔\[（(【〈<［﹝〖｛{]\s{0,3}(?P<year>(?:19|20)\d\d)\s{0,3}[〕\]）)】〉>］﹞〗｝}]"
    r"\s{0,3}(?:第\s{0,3})?(?P<number>\d{1,5})(?:\s{0,3}号)?"
)
# 国务院令第658号, 令 2014 年第 12 号.
ORDER = re.compile(r"令\s{0,3}(?:\d{4}\s{0,3}年\s{0,3})?(?:第\s{0,3})?(?P<number>\d{1,5})\s{0,3}号")
# The agency's code or name before either.
AGENCY = re.compile("[\u4e00-\u9fff]{1,12}$")


def forms(text: str) -> list[tuple[str, int, int]]:
    """The numbers in a text as (token, start, end). `text` is normalised (narrow digits)."""
    found = [
        (f"no{match['year']}n{int(match['number'])}", *match.span())
        for match in NUMBER.finditer(text)
    ]
    found += [(f"order{int(match['number'])}", *match.span()) for match in ORDER.finditer(text)]
    return found


def agency(text: str, start: int) -> str:
    """The Chinese characters right before a number that begins at `start`."""
    match = AGENCY.search(text[max(0, start - 12) : start].rstrip())
    return match[0] if match else ""


def tokens(text: str) -> list[str]:
    """The tokens of all numbers in a text."""
    return [token for token, _start, _end in forms(text)]
