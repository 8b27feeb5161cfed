"""Facets: what results can be narrowed by. A room registers what its page types carry.

A page type says its values in `search_facets()` (see `base.models.BasePage`); the room that owns
the values registers their labels from its app's `ready()`.
"""

from dataclasses import dataclass, field, replace
from heapq import nsmallest

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.results import Choice, FacetShown, Question

# Values of a facet that a page can hold; who looks for another one names it in the search field.
MOST_CHOICES = 60


@dataclass(frozen=True)
class Facet:
    """`name` is the word in the address. `order`: codes in their natural order, the rest by count."""

    name: str
    label: str | Promise
    # Codes and what to call them; a code that is not here is its own label.
    labels: dict[str, str | Promise] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    # Newest or highest first instead of the most frequent: for years.
    descending: bool = False
    # Shown by its room's own page only, in its own way: a tree, a drawing.
    own: bool = False

    def label_of(self, code: str) -> str:
        return str(self.labels.get(code, code))


# In the order of the page.
FACETS: dict[str, Facet] = {
    "kind": Facet("kind", _("Kind")),
    "level": Facet("level", _("Level")),
    "subject": Facet("subject", _("Subject category"), own=True),
    "topic": Facet("topic", _("Topic")),
    "issuer": Facet("issuer", _("Issued by")),
    "place": Facet("place", _("Place"), own=True),
    "industry": Facet("industry", _("Industry")),
    "status": Facet("status", _("Status")),
    "year": Facet("year", _("Year"), descending=True),
}


def describe(name: str, labels: dict[str, str | Promise], order: tuple[str, ...] = ()) -> None:
    """Add labels (and their order) to the codes of a facet. Called from an app's `ready()`."""
    facet = FACETS[name]
    FACETS[name] = replace(facet, labels={**facet.labels, **labels}, order=(*facet.order, *order))


def shown(question: Question, counts: dict[str, dict[str, int]]) -> list[FacetShown]:
    """The facets with anything to choose, values in their natural order or the most frequent first.

    `counts` are {name: {code: number of results}}. Of a facet with very many values the rarest are
    left off; what is chosen stays.
    """
    found = []
    for name, facet in FACETS.items():
        if name == "kind" and question.kinds:
            continue
        chosen = question.filters.get(name, ())
        codes = counts.get(name, {})
        kept = codes
        if len(codes) > MOST_CHOICES and not facet.order and not facet.descending:
            # Ties are broken by the word itself: the same values on every engine.
            kept = nsmallest(MOST_CHOICES, codes, key=lambda code: (-codes[code], code))
        choices = [
            Choice(code, facet.label_of(code), codes.get(code, 0), code in chosen)
            for code in dict.fromkeys([*kept, *chosen])
        ]
        if choices:
            places = {code: place for place, code in enumerate(facet.order)}
            choices.sort(key=lambda choice: _place(facet, places, choice))
            left = sum(code not in chosen for code in codes) - sum(not c.chosen for c in choices)
            found.append(FacetShown(name, str(facet.label), choices, left))
    return found


def _place(facet: Facet, places: dict[str, int], choice: Choice) -> tuple:
    if facet.descending:
        return 0, 0, [-ord(character) for character in choice.code]
    if choice.code in places:
        return 0, places[choice.code], choice.code
    return 1, -choice.count, choice.label
