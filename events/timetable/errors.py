"""What can go wrong while meetings are planned, in plain words for the officer."""

from django.utils.translation import gettext_lazy as _

from events.errors import ChoiceError, EventError, MoveError


class PlanningError(EventError):
    """Base of all that planning refuses."""


class RoundExistsError(PlanningError):
    message = _("There is a round of meetings for this event already.")


class NotOfThisRoundError(ChoiceError):
    message = _("This is not of this event (any more). Choose again.")


class PlaceTakenError(PlanningError):
    message = _("There is a meeting at this table at that time already.")
    field = "table"


class TwoPlacesError(PlanningError):
    """Somebody would be in two places at once."""

    message = _("One of the two has another meeting at that time.")
    field = "slot"


class MeetAlreadyError(PlanningError):
    message = _("These two have a meeting already.")
    field = "second"


class SamePersonError(PlanningError):
    message = _("A meeting needs two different participants.")
    field = "second"


class ConflictsError(PlanningError):
    """What speaks against it but can be overruled. `conflicts` are sentences."""

    message = _("Something speaks against it. Tick “all the same” to do it nevertheless.")
    field = "anyway"

    def __init__(self, conflicts: list[str]):
        super().__init__()
        self.conflicts = conflicts


class MeetingOverError(MoveError):
    message = _("The meeting was cancelled or has taken place meanwhile.")


class NotBegunError(MoveError):
    message = _("The meeting has not begun yet.")


class NotMovedError(MoveError):
    message = _("The time slots belong to the time of the event already.")


class SlotsOverlapError(PlanningError):
    message = _("Time slots may not overlap. There is one at that time already.")
    field = "starts_at"


class SlotOrderError(PlanningError):
    message = _("A time slot ends after it begins.")
    field = "ends_at"


class TooManyPlacesError(PlanningError):
    message = _("These are more than one round may have.")
    field = "number"


class PlaceUsedError(PlanningError):
    message = _("Meetings have taken place there: it can't be taken away any more.")


class NameTakenError(PlanningError):
    message = _("Another table has this name.")
    field = "name"


class NothingToPlanError(PlanningError):
    message = _("There is nothing to plan: set up tables and time slots first.")


class ProposalRunningError(PlanningError):
    message = _("A timetable is being worked out just now.")


class ProposalOverError(MoveError):
    message = _("This proposal was accepted or set aside meanwhile.")


class ProposalOutdatedError(PlanningError):
    message = _(
        "Since it was worked out somebody cancelled or changed something, so that it doesn't fit any more. "
        "Have a new timetable worked out."
    )


class NothingToTellError(PlanningError):
    message = _("There is no meeting in the timetable yet.")
