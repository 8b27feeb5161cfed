"""The list of the others: who is in it, what it is filtered by, in which order and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from base.chains import Chain
from events.choices import RequestStatus, Side
from events.matchmaking.fit import Fit, Profile, fit, says
from events.matchmaking.taking_part import shown_to
from events.models import MeetingRequest, Participant

LONGEST_QUERY = 100


@dataclass(frozen=True)
class Choice:
    """What a reader wants to see; what is not one of ours counts as not asked."""

    side: str = ""
    chain: str = ""
    words: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Choice":
        side, chain = query.get("side", ""), query.get("chain", "")
        return cls(
            side=side if side in Side.values else "",
            chain=chain if chain in Chain.values else "",
            words=" ".join(query.get("q", "").split())[:LONGEST_QUERY],
        )

    def __bool__(self) -> bool:
        return bool(self.side or self.chain or self.words)

    @property
    def address(self) -> str:
        parts = {"side": self.side, "chain": self.chain, "q": self.words}
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class Entry:
    """One participant as another sees them; `request` is what is between the two, if anything lives."""

    participant: Participant
    fit: Fit
    request: MeetingRequest | None = None


def entries(me: Participant, choice: Choice | None = None) -> list[Entry]:
    """The others that a choice leaves, those who fit best first."""
    choice = choice or Choice()
    mine = Profile.of(me)
    requests = live_requests(me)
    found = [
        Entry(other, fit(mine, Profile.of(other)), requests.get(other.pk))
        for other in shown_to(me)
        if _is_chosen(other, choice)
    ]
    return sorted(found, key=lambda entry: (-entry.fit.score, entry.participant.pk))


def suggestions(me: Participant, number: int = 3) -> list[Entry]:
    """Whom to meet first: those who fit, and with whom nothing has been begun."""
    return [entry for entry in entries(me) if entry.fit and entry.request is None][:number]


def to_answer(me: Participant) -> QuerySet[MeetingRequest]:
    """The requests that wait for my answer: others' to me, and what the organiser proposes."""
    asked = Q(to_participant=me) | Q(from_participant=me, by_organiser=True)
    return MeetingRequest.objects.filter(asked, status=RequestStatus.OPEN)


def live_requests(me: Participant) -> dict[int, MeetingRequest]:
    """What is open or agreed between me and others, by the other's id."""
    live = (RequestStatus.OPEN, RequestStatus.ACCEPTED)
    rows = MeetingRequest.objects.filter(
        Q(from_participant=me) | Q(to_participant=me), status__in=live
    )
    return {
        row.to_participant_id if row.from_participant_id == me.pk else row.from_participant_id: row
        for row in rows
    }


def _is_chosen(other: Participant, choice: Choice) -> bool:
    if choice.side and other.side != choice.side:
        return False
    if choice.chain and choice.chain not in other.chains:
        return False
    return not choice.words or says(_texts(other), choice.words)


def _texts(other: Participant) -> Iterable[str]:
    registration = other.registration
    return (
        registration.organisation_name,
        registration.name,
        registration.position,
        other.offers,
        other.seeks,
    )
