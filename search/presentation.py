"""An answer as a page shows it: its filters, its ways on, and the addresses they lead to."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.addresses import address, without
from search.facets import FACETS
from search.results import Choice, FacetShown, Hit, Question, Results

# Values of a facet that are seen at once. One or two more aren't worth a fold.
SEEN, FOLDED_FROM = 8, 10
SORTS = {"relevance": _("Best match first"), "date": _("Newest first")}


@dataclass(frozen=True)
class Link:
    text: str
    url: str
    count: int = 0


@dataclass(frozen=True)
class Group:
    """A facet in the side column: `seen` choices first, `folded` ones behind "show all"."""

    name: str
    label: str
    seen: list[Choice]
    folded: list[Choice]
    # Whether the group, and the fold in it, stands open.
    is_open: bool
    fold_is_open: bool
    chosen: int
    # Values that are not among the choices.
    left: int = 0

    @property
    def size(self) -> int:
        return len(self.seen) + len(self.folded)

    @property
    def choices(self) -> list[Choice]:
        return [*self.seen, *self.folded]


class Shown:
    """The `results` of `question` on the page at `path`.

    `facets`: names of the facets in the side column and in the list of chosen values; those that
    the page shows elsewhere (the library's levels) are left out. `sorts`: what the list can be sorted
    by, in words, by the values of `Question.sort`.
    """

    def __init__(
        self,
        question: Question,
        results: Results,
        path: str,
        facets: tuple[str, ...] = tuple(name for name in FACETS if not FACETS[name].own),
        cut: bool = False,
        sorts: dict[str, str | Promise] | None = None,
    ):
        self.question = question
        self.results = results
        self.path = path
        self.facets = facets
        # The words were longer than what is searched.
        self.cut = cut
        self.sorts = sorts or SORTS

    @cached_property
    def hits(self) -> list[Hit]:
        """Promoted results first, on the first page only; nothing twice."""
        promoted = self.results.promoted if self.results.page == 1 else []
        keys = {hit.page.pk for hit in promoted}
        return [*promoted, *(hit for hit in self.results.hits if hit.page.pk not in keys)]

    @cached_property
    def groups(self) -> list[Group]:
        shown = {facet.name: facet for facet in self.results.facets}
        found = []
        for name in self.facets:
            choices = self._choices(shown.get(name), name)
            chosen = [choice for choice in choices if choice.chosen]
            # One value that every result has narrows nothing.
            useless = len(choices) == 1 and choices[0].count == self.results.total
            if not choices or (useless and not chosen):
                continue
            seen = choices if len(choices) <= FOLDED_FROM else choices[:SEEN]
            folded = choices[len(seen) :]
            found.append(
                Group(
                    name=name,
                    label=str(FACETS[name].label),
                    seen=seen,
                    folded=folded,
                    is_open=bool(chosen) or not found,
                    fold_is_open=any(choice.chosen for choice in folded),
                    chosen=len(chosen),
                    left=getattr(shown.get(name), "left", 0),
                )
            )
        return found

    def _choices(self, facet: FacetShown | None, name: str) -> list[Choice]:
        """The choices of a facet, with those that are chosen and would leave nothing."""
        choices = list(facet.choices) if facet else []
        known = {choice.code for choice in choices}
        label_of = FACETS[name].label_of
        asked = self.question.filters.get(name, ())
        return choices + [Choice(c, label_of(c), 0, True) for c in asked if c not in known]

    @cached_property
    def chips(self) -> list[Link]:
        """The chosen values; each leads to the same search without it."""
        return [
            Link(
                FACETS[name].label_of(code),
                self._address(filters=without(self.question, name, code)),
            )
            for name in self.facets
            for code in self.question.filters.get(name, ())
        ]

    @property
    def without_filters(self) -> str:
        """The same words, without what was chosen in the side column."""
        kept = {n: c for n, c in self.question.filters.items() if n not in self.facets}
        return self._address(filters=kept)

    @property
    def sort(self) -> str:
        """What the list is sorted by: without words nothing is a better match."""
        sort = self.question.sort
        return "date" if sort == "relevance" and not self.question.query else sort

    @property
    def kept_sort(self) -> str:
        """What the form must send to keep the order; "" for the usual one."""
        usual = "relevance" if self.question.query else "date"
        return "" if self.sort == usual else self.sort

    @property
    def orders(self) -> list[Link]:
        """The orders of the list; the present one without an address."""
        return [
            Link(str(text), "" if sort == self.sort else self._address(sort=sort))
            for sort, text in self.sorts.items()
            if sort != "relevance" or self.question.query
        ]

    @property
    def literally(self) -> str:
        """Search what was typed, not its correction."""
        return self._address(query=self.results.asked, literal=True)

    @property
    def did_you_mean(self) -> list[Link]:
        return [
            Link(words, self._address(query=words, literal=False))
            for words in self.results.did_you_mean
        ]

    @property
    def elsewhere(self) -> list[Link]:
        """Other languages that have results: the search page of each, for the same words."""
        links = []
        for code, count in self.results.elsewhere.items():
            with translation.override(code):
                path = reverse("search:search")
            name = translation.get_language_info(code)["name_translated"]
            kinds = {"kind": self.question.kinds} if self.question.kinds else {}
            url = address(Question(query=self.results.shown, filters=kinds), path)
            links.append(Link(name, url, count))
        return [link for link in links if link.count]

    @property
    def pages(self) -> PageOfList:
        """The pages for `components/pagination.html`: a list with one item for each page."""
        return Paginator(range(self.results.pages), 1).get_page(self.results.page)

    def _address(self, **changes) -> str:
        return address(self.question, self.path, **changes)
