"""Facets: what results can be narrowed by. A room registers what its page types carry.

A page type says its values in `search_facets()` (see `base.models.BasePage`); the room that owns
the values registers their labels from its app's `ready()`.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.results import Choice, FacetShown, Question


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

    def label_of(self, code: str) -> str:
        return str(self.labels.get(code, code))


# In the order of the page.
FACETS: dict[str, Facet] = {
    "kind": Facet("kind", _("Kind")),
    "level": Facet("level", _("Level")),
    "topic": Facet("topic", _("Topic")),
    "issuer": Facet("issuer", _("Issued by")),
    "industry": Facet("industry", _("Industry")),
    "status": Facet("status", _("Status")),
    "year": Facet("year", _("Year"), descending=True),
}


def describe(name: str, labels: dict[str, str | Promise], order: tuple[str, ...] = ()) -> None:
    """Add labels (and their order) to the codes of a facet. Called from an app's `ready()`."""
    facet = FACETS[name]
    FACETS[name] = Facet(
        name,
        facet.label,
        {**facet.labels, **labels},
        (*facet.order, *order),
        facet.descending,
    )


def shown(question: Question, counts: dict[str, dict[str, int]]) -> list[FacetShown]:
    """The facets with anything to choose, values in their natural order or the most frequent first.

    `counts` are {name: {code: number of results}}.
    """
    found = []
    for name, facet in FACETS.items():
        if name == "kind" and question.kinds:
            continue
        chosen = question.filters.get(name, ())
        codes = counts.get(name, {})
        choices = [
            Choice(code, facet.label_of(code), codes.get(code, 0), code in chosen)
            for code in dict.fromkeys([*codes, *chosen])
        ]
        if choices:
            choices.sort(key=lambda choice, facet=facet: _place(facet, choice))
            found.append(FacetShown(name, str(facet.label), choices))
    return found


def _place(facet: Facet, choice: Choice) -> tuple:
    if facet.descending:
        return 0, 0, [-ord(character) for character in choice.code]
    if choice.code in facet.order:
        return 0, facet.order.index(choice.code), choice.code
    return 1, -choice.count, choice.label
