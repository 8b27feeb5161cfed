"""What a search is asked and what it answers. Engines, pages and templates share these."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.safestring import SafeString
from wagtail.models import Page

PER_PAGE = 20
MAX_PAGES = 500
MAX_LENGTH = 100


@dataclass(frozen=True)
class Question:
    """What a reader asks.

    `filters` are {facet name: codes}: any of the codes of a facet, and all facets. `kinds` narrows
    everything, counts included, to some kinds of pages ("policy" in the policy library). `sort`
    is "relevance", "date" (the day a page is known by) or "published". `literal`: search what was typed, without correcting it.
    """

    query: str = ""
    locale: str = "zh-hans"
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    sort: str = "relevance"
    page: int = 1
    per_page: int = PER_PAGE
    literal: bool = False


@dataclass
class Choice:
    """One value of a facet. `count`: results that it would leave under the other facets' filters."""

    code: str
    label: str
    count: int
    chosen: bool = False


@dataclass
class FacetShown:
    name: str
    label: str
    choices: list[Choice]
    # So many values are left off: the rarest of a facet with very many.
    left: int = 0

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.chosen]


@dataclass
class Hit:
    """One result. Titles and snippets are safe HTML with `<mark>` around what was found."""

    page: Page  # in its own type
    title: SafeString
    snippet: SafeString
    kind: str
    kind_label: str
    dated_on: date | None = None
    # Of a policy: ("abolished", "Abolished"); empty for other pages.
    status: str = ""
    status_label: str = ""
    valid: bool = True
    promoted: bool = False
    # The name of the attachment that the snippet comes from, when it does.
    attachment: str = ""


@dataclass
class Results:
    """One page of an answer.

    `total` counts all results (promoted ones that would be found anyway only once). When `shown`
    differs from `asked` a correction was searched instead and `asked` found nothing.
    `did_you_mean` are other queries that find something, best first.
    """

    asked: str
    shown: str
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    page: int = 1
    pages: int = 1
    facets: list[FacetShown] = field(default_factory=list)
    sort: str = "relevance"
    did_you_mean: list[str] = field(default_factory=list)
    promoted: list[Hit] = field(default_factory=list)
    # Results of the same query in other languages: {language code: count}.
    elsewhere: dict[str, int] = field(default_factory=dict)
    engine: str = ""
    # Nothing has most of the words; these have some.
    partial: bool = False

    @property
    def corrected(self) -> bool:
        return self.asked != self.shown

    @property
    def has_previous(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages


@dataclass(frozen=True)
class Suggestion:
    """`kind` is "word" (search for it) or "page" (go there, `url`)."""

    text: str
    kind: str = "word"
    url: str = ""
    # What kind of page, in words.
    note: str = ""
