"""The list of events and what it is narrowed by. Each choice has one address: `?month= &place= &kind= &series=`.

The calendar feed understands the same parameters.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from base.page_links import shown_pages
from events.models import EventPage, EventSeries
from events.models.query import EventQuerySet

NAMES = ("month", "place", "kind", "series")
MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
CODE = re.compile(r"[-\w]{1,100}")
# Places that are no enclave; a page's slug never looks so.
ONLINE, OTHER = "_online", "_other"


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

    def apply(self, events: EventQuerySet) -> EventQuerySet:
        """Of these events those that are meant."""
        if self.month:
            first, after = _month(self.month)
            events = events.filter(starts_at__gte=first, starts_at__lt=after)
        if self.place == ONLINE:
            events = events.filter(is_online=True)
        elif self.place == OTHER:
            events = events.filter(enclave=None)
        elif self.place:
            events = events.filter(enclave__slug=self.place)
        if self.kind:
            events = events.filter(kind=self.kind)
        if self.series:
            events = events.filter(series__slug=self.series)
        return events


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


def list_context(events: EventQuerySet, chosen: EventFilter, path: str) -> dict:
    """What the list's template needs beside the events: groups of choices, chips, the series."""
    rows = list(
        events.order_by().values_list(
            "starts_at", "kind", "is_online", "enclave_id", "enclave__slug", "series_id"
        )
    )
    series = {one.pk: one for one in _series(row[5] for row in rows)}
    groups = [
        _months([row[0] for row in rows], chosen.month),
        _places(rows, chosen.place),
        _kinds(Counter(row[1] for row in rows), chosen.kind),
        _group(
            "series",
            _("Series"),
            _("All series"),
            [
                (one.slug, one.label, sum(row[5] == pk for row in rows))
                for pk, one in series.items()
            ],
            chosen.series,
        ),
    ]
    groups = [group for group in groups if any(part for _heading, part in group.parts)]
    return {
        "filter": chosen,
        "groups": groups,
        "chips": _chips(chosen, groups, path),
        "series": next((one for one in series.values() if one.slug == chosen.series), None),
    }


def _series(ids: Iterable[int | None]) -> list[EventSeries]:
    wanted = {pk for pk in ids if pk}
    return list(EventSeries.objects.filter(pk__in=wanted)) if wanted else []


def _month(code: str) -> tuple[datetime, datetime]:
    year, month = map(int, code.split("-"))
    after = (year + month // 12, month % 12 + 1)
    zone = timezone.get_default_timezone()
    return tuple(datetime(*at, 1, tzinfo=zone) for at in ((year, month), after))


def _months(moments: list[datetime], chosen: str) -> Group:
    """The months with events: those to come, the nearest first, then the others, the latest first."""
    counts = Counter(f"{timezone.localtime(moment):%Y-%m}" for moment in moments)
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
    return date_format(_month(code)[0].date(), _("F Y"))


def _places(rows: list[tuple], chosen: str) -> Group:
    counts = Counter(row[4] for row in rows if row[4])
    titles = shown_pages({row[3] for row in rows if row[3]})
    names = {row[4]: titles[row[3]].title for row in rows if row[3] and titles.get(row[3])}
    choices = [(slug, names[slug], counts[slug]) for slug in sorted(names, key=names.get)]
    choices += [
        (OTHER, _("Elsewhere"), sum(row[3] is None for row in rows)),
        (ONLINE, _("Also online"), sum(row[2] for row in rows)),
    ]
    return _group("place", _("Place"), _("All places"), choices, chosen)


def _kinds(counts: Counter, chosen: str) -> Group:
    choices = [(kind.value, str(kind.label), counts[kind.value]) for kind in EventPage.Kind]
    return _group("kind", _("Kind"), _("All kinds"), choices, chosen)


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
