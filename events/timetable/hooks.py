from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from events.timetable.admin import MeetingsViewSet

ACTIONS = {
    "round_create": (_("Begin meetings"), _("Began one-to-one meetings")),
    "round_change": (_("Change the rules"), _("Changed the rules of the round")),
    "tables_add": (_("Add tables"), _("Added tables")),
    "table_rename": (_("Rename a table"), _("Renamed a table")),
    "table_remove": (_("Remove a table"), _("Removed a table")),
    "slots_add": (_("Add time slots"), _("Added time slots")),
    "slot_move": (_("Change a time"), _("Changed the time of a slot")),
    "slot_remove": (_("Remove a time slot"), _("Removed a time slot")),
    "meeting_add": (_("Set a meeting"), _("Set a meeting by hand")),
    "meeting_move": (_("Move a meeting"), _("Moved a meeting")),
    "meeting_swap": (_("Exchange meetings"), _("Exchanged two meetings")),
    "meeting_cancel": (_("Cancel a meeting"), _("Cancelled a meeting")),
    "meeting_fix": (_("Fix a meeting"), _("Said whether the solver may move a meeting")),
    "meeting_mark": (_("Mark a meeting"), _("Said whether a meeting took place")),
    "slots_shift": (_("Move all times"), _("Moved all time slots")),
    "slots_keep": (_("Leave the times"), _("Left the time slots where they were")),
    "wish_end": (_("Withdraw a request"), _("Withdrew a request for a meeting")),
    "proposal_accept": (_("Accept a timetable"), _("Accepted a proposed timetable")),
    "proposal_discard": (_("Set a timetable aside"), _("Set a proposed timetable aside")),
    "timetable_tell": (_("Send the timetable"), _("Sent the timetable")),
    "timetable_print": (_("Print the timetable"), _("Opened the sheets to print, with names")),
    "timetable_export": (_("Export the timetable"), _("Exported the timetable, with names")),
}


@hooks.register("register_log_actions")
def register_planning_actions(actions):
    for name, (label, message) in ACTIONS.items():
        actions.register_action(f"events.{name}", label, message)


@hooks.register("register_admin_viewset")
def register_meetings_viewset():
    return MeetingsViewSet()
