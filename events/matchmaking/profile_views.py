"""The first page of somebody's meetings, and what they say about themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from crm.views import UNPROCESSABLE
from events.errors import EventError
from events.matchmaking import agenda, directory
from events.matchmaking.access import Visitor, participants_page, signed_page
from events.matchmaking.forms import AwayForm, ProfileForm, readable
from events.matchmaking.joining import join, leave, set_away
from events.matchmaking.notice import MeetingNotice, make_notice
from events.models import MeetingRound

# The tab that a page stands under.
TABS = {
    "times": "home",
    "leave": "home",
    "participant": "participants",
    "request": "requests",
    "meeting": "timetable",
    "meeting_off": "timetable",
}
# What a page may say of what has just been done.
DONE = ("joined", "saved", "left", "asked", "accepted", "declined", "withdrawn", "off", "noted")


def show(
    request: HttpRequest, template: str, visitor: Visitor, *, status: int = 200, **context
) -> HttpResponse:
    """A page of the meetings with what all of them show."""
    done = request.GET.get("done", "") if request.method != "POST" else ""
    context |= {
        "here": TABS.get(template, template),
        "current": "true" if template in TABS else "page",
        "visitor": visitor,
        "token": visitor.token,
        "event": visitor.registration.desk.page.localized,
        "done": done if done in DONE else "",
    }
    return render(request, f"events/matchmaking/{template}.html", context, status=status)


def show_error(form, error: EventError) -> None:
    """Put what a service refused to the field that it is about."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


@signed_page()
def home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What is waiting, what is planned, whom one might meet."""
    if not visitor.takes_part:
        return show(request, "waiting", visitor)
    me = visitor.me
    meetings = agenda.meetings_of(me)
    context = {
        "waiting": directory.to_answer(me).count(),
        "meetings": agenda.coming(meetings),
        "to_note": agenda.to_note(meetings),
        "suggestions": directory.suggestions(me) if visitor.may_ask and visitor.sees_others else [],
    }
    return show(request, "home", visitor, **context)


@signed_page("POST")
def profile(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Join, or change what was said."""
    if not visitor.registration.is_active or visitor.is_over:
        return visitor.see_other("home")
    notice = None if visitor.has_joined else make_notice(request, visitor.registration)
    if request.method != "POST":
        form = _profile_form(visitor, notice)
        return show(request, "profile", visitor, form=form, notice=notice)
    form = _profile_form(visitor, notice, readable(request.POST))
    if notice is not None and notice.notice.is_closed:
        form.add_error(None, gettext("The form is not open yet: the organiser is not named."))
    if form.is_valid():
        try:
            _join(visitor, form, notice)
        except EventError as error:
            show_error(form, error)
        else:
            return visitor.see_other("home", query=f"done={'joined' if notice else 'saved'}")
    context = {"form": form, "notice": notice}
    return show(request, "profile", visitor, status=UNPROCESSABLE, **context)


def _profile_form(visitor: Visitor, notice: MeetingNotice | None, data=None) -> ProfileForm:
    return ProfileForm(
        data,
        statement=notice.statement if notice else None if visitor.has_joined else "",
        has_list=visitor.round.asking == MeetingRound.Asking.PARTICIPANTS,
        initial=ProfileForm.initial_of(visitor.me if visitor.has_joined else None),
    )


def _join(visitor: Visitor, form: ProfileForm, notice: MeetingNotice | None) -> None:
    data = form.cleaned_data
    address = visitor.address("home").partition(visitor.token)[0]
    join(
        visitor.registration,
        side=data["side"],
        offers=data["offers"],
        seeks=data["seeks"],
        chains=data["chains"],
        is_listed=data.get("is_listed", False),
        consent=notice.given(address) if notice else None,
    )


@participants_page("POST")
def times(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """In which slots somebody has no time."""
    slots = visitor.round.slots.all()
    if request.method != "POST":
        initial = {"away": list(visitor.me.away.values_list("pk", flat=True))}
        return show(request, "times", visitor, form=AwayForm(slots=slots, initial=initial))
    form = AwayForm(readable(request.POST), slots=slots)
    if form.is_valid():
        try:
            set_away(visitor.me, form.cleaned_data["away"])
        except EventError as error:
            show_error(form, error)
        else:
            return visitor.see_other("home", query="done=saved")
    return show(request, "times", visitor, form=form, status=UNPROCESSABLE)


@signed_page("POST")
def leave_meetings(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say what leaving means, then leave: as easy as it was to join (PIPL article 15)."""
    if not visitor.has_joined:
        return visitor.see_other("home")
    if request.method != "POST":
        meetings = agenda.coming(agenda.meetings_of(visitor.me))
        return show(request, "leave", visitor, meetings=meetings)
    leave(visitor.registration)
    return visitor.see_other("home", query="done=left")
