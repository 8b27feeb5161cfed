"""The words of rich text, as Wagtail finds them for the search, read by one expression where that is safe.

Wagtail takes the tags out with Python's parser of HTML, which was a sixth of the time that an index takes.
Text as editors and imports make it has nothing that needs a parser; whatever else it has goes to Wagtail.
"""

import re
from html import unescape

from wagtail.rich_text import get_text_for_indexing

# Tags that rich text has, with whole attributes; whole entities; and text between them.
# In others, as <script>, HTML has rules of its own.
PLAIN = re.compile(
    r"(?:[^<>&]++|&(?:[a-zA-Z]++|#[0-9]++);"
    r"|</?(?:p|h[1-6]|b|i|strong|em|a|ul|ol|li|blockquote|br|hr|sup|sub|s|u|span|code|embed)"
    r"""(?:\s++[a-zA-Z][\w-]*+(?:="[^"<>\x00]*+"|='[^'<>\x00]*+')?+)*+\s*+/?+>)*+""",
    re.ASCII,
)
# Behind these the text does not go on; Wagtail keeps a blank there.
ENDS = re.compile(r"</(?:p|h\d|li|blockquote)>|<(?:br|hr)\s*/>", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")


def plain_text(html: str) -> str:
    """The text of rich text, as `wagtail.rich_text.get_text_for_indexing` gives it."""
    if not PLAIN.fullmatch(html):
        return get_text_for_indexing(html)
    return unescape(TAG.sub("", ENDS.sub(" ", html)).strip())
