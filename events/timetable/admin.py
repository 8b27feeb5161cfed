"""The addresses of planning in the admin, below the desk of the event."""

from django.urls import path
from wagtail.admin.viewsets.base import ViewSet

from events.timetable import meeting_screens as meeting
from events.timetable import papers
from events.timetable import people_screens as people
from events.timetable import place_screens as place
from events.timetable import proposal_screens as proposal
from events.timetable.screens import RulesView, TimetableView


class MeetingsViewSet(ViewSet):
    """It stands in no menu: the desk of each event leads here."""

    name = "meetings"
    url_prefix = "events/meetings"
    icon = "group"

    def get_urlpatterns(self):
        return [path(f"<int:desk_id>/{address}", view, name=name) for address, view, name in VIEWS]


VIEWS = (
    ("", TimetableView.as_view(), "timetable"),
    ("rules/", RulesView.as_view(), "rules"),
    ("places/", place.PlacesView.as_view(), "places"),
    ("places/tables/", place.AddTablesView.as_view(), "add_tables"),
    ("places/slots/", place.AddSlotsView.as_view(), "add_slots"),
    ("places/shift/", place.ShiftSlotsView.as_view(), "shift_slots"),
    ("places/keep/", place.KeepSlotsView.as_view(), "keep_slots"),
    ("table/<int:pk>/", place.TableView.as_view(), "table"),
    ("table/<int:pk>/remove/", place.RemoveTableView.as_view(), "remove_table"),
    ("slot/<int:pk>/", place.SlotView.as_view(), "slot"),
    ("slot/<int:pk>/remove/", place.RemoveSlotView.as_view(), "remove_slot"),
    ("people/", people.PeopleView.as_view(), "people"),
    ("people/add/", people.JoinView.as_view(), "join"),
    ("people/<int:pk>/", people.ParticipantView.as_view(), "participant"),
    ("people/<int:pk>/leave/", people.LeaveView.as_view(), "leave"),
    ("wishes/", people.WishesView.as_view(), "wishes"),
    ("wishes/<int:pk>/end/", people.EndWishView.as_view(), "end_wish"),
    ("meeting/add/", meeting.AddMeetingView.as_view(), "add_meeting"),
    ("meeting/<int:pk>/", meeting.MeetingView.as_view(), "meeting"),
    ("meeting/<int:pk>/move/", meeting.MoveMeetingView.as_view(), "move"),
    ("meeting/<int:pk>/swap/", meeting.SwapMeetingView.as_view(), "swap"),
    ("meeting/<int:pk>/cancel/", meeting.CancelMeetingView.as_view(), "cancel"),
    ("meeting/<int:pk>/fix/", meeting.FixMeetingView.as_view(), "fix"),
    ("meeting/<int:pk>/mark/", meeting.MarkMeetingView.as_view(), "mark"),
    ("propose/", proposal.ProposeView.as_view(), "propose"),
    ("proposal/<int:pk>/", proposal.ProposalView.as_view(), "proposal"),
    ("proposal/<int:pk>/accept/", proposal.AcceptView.as_view(), "accept"),
    ("proposal/<int:pk>/discard/", proposal.DiscardView.as_view(), "discard"),
    ("tell/", proposal.TellView.as_view(), "tell"),
    ("sheets/tables/", papers.SheetsView.as_view(by="table"), "table_sheets"),
    ("sheets/people/", papers.SheetsView.as_view(by="person"), "person_sheets"),
    ("timetable.xlsx", papers.WorkbookView.as_view(), "workbook"),
)
