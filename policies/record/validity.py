"""The validity (有效性) of a document, computed from its dates, its relations and what was entered.

Pure: no database, no clock of its own. The rules:

- A draft for comment stays a draft, whatever the rest says.
- A document is abolished from the day on which another abolishes or replaces it, void after its last
  day; what came first decides. Neither ever ends again.
- Parts abolished, or amended, otherwise. What was entered counts where it says more: an editor may know
  of a document that is not in the library.
- What begins later changes nothing today.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from policies.choices import INVALID, NOT_YET_LABEL, RelationKind, Validity

# What an incoming relation makes of the document it points to.
OUTCOMES = {
    RelationKind.ABOLISHES: Validity.ABOLISHED,
    RelationKind.REPLACES: Validity.ABOLISHED,
    RelationKind.PARTLY_ABOLISHES: Validity.PARTLY_VOID,
    RelationKind.AMENDS: Validity.AMENDED,
}
# From the least to the most that can have happened to a document.
WEIGHT = {
    Validity.IN_FORCE: 0,
    Validity.AMENDED: 1,
    Validity.PARTLY_VOID: 2,
    Validity.VOID: 3,
    Validity.ABOLISHED: 3,
}


@dataclass(frozen=True)
class Effect:
    """What another document does to this one.

    `on`: the day from which it holds; None: always, its day is not known. `by` is its title, `key`
    tells it from others (a translation key), `part` names articles for a change of some.
    """

    kind: str
    on: date | None = None
    by: str = ""
    part: str = ""
    key: object = None

    def holds(self, today: date) -> bool:
        return self.on is None or self.on <= today


@dataclass(frozen=True)
class Facts:
    """What is known of a document: its entered validity, the days it is in force, what others do to it."""

    entered: str
    begins_on: date | None = None
    ends_on: date | None = None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Standing:
    """Where a document stands on a day.

    `cause` is the relation that decided, None where the dates or the entry did; `since` the first day,
    None where it is not known. `begins_on` is set while the document is still to come into force.
    `until` is the last day on which all this holds as far as is known today, and `coming` the relation
    that changes it then, if it is one.
    """

    validity: Validity
    since: date | None = None
    cause: Effect | None = None
    begins_on: date | None = None
    until: date | None = None
    coming: Effect | None = None

    @property
    def is_pending(self) -> bool:
        """Published, but its first day has not come."""
        return self.begins_on is not None

    @property
    def label(self) -> str:
        return str(NOT_YET_LABEL if self.is_pending else self.validity.label)

    @property
    def is_valid(self) -> bool:
        """Whether anybody can rely on it, today or from its first day on."""
        return self.validity not in INVALID


def standing(facts: Facts, today: date) -> Standing:
    """Where the document stands on a day. The order of `facts.effects` makes no difference."""
    entered = Validity(facts.entered)
    if entered == Validity.DRAFT:
        return Standing(Validity.DRAFT)
    known = [effect for effect in facts.effects if effect.kind in OUTCOMES]
    today_effects = sorted((e for e in known if e.holds(today)), key=_order)
    validity, since, cause = _decided(facts, today_effects, today)
    if WEIGHT[entered] > WEIGHT[validity] or entered == Validity.ABOLISHED != validity:
        validity, since, cause = entered, None, None
    pending = facts.begins_on if facts.begins_on and facts.begins_on > today else None
    if validity in INVALID:
        return Standing(validity, since, cause, until=_named_until(validity, since, known, today))
    until, coming = _next(facts, known, today, validity)
    return Standing(validity, since, cause, pending, until, coming)


def _order(effect: Effect) -> tuple:
    """The earliest first, the unknown day before all; the rest only so that the order is one."""
    return effect.on or date.min, effect.kind, effect.by, effect.part, str(effect.key)


def _decided(facts: Facts, effects: list[Effect], today: date):
    """(validity, since, cause) by dates and relations alone. `effects` hold today, earliest first."""
    ends = [effect for effect in effects if OUTCOMES[effect.kind] == Validity.ABOLISHED]
    ended = facts.ends_on is not None and facts.ends_on < today
    if ends and not (ended and ends[0].on and ends[0].on > facts.ends_on + timedelta(days=1)):
        return Validity.ABOLISHED, ends[0].on, ends[0]
    if ended:
        return Validity.VOID, facts.ends_on + timedelta(days=1), None
    for validity in (Validity.PARTLY_VOID, Validity.AMENDED):
        changes = [effect for effect in effects if OUTCOMES[effect.kind] == validity]
        if changes:  # the newest says how the text stands now
            return validity, changes[-1].on, changes[-1]
    return Validity.IN_FORCE, facts.begins_on, None


def _named_until(validity: Validity, since: date | None, effects: list[Effect], today: date):
    """Ended is ended; but what was only entered as void gets its day and its cause by a later abolition."""
    if validity != Validity.VOID or since is not None:
        return None
    later = [e.on for e in effects if not e.holds(today) and OUTCOMES[e.kind] == Validity.ABOLISHED]
    return min(later) - timedelta(days=1) if later else None


def _next(facts: Facts, effects: list[Effect], today: date, validity: Validity):
    """The last day before the next change, and the relation that brings it."""
    later = sorted((effect for effect in effects if not effect.holds(today)), key=_order)
    later = [e for e in later if WEIGHT[OUTCOMES[e.kind]] >= WEIGHT[validity]]
    days: list[tuple[date, Effect | None]] = [(effect.on, effect) for effect in later[:1]]
    if facts.begins_on and facts.begins_on > today:
        days.append((facts.begins_on, None))
    if facts.ends_on and facts.ends_on < date.max:
        days.append((facts.ends_on + timedelta(days=1), None))
    if not days:
        return None, None
    day, coming = min(days, key=lambda pair: (pair[0], pair[1] is None))
    return day - timedelta(days=1), coming


def contradiction(facts: Facts, today: date) -> str:
    """Why the entered validity can't stand beside the dates and relations; "" where it can."""
    entered = Validity(facts.entered)
    if entered == Validity.DRAFT:
        if facts.begins_on and facts.begins_on <= today:
            return _(
                "A draft is not in force, but a day of coming into force is given: %(day)s."
            ) % {"day": _day(facts.begins_on)}
        return ""
    if entered == Validity.VOID and facts.ends_on and facts.ends_on >= today:
        return _("The document is in force until %(day)s; until then it is not void.") % {
            "day": _day(facts.ends_on)
        }
    found = standing(facts, today)
    if found.validity == entered:
        return ""
    return _("“%(entered)s” contradicts what is known: %(reason)s") % {
        "entered": entered.label,
        "reason": sentence(found, facts, today),
    }


def sentence(found: Standing, facts: Facts, today: date) -> str:
    """Why a document stands where it stands, as a sentence; "" where nothing but the entry says so."""
    if found.is_pending:
        begins = _("It comes into force on %(day)s.") % {"day": _day(found.begins_on)}
        if found.cause is None:
            return begins
        return _("%(begins)s %(cause)s") % {"begins": begins, "cause": _caused(found.cause)}
    if found.cause is not None:
        return _caused(found.cause)
    if found.validity == Validity.VOID and facts.ends_on and facts.ends_on < today:
        return _("It was in force until %(day)s.") % {"day": _day(facts.ends_on)}
    return ""


def coming_sentence(found: Standing) -> str:
    """What will change, as a sentence; "" where no relation is known to change it."""
    return _caused(found.coming, coming=True) if found.coming else ""


def _caused(effect: Effect, coming: bool = False) -> str:
    words = _words(effect.kind, dated=effect.on is not None, named=bool(effect.by), coming=coming)
    text = words % {"day": _day(effect.on), "document": effect.by}
    if effect.part:
        text += _(" Articles: %(part)s.") % {"part": effect.part}
    return text


def _words(kind: str, *, dated: bool, named: bool, coming: bool) -> str:
    """The sentence for a kind of relation. Whole sentences: other languages order them otherwise."""
    if coming:
        return COMING[kind, named]()
    return CAUSED[kind, dated, named]()


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


_K = RelationKind
# By kind, whether the day is known, whether the document may be named.
CAUSED = {
    (_K.ABOLISHES, True, True): lambda: _("Since %(day)s it is abolished by “%(document)s”."),
    (_K.ABOLISHES, False, True): lambda: _("It is abolished by “%(document)s”."),
    (_K.ABOLISHES, True, False): lambda: _("Since %(day)s it is abolished."),
    (_K.ABOLISHES, False, False): lambda: _("It is abolished."),
    (_K.REPLACES, True, True): lambda: _("Since %(day)s it is replaced by “%(document)s”."),
    (_K.REPLACES, False, True): lambda: _("It is replaced by “%(document)s”."),
    (_K.REPLACES, True, False): lambda: _("Since %(day)s it is replaced."),
    (_K.REPLACES, False, False): lambda: _("It is replaced."),
    (_K.PARTLY_ABOLISHES, True, True): lambda: _(
        "Since %(day)s parts of it are abolished by “%(document)s”."
    ),
    (_K.PARTLY_ABOLISHES, False, True): lambda: _("Parts of it are abolished by “%(document)s”."),
    (_K.PARTLY_ABOLISHES, True, False): lambda: _("Since %(day)s parts of it are abolished."),
    (_K.PARTLY_ABOLISHES, False, False): lambda: _("Parts of it are abolished."),
    (_K.AMENDS, True, True): lambda: _("Since %(day)s it is amended by “%(document)s”."),
    (_K.AMENDS, False, True): lambda: _("It is amended by “%(document)s”."),
    (_K.AMENDS, True, False): lambda: _("Since %(day)s it is amended."),
    (_K.AMENDS, False, False): lambda: _("It is amended."),
}
COMING = {
    (_K.ABOLISHES, True): lambda: _("From %(day)s it will be abolished by “%(document)s”."),
    (_K.ABOLISHES, False): lambda: _("From %(day)s it will be abolished."),
    (_K.REPLACES, True): lambda: _("From %(day)s it will be replaced by “%(document)s”."),
    (_K.REPLACES, False): lambda: _("From %(day)s it will be replaced."),
    (_K.PARTLY_ABOLISHES, True): lambda: _(
        "From %(day)s parts of it will be abolished by “%(document)s”."
    ),
    (_K.PARTLY_ABOLISHES, False): lambda: _("From %(day)s parts of it will be abolished."),
    (_K.AMENDS, True): lambda: _("From %(day)s it will be amended by “%(document)s”."),
    (_K.AMENDS, False): lambda: _("From %(day)s it will be amended."),
}
