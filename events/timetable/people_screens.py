"""Participants and wanted meetings in the admin: what the officer enters for somebody."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from crm.form_context import handler_name
from crm.models import ConsentText
from crm.services import GivenConsent
from events.choices import RequestStatus
from events.errors import EventError
from events.matchmaking.joining import join, leave, set_away
from events.matchmaking.taking_part import taking_part
from events.models import MeetingRequest, Participant, Registration
from events.services.meetings_requests import ask
from events.services.wishes import end_wish
from events.timetable.forms import JoinForm, ProfileForm, WishForm, people
from events.timetable.grid import live_meetings, unplaced
from events.timetable.loading import load, pair
from events.timetable.screens import PlanningMixin, ServiceView, row_or_404

PROFILE = ("side", "offers", "seeks", "chains", "is_listed")


class PeopleView(PlanningMixin, TemplateView):
    template_name = "events/timetable/people.html"
    page_title = _("Participants")
    current = "people"

    def get_context_data(self, **kwargs) -> dict:
        meeting_round = self.meeting_round
        there = set(taking_part(meeting_round).values_list("pk", flat=True))
        wanted: dict[int, int] = {}
        for wish in load(meeting_round).problem.wishes:
            for person in (wish.a, wish.b):
                wanted[person] = wanted.get(person, 0) + 1
        rows = people(meeting_round).annotate(
            meetings=Count("meeting_sides", filter=Q(meeting_sides__is_live=True), distinct=True),
            times_away=Count("away", distinct=True),
        )
        return super().get_context_data(
            people=[
                {"one": one, "wanted": wanted.get(one.pk, 0), "is_there": one.pk in there}
                for one in rows
            ],
            **kwargs,
        )


class ParticipantView(ServiceView):
    """What somebody said of themselves, changed by the officer on their behalf."""

    form_class = ProfileForm
    template_name = "events/timetable/participant.html"
    page_title = _("Participant")
    done = _("The participant is saved.")
    current = "people"

    @cached_property
    def participant(self) -> Participant:
        rows = self.meeting_round.participants.select_related("registration__desk__page", "round")
        return row_or_404(rows, self.kwargs["pk"])

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"meeting_round": self.meeting_round}

    def get_initial(self) -> dict:
        one = self.participant
        away = list(one.away.values_list("pk", flat=True))
        return {name: getattr(one, name) for name in PROFILE} | {"away": away}

    def act(self, form: ProfileForm) -> Participant:
        data = form.cleaned_data
        profile = {name: data[name] for name in PROFILE}
        one = join(self.participant.registration, actor=self.request.user, **profile)
        if "away" in data:
            set_away(one, data["away"])
        return one

    def get_next(self, result) -> HttpResponse:
        return self.to("people")

    def get_page_title(self) -> str:
        return f"{self.page_title} · {self.participant}"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(participant=self.participant, **kwargs)


class JoinView(ServiceView):
    """Somebody who is registered, entered by the officer."""

    form_class = JoinForm
    page_title = _("Add a participant")
    button = _("Add the participant")
    done = _("The participant is added.")
    current = "people"

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"meeting_round": self.meeting_round}

    def act(self, form: JoinForm) -> Participant:
        data = form.cleaned_data
        registration = data["registration"]
        consent = self._paper(registration) if data["consent"] else None
        profile = {name: data[name] for name in PROFILE}
        one = join(registration, consent=consent, actor=self.request.user, **profile)
        if data.get("away"):
            set_away(one, data["away"])
        return one

    def _paper(self, registration: Registration) -> GivenConsent | None:
        """The wording of today in the language of the registration, as it was agreed to on paper."""
        text = ConsentText.objects.current(registration.language).get("meeting")
        if text is None:
            return None
        with translation.override(registration.language):
            return GivenConsent(
                text=text, shown_text=text.shown(handler=handler_name(self.request))
            )

    def get_next(self, result) -> HttpResponse:
        return self.to("people")


class LeaveView(PlanningMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int, pk: int) -> HttpResponse:
        rows = self.meeting_round.participants.select_related("registration")
        leave(row_or_404(rows, pk).registration, actor=request.user)
        text = gettext("Taken out. Meetings are cancelled, and the other sides are told.")
        messages.success(request, text)
        return self.to("people")


class WishesView(ServiceView):
    """All requests with what became of them, and the form by which the organiser asks."""

    form_class = WishForm
    template_name = "events/timetable/wishes.html"
    page_title = _("Wanted meetings")
    button = _("Propose the meeting")
    done = _("Both are asked. The solver plans the meeting unless one of them says no.")
    current = "wishes"

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"meeting_round": self.meeting_round}

    def act(self, form: WishForm) -> MeetingRequest:
        data = form.cleaned_data
        return ask(
            from_participant=data["first"],
            to_participant=data["second"],
            message=data["message"],
            actor=self.request.user,
        )

    def get_next(self, result) -> HttpResponse:
        return self.to("wishes")

    def get_context_data(self, **kwargs) -> dict:
        state = self.request.GET.get("state", "")
        requests = self.meeting_round.requests.select_related(
            "from_participant__registration", "to_participant__registration"
        )
        counts = dict(requests.order_by().values_list("status").annotate(n=Count("pk")))
        if state in RequestStatus.values:
            requests = requests.filter(status=state)
        loaded = load(self.meeting_round)
        places = {
            pair(*[side.participant_id for side in meeting.sides.all()][:2]): meeting
            for meeting in live_meetings(self.meeting_round)
            if len(meeting.sides.all()) == 2
        }
        why = {row.request: row.why for row in unplaced(self.meeting_round, loaded)}
        rows = [
            {
                "request": request,
                "meeting": places.get(pair(request.from_participant_id, request.to_participant_id)),
                "why": why.get(request.pk, ""),
                "is_live": request.status in (RequestStatus.OPEN, RequestStatus.ACCEPTED),
            }
            for request in requests
        ]
        tabs = [
            {"value": v, "label": label, "count": counts[v], "current": v == state}
            for v, label in RequestStatus.choices
            if v in counts
        ]
        return super().get_context_data(rows=rows, tabs=tabs, state=state, **kwargs)


class EndWishView(PlanningMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int, pk: int) -> HttpResponse:
        wish = row_or_404(self.meeting_round.requests, pk)
        try:
            end_wish(request=wish, actor=request.user)
        except EventError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, gettext("The request is withdrawn, and both are told."))
        return self.to("wishes")
