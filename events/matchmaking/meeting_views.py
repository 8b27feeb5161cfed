"""A participant's own timetable, and what they say of a meeting afterwards."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext

from crm.views import UNPROCESSABLE
from events.errors import EventError
from events.matchmaking import agenda
from events.matchmaking.access import Visitor, participants_page
from events.matchmaking.forms import AnswerForm, OutcomeForm, readable
from events.matchmaking.profile_views import show, show_error
from events.services.meetings_requests import turn_down
from events.services.outcomes import note_outcome


@participants_page()
def timetable(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """When, where and whom."""
    days = agenda.by_day(agenda.meetings_of(visitor.me))
    return show(request, "timetable", visitor, days=days)


@participants_page()
def timetable_ics(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The same for a calendar."""
    title = gettext("One-to-one meeting: ")
    body = agenda.calendar(visitor.me, visitor.token, title=title, language=get_language())
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="one-to-one.ics"'},
    )


def _own_meeting(visitor: Visitor, pk: int) -> agenda.Item:
    """Raises Http404 for a meeting of others."""
    item = agenda.one(visitor.me, pk)
    if item is None:
        raise Http404
    item.meeting.round = visitor.round
    return item


@participants_page("POST")
def meeting(request: HttpRequest, visitor: Visitor, pk: int) -> HttpResponse:
    """How a meeting was: rating, outcome and a note that the other side never sees."""
    item = _own_meeting(visitor, pk)
    if request.method != "POST":
        side = item.side
        initial = {"outcome": side.outcome, "rating": side.rating or "", "note": side.note}
        return show(request, "meeting", visitor, item=item, form=OutcomeForm(initial=initial))
    form = OutcomeForm(readable(request.POST))
    if form.is_valid():
        try:
            note_outcome(item.side, **form.cleaned_data)
        except EventError as error:
            show_error(form, error)
        else:
            return visitor.see_other("timetable", query="done=noted")
    return show(request, "meeting", visitor, item=item, form=form, status=UNPROCESSABLE)


@participants_page("POST")
def meeting_off(request: HttpRequest, visitor: Visitor, pk: int) -> HttpResponse:
    """Turn a planned meeting down, after one more question."""
    item = _own_meeting(visitor, pk)
    form = AnswerForm(readable(request.POST)) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        try:
            turn_down(item.meeting, participant=visitor.me, text=form.cleaned_data["text"])
        except EventError as error:
            show_error(form, error)
        else:
            return visitor.see_other("timetable", query="done=off")
    status = UNPROCESSABLE if form.errors else 200
    return show(request, "meeting_off", visitor, item=item, form=form, status=status)
