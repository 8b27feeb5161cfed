"""Who opens a page of the meetings: the signed link of a registration is the key, there is no session.

So the pages carry no CSRF token, as those of alerts (decision 0014): whoever knows the address may act,
and no foreign page knows it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.views import private
from events.choices import RegistrationStatus
from events.links import registration_of
from events.matchmaking.joining import is_over, round_of
from events.matchmaking.taking_part import agreed
from events.models import MeetingRound, Participant, Registration
from events.services.meetings_requests import may_be_asked


@dataclass(frozen=True)
class Visitor:
    """Whoever holds the link. `has_joined`: they are a participant, and their consent holds."""

    token: str
    registration: Registration
    round: MeetingRound
    me: Participant | None
    has_joined: bool

    @property
    def is_confirmed(self) -> bool:
        return self.registration.status == RegistrationStatus.CONFIRMED

    @property
    def takes_part(self) -> bool:
        """May see and be seen."""
        return self.has_joined and self.is_confirmed

    @property
    def is_over(self) -> bool:
        return is_over(self.registration)

    @property
    def may_ask(self) -> bool:
        return self.takes_part and may_be_asked(self.round)

    @property
    def sees_others(self) -> bool:
        """Where the organiser brings people together, nobody needs to see everybody."""
        return self.takes_part and self.round.asking == MeetingRound.Asking.PARTICIPANTS

    def address(self, view: str, *args, fragment: str = "main", query: str = "") -> str:
        """A page of this visitor's."""
        address = reverse(f"matchmaking:{view}", args=[self.token, *args])
        return f"{address}{f'?{query}' if query else ''}#{fragment}"

    def see_other(self, view: str, *args, **more) -> HttpResponse:
        return HttpResponse(status=303, headers={"Location": self.address(view, *args, **more)})


def visitor_of(token: str) -> Visitor:
    """Raises Http404 for a link that is none of ours, or of an event without meetings."""
    registration = registration_of(token)
    if registration is None or registration.is_anonymised:
        raise Http404
    meeting_round = round_of(registration)
    if meeting_round is None:
        raise Http404
    meeting_round.desk = registration.desk
    agrees = Exists(agreed(Participant.objects.filter(pk=OuterRef("pk"))))
    found = Participant.objects.filter(registration=registration).annotate(agrees=agrees)
    me = found.first()
    if me is not None:
        me.registration, me.round = registration, meeting_round
    return Visitor(token, registration, meeting_round, me, me is not None and me.agrees)


def signed_page(*methods: str) -> Callable:
    """A view that gets a Visitor in place of the token, and whose answer is kept by nobody."""

    def wrap(view: Callable) -> Callable:
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", *methods])
        @wraps(view)
        def opened(request: HttpRequest, token: str, **more) -> HttpResponse:
            return private(view(request, visitor_of(token), **more))

        return opened

    return wrap


def participants_page(*methods: str) -> Callable:
    """The same for those who take part; others are led to the page that says how to."""

    def wrap(view: Callable) -> Callable:
        @signed_page(*methods)
        @wraps(view)
        def opened(request: HttpRequest, visitor: Visitor, **more) -> HttpResponse:
            if not visitor.takes_part:
                return visitor.see_other("home")
            return view(request, visitor, **more)

        return opened

    return wrap
