"""Titles and passages with the found words marked."""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from search.analysis import lower, normalise
from search.documents import ATTACHMENT, NOT_SHOWN
from search.plan import Plan
from search.ranking import Candidate, places_of

LENGTH = 150
BEFORE = 40
# Of a passage without line breaks so much is looked through.
LONGEST = 1500


def spans(plan: Plan, text: str) -> list[tuple[int, int]]:
    """Where words of the query stand in a normalised text, joined where they touch."""
    small = lower(text)
    found = sorted(span for word in plan.words for span in places_of(word, small))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, found: list[tuple[int, int]]) -> SafeString:
    """`text` as safe HTML with the places in <mark>."""
    parts, position = [], 0
    for start, end in found:
        parts.append(escape(text[position:start]))
        parts.append(f"<mark>{escape(text[start:end])}</mark>")
        position = end
    parts.append(escape(text[position:]))
    return mark_safe("".join(parts))


def title(plan: Plan, text: str) -> SafeString:
    return marked(text, spans(plan, normalise(text)))


def snippet(plan: Plan, candidate: Candidate, fallback: str = "") -> SafeString:
    """The passage with the most of the query, cut to some 150 characters; else the fallback."""
    start, end = candidate.passage
    text = candidate.body[start : min(end, start + LONGEST)]
    found = spans(plan, text)
    if not found:
        return title(plan, fallback or beginning(candidate.body))
    if len(text) > LENGTH:
        first = densest(found)
        begin = max(0, min(first - BEFORE, len(text) - LENGTH))
        begin = start_of_clause(text, begin, first)
        stop = min(len(text), begin + LENGTH)
        before, after = "…" if begin else "", "…" if stop < len(text) else ""
        text = text[begin:stop]
        found = [(s - begin, e - begin) for s, e in found if s >= begin and e <= stop]
        return mark_safe(before + marked(text, found) + after)
    return marked(text, found)


def beginning(body: str) -> str:
    """The first line of a text that may be shown, cut."""
    for line in body[: LONGEST * 4].split("\n"):
        if line.strip() and line[0] not in (ATTACHMENT, NOT_SHOWN):
            return line if len(line) <= LENGTH else f"{line[:LENGTH]}…"
    return ""


def densest(found: list[tuple[int, int]]) -> int:
    """The start of the window with the most found characters."""
    best, start = -1, found[0][0]
    held, last = 0, 0
    for first, end in found:
        while last < len(found) and found[last][1] <= first + LENGTH - BEFORE:
            held += found[last][1] - found[last][0]
            last += 1
        if held > best:
            best, start = held, first
        held -= end - first
    return start


def start_of_clause(text: str, begin: int, first: int) -> int:
    """The beginning of the clause that `begin` lies in, when it is near."""
    for position in range(begin, first):
        if text[position] in "，。；：、,;.!?！？":
            return position + 1
    return begin


def attachment_of(candidate: Candidate) -> str:
    """The title of the attachment that the passage comes from; empty when it is the page's own text."""
    before = candidate.body.rfind(ATTACHMENT, 0, candidate.passage[0] + 1)
    if before < 0:
        return ""
    return candidate.body[before + 1 :].partition("\n")[0]
