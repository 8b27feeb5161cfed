"""The list of events and what it is narrowed by. Each choice has one address: `?month= &place= &kind= &series=`.

The calendar feed understands the same parameters.
"""

import re
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from base.page_links import preload, shown_pages
from events.models import EventPage, EventSeries
from events.models.query import EventQuerySet

NAMES = ("month", "place", "kind", "series")
MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])", re.ASCII)
CODE = re.compile(r"[-\w]{1,100}")
# Places that are no enclave; a page's slug never looks so.
ONLINE, OTHER = "_online", "_other"


class Row(NamedTuple):
    """What is asked of every event, to choose among them and to say what there is to choose."""

    pk: int
    starts_at: datetime
    ends_at: datetime | None
    kind: str
    is_online: bool
    enclave_id: int | None
    enclave_slug: str | None
    series_slug: str | None
    series_name: str | None
    series_name_en: str | None

    @property
    def month(self) -> str:
        return f"{timezone.localtime(self.starts_at):%Y-%m}"

    @property
    def is_past(self) -> bool:
        return (self.ends_at or self.starts_at) < timezone.now()


COLUMNS = (
    "pk", "starts_at", "ends_at", "kind", "is_online", "enclave_id", "enclave__slug",
    "series__slug", "series__name", "series__name_en",
)  # fmt: skip


def read_rows(events: EventQuerySet) -> list[Row]:
    """All of these events by one query, in the order of their days."""
    return [Row(*row) for row in events.order_by("starts_at", "pk").values_list(*COLUMNS)]


@dataclass(frozen=True)
class EventFilter:
    """`place` is the slug of an enclave, or one of ONLINE and OTHER; `month` is written 2027-05."""

    month: str = ""
    place: str = ""
    kind: str = ""
    series: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> "EventFilter":
        """What the address asks for; what can't be meant is left out."""
        asked = {name: given.get(name, "") for name in NAMES}
        fits = dict.fromkeys(NAMES, CODE.fullmatch) | {"month": MONTH.fullmatch}
        kept = {name: code for name, code in asked.items() if fits[name](code)}
        if kept.get("kind") not in EventPage.Kind.values:
            kept.pop("kind", None)
        return cls(**kept)

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    @property
    def query(self) -> str:
        """The query string, with its question mark; "" without a choice."""
        query = QueryDict(mutable=True)
        query.update({name: code for name, code in asdict(self).items() if code})
        return f"?{query.urlencode()}" if query else ""

    def keeps(self, row: Row) -> bool:
        """Whether an event is meant."""
        places = {ONLINE: row.is_online, OTHER: row.enclave_id is None}
        return (
            (not self.month or row.month == self.month)
            and (not self.place or places.get(self.place, row.enclave_slug == self.place))
            and (not self.kind or row.kind == self.kind)
            and (not self.series or row.series_slug == self.series)
        )


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The choices of one parameter: `parts` are (heading or "", choices)."""

    name: str
    label: str
    any_label: str
    parts: list[tuple[str, list[Choice]]]

    @property
    def chosen(self) -> Choice | None:
        return next((c for _heading, part in self.parts for c in part if c.is_chosen), None)


def list_context(rows: list[Row], chosen: EventFilter, path: str, text) -> dict:
    """What the list's template needs beside the events: groups of choices, and chips.

    text: the words of the page, whose links are looked up together with those of the list.
    """
    groups = [
        _months(Counter(row.month for row in rows), chosen.month),
        _places(rows, chosen.place, text),
        _kinds(Counter(row.kind for row in rows), chosen.kind),
        _all_series(rows, chosen.series),
    ]
    groups = [group for group in groups if any(part for _heading, part in group.parts)]
    return {"filter": chosen, "groups": groups, "chips": _chips(chosen, groups, path)}


def _months(counts: Counter, chosen: str) -> Group:
    """The months with events: those to come, the nearest first, then the others, the latest first."""
    if chosen:
        counts.setdefault(chosen, 0)
    now = f"{timezone.localdate():%Y-%m}"
    coming = sorted(code for code in counts if code >= now)
    before = sorted((code for code in counts if code < now), reverse=True)

    def choices(codes):
        return [Choice(c, month_label(c), counts[c], c == chosen) for c in codes]

    parts = [(_("To come"), choices(coming)), (_("Past"), choices(before))]
    return Group("month", _("Month"), _("All months"), [part for part in parts if part[1]])


def month_label(code: str) -> str:
    """2027-05 in words."""
    year, month = map(int, code.split("-"))
    return date_format(date(year, month, 1), _("F Y"))


def _places(rows: list[Row], chosen: str, text) -> Group:
    counts = Counter(row.enclave_slug for row in rows if row.enclave_slug)
    enclaves = {row.enclave_slug: row.enclave_id for row in rows if row.enclave_slug}
    preload(text, enclaves.values())
    shown = shown_pages(enclaves.values())
    names = {slug: shown[pk].title for slug, pk in enclaves.items() if shown[pk]}
    choices = [(slug, names[slug], counts[slug]) for slug in sorted(names, key=names.get)]
    choices += [
        (OTHER, _("Elsewhere"), sum(row.enclave_id is None for row in rows)),
        (ONLINE, _("Also online"), sum(row.is_online for row in rows)),
    ]
    return _group("place", _("Place"), _("All places"), choices, chosen)


def _kinds(counts: Counter, chosen: str) -> Group:
    choices = [(kind.value, str(kind.label), counts[kind.value]) for kind in EventPage.Kind]
    return _group("kind", _("Kind"), _("All kinds"), choices, chosen)


def _all_series(rows: list[Row], chosen: str) -> Group:
    counts = Counter(row.series_slug for row in rows if row.series_slug)
    named = {
        row.series_slug: EventSeries(name=row.series_name, name_en=row.series_name_en).label
        for row in rows
        if row.series_slug
    }
    choices = [(slug, label, counts[slug]) for slug, label in named.items()]
    return _group("series", _("Series"), _("All series"), choices, chosen)


def _group(name: str, label: str, any_label: str, choices: list, chosen: str) -> Group:
    """A group of what there is; what was chosen stays in it, be there none of it."""
    made = [Choice(*choice, choice[0] == chosen) for choice in choices if choice[2]]
    if chosen and not any(choice.is_chosen for choice in made):
        named = next((choice[1] for choice in choices if choice[0] == chosen), chosen)
        made.append(Choice(chosen, named, 0, True))
    return Group(name, label, any_label, [("", made)] if made else [])


def _chips(chosen: EventFilter, groups: list[Group], path: str) -> list[dict]:
    """What was chosen, each with the address of the same list without it."""
    return [
        {"text": group.chosen.label, "url": path + replace(chosen, **{group.name: ""}).query}
        for group in groups
        if group.chosen
    ]
