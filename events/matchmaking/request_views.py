"""The list of the others, asking them, answering them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from base.chains import Chain
from crm.views import UNPROCESSABLE
from events.choices import RequestStatus, Side
from events.errors import EventError
from events.matchmaking import directory
from events.matchmaking.access import Visitor, participants_page
from events.matchmaking.fit import Profile, fit
from events.matchmaking.forms import AnswerForm, AskForm, readable
from events.matchmaking.notices import other_of
from events.matchmaking.profile_views import show, show_error
from events.matchmaking.taking_part import shown_to, taking_part
from events.models import MeetingRequest, Participant
from events.services.meetings_requests import answer, ask, between, may_withdraw, withdraw

PER_PAGE = 20


@participants_page()
def participants(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Those who take part and are in the list, the best fit first."""
    if not visitor.sees_others:
        return visitor.see_other("home")
    choice = directory.Choice.read(request.GET)
    found = directory.entries(visitor.me, choice)
    context = {
        "choice": choice,
        "pages": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "sides": Side.choices,
        "chains": Chain.choices,
    }
    return show(request, "participants", visitor, **context)


@participants_page("POST")
def participant(request: HttpRequest, visitor: Visitor, pk: int) -> HttpResponse:
    """One of the others, and the form that asks them for a meeting."""
    other = _other(visitor, pk)
    form = AskForm(readable(request.POST)) if request.method == "POST" else AskForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = ask(
                from_participant=visitor.me,
                to_participant=other,
                message=form.cleaned_data["message"],
            )
        except EventError as error:
            show_error(form, error)
        else:
            done = "accepted" if made.status == RequestStatus.ACCEPTED else "asked"
            return visitor.see_other("requests", query=f"done={done}")
    live = directory.live_requests(visitor.me).get(other.pk)
    context = {
        "entry": directory.Entry(other, fit(Profile.of(visitor.me), Profile.of(other)), live),
        "form": form,
    }
    status = UNPROCESSABLE if form.errors else 200
    return show(request, "participant", visitor, status=status, **context)


def _other(visitor: Visitor, pk: int) -> Participant:
    """Somebody of the list, or with whom something was begun. Raises Http404."""
    if visitor.sees_others:
        found = shown_to(visitor.me).filter(pk=pk).first()
        if found is not None:
            return found
    found = (
        taking_part(visitor.round)
        .exclude(pk=visitor.me.pk)
        .select_related("registration")
        .filter(pk=pk)
        .first()
    )
    if found is None or not between(visitor.me, found).exists():
        raise Http404
    return found


@participants_page()
def requests(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What others ask, what was asked, what became of it."""
    rows = [_row(visitor, found) for found in _own(visitor).order_by("-pk")]
    context = {
        "to_answer": [row for row in rows if row["may_answer"]],
        "open": [row for row in rows if row["request"].status == "open" and not row["may_answer"]],
        "agreed": [row for row in rows if row["request"].status == "accepted"],
        "ended": [row for row in rows if row["request"].status not in ("open", "accepted")],
    }
    return show(request, "requests", visitor, **context)


def _own(visitor: Visitor):
    """The requests of somebody, from and to them."""
    me = visitor.me
    return (me.asked.all() | me.asked_by.all()).select_related(
        "from_participant__registration", "to_participant__registration"
    )


def _row(visitor: Visitor, found: MeetingRequest) -> dict:
    mine = found.from_participant_id == visitor.me.pk
    return {
        "request": found,
        "other": other_of(found, visitor.me),
        "is_mine": mine and not found.by_organiser,
        "may_answer": found.status == RequestStatus.OPEN and (not mine or found.by_organiser),
    }


@participants_page("POST")
def meeting_request(request: HttpRequest, visitor: Visitor, pk: int) -> HttpResponse:
    """One request: what was written, and the buttons for yes, no and taking it back."""
    found = _own(visitor).filter(pk=pk).first()
    if found is None:
        raise Http404
    found.round = visitor.round
    form = AnswerForm(readable(request.POST)) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        try:
            done = _act(request.POST.get("action", ""), visitor, found, form.cleaned_data["text"])
        except EventError as error:
            show_error(form, error)
            found.refresh_from_db(fields=["status", "answer", "answered_at"])
        else:
            return visitor.see_other("requests", query=f"done={done}" if done else "")
    context = {
        "row": _row(visitor, found),
        "form": form,
        "may_withdraw": may_withdraw(found, visitor.me),
    }
    return show(
        request, "request", visitor, status=UNPROCESSABLE if form.errors else 200, **context
    )


def _act(action: str, visitor: Visitor, found: MeetingRequest, text: str) -> str:
    """Do what a button says; what is none of ours is passed over."""
    if action in ("accept", "decline"):
        answer(found, participant=visitor.me, accepts=action == "accept", text=text)
        return "accepted" if action == "accept" else "declined"
    if action == "withdraw":
        withdraw(found, participant=visitor.me, text=text)
        return "withdrawn"
    return ""
