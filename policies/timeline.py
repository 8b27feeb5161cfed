"""The library's documents by year, as bars that set the year."""

from dataclasses import dataclass

from search.addresses import address
from search.presentation import Shown

# The drawing's height; a bar of any documents can be seen.
HEIGHT, LEAST = 100, 4


@dataclass(frozen=True)
class Year:
    """A year with documents. `url` sets the filter to it, or takes it away where it is `current`."""

    year: str
    count: int
    url: str
    current: bool
    # Of the bar in the drawing, from its top: 0 to HEIGHT.
    top: int
    height: int
    # Years without documents lie between this one and the one after it.
    gap: bool


def timeline(shown: Shown) -> list[Year]:
    """The years of the results under the other filters, the newest first; none when there is one only."""
    facet = next((facet for facet in shown.results.facets if facet.name == "year"), None)
    choices = [choice for choice in facet.choices if choice.code.isdecimal()] if facet else []
    chosen = shown.question.filters.get("year", ())
    if len(choices) < 2:
        return []
    most = max((choice.count for choice in choices), default=0) or 1
    others = {name: codes for name, codes in shown.question.filters.items() if name != "year"}
    years, after = [], 0
    for choice in choices:
        current = choice.code in chosen
        filters = others if current else others | {"year": (choice.code,)}
        height = max(LEAST, round(HEIGHT * choice.count / most)) if choice.count else 0
        years.append(
            Year(
                year=choice.code,
                count=choice.count,
                url=address(shown.question, shown.path, filters=filters),
                current=current,
                top=HEIGHT - height,
                height=height,
                gap=bool(after) and after - int(choice.code) > 1,
            )
        )
        after = int(choice.code)
    return years
