"""How values look on the page: dates, drawings, titles, language codes.

Nothing here reads the database; what a page knows is handed in by the template.
"""

import re
from urllib.parse import urlsplit

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

register = template.Library()

# The icons are named for what they show, the chains for what they are.
CHAIN_ICONS = {"equipment": "gear", "medicine": "herb", "recycle": "loop"}


@register.filter
def bcp47(code):
    """Write a Django language code as the ``lang`` attribute wants it: zh-hans → zh-Hans."""
    main, _, rest = str(code or "").partition("-")
    return f"{main}-{rest.title() if len(rest) > 2 else rest.upper()}" if rest else main


@register.filter
def long_date(value):
    """A date in words and figures: 2023 年 7 月 17 日, 17 July 2023. Empty stays empty."""
    if not value:
        return ""
    if hasattr(value, "hour") and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, gettext("j F Y"))


@register.filter
def year_month(value):
    """The small line under the large day of an agenda: 2027 年 3 月, March 2027."""
    return date_format(value, gettext("F Y")) if value else ""


@register.simple_tag
def time_span(starts_at, ends_at=None):
    """When something happens: the day with its weekday, then the hours.

    A span over several days names both days.
    """
    if not starts_at:
        return ""
    starts_at = timezone.localtime(starts_at)
    day_format = gettext("l, j F Y")
    begin = f"{date_format(starts_at, day_format)} {starts_at:%H:%M}"
    if not ends_at:
        return begin
    ends_at = timezone.localtime(ends_at)
    if ends_at.date() == starts_at.date():
        return f"{begin}–{ends_at:%H:%M}"
    return f"{begin} – {date_format(ends_at, day_format)} {ends_at:%H:%M}"


@register.filter
def host(url):
    """The site an address leads to, as a reader would name it."""
    return urlsplit(str(url)).netloc.removeprefix("www.")


@register.filter
def is_chinese(code):
    """Whether a language code stands for Chinese, in any script."""
    return str(code or "").startswith("zh")


@register.inclusion_tag("components/plate.html")
def plate(picture, upright=False, first=False, sizes=""):
    """A picture with its caption; a drawing says that it is one.

    ``first``: seen before scrolling, so it isn't loaded lazily.
    """
    return {
        "picture": picture,
        "upright": upright,
        "first": first,
        "sizes": sizes,
    }


# after the name of the state, “关于”, “的” and pauses; before brackets
PHRASE_ENDS = re.compile(r"(?<=中华人民共和国)|(?<=关于)|(?<=[的，：、])|(?=[（〔《])")


@register.simple_tag
def break_title(title):
    """A long title that breaks where a reader would: before brackets, after “关于”.

    Chinese has no spaces, so a browser breaks anywhere. Short phrases are held
    together; a longer one stays free to break, for it might not fit a small screen.
    """
    phrases = [phrase for phrase in PHRASE_ENDS.split(str(title)) if phrase]
    if len(phrases) < 2:
        return title
    return format_html_join(
        mark_safe("<wbr>"),
        "{}",
        (
            (format_html('<span class="phrase">{}</span>', phrase) if len(phrase) <= 7 else phrase,)
            for phrase in phrases
        ),
    )


@register.simple_tag
def page_numbers(pages):
    """The numbers of a pagination, with an ellipsis where pages are left out."""
    return list(pages.paginator.get_elided_page_range(pages.number, on_each_side=2, on_ends=1))


@register.filter
def chain_icon(chain):
    """The name of the icon of an industry chain."""
    return CHAIN_ICONS.get(chain, chain or "factory")


@register.filter
def local_path(value):
    """A path of this site as somebody may have sent it in an address, or "" for anything else."""
    text = str(value or "")
    is_path = text.startswith("/") and not text.startswith("//") and len(text) <= 300
    return text if is_path and text.isprintable() else ""


@register.filter
def event_tone(status):
    """The tag's modifier for the state of an event."""
    return {"running": "force", "past": "ended", "called_off": "void"}.get(status, "")
