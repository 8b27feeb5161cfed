"""What can go wrong between those who meet, in plain words for whoever asked."""

from django.utils.translation import gettext_lazy as _

from events.errors import EventError, MoveError


class MatchmakingError(EventError):
    pass


class NoRoundError(MatchmakingError):
    message = _("There are no one-to-one meetings at this event.")


class RoundOverError(MatchmakingError):
    message = _("The event is over; this can't be changed any more.")


class NothingSaidError(MatchmakingError):
    message = _("Write what you offer or what you seek, so that others know why to meet you.")
    field = "offers"


class NotTakingPartError(MatchmakingError):
    message = _("This participant does not take part in the meetings (any more).")


class RequestsClosedError(MatchmakingError):
    message = _("Requests for meetings are not taken at this time.")


class SameParticipantError(MatchmakingError):
    message = _("A meeting needs two.")


class AskedBeforeError(MatchmakingError):
    message = _("There is a request between you two already.")


class TurnedDownError(MatchmakingError):
    message = _("This participant could not be won for a meeting before, and is not asked again.")


class TooManyOpenError(MatchmakingError):
    message = _("As many requests of yours wait for an answer as one participant may have.")


class EnoughMeetingsError(MatchmakingError):
    message = _("You have agreed to as many meetings as one participant may have.")


class OtherHasEnoughError(MatchmakingError):
    message = _("The other side has agreed to as many meetings as one participant may have.")


class RequestMoveError(MatchmakingError, MoveError):
    message = _("This request has been answered, withdrawn or has run out meanwhile.")


class MeetingMoveError(MatchmakingError, MoveError):
    message = _("This meeting has begun or was cancelled meanwhile.")


class InMeetingError(MatchmakingError):
    message = _("In one of these times you have a meeting. Turn the meeting down first.")
    field = "away"


class OutcomeMissingError(MatchmakingError):
    message = _("Choose what came of the meeting.")
    field = "outcome"


class RatingError(MatchmakingError):
    message = _("A rating is a number from 1 to 5.")
    field = "rating"


class OutcomeClosedError(MatchmakingError):
    message = _("What came of a meeting is noted from its beginning until two weeks after it.")
