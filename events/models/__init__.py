from .desk import FormField, InvitationCode, RegistrationDesk, SeatPool
from .door import CheckIn, Door
from .meetings import (
    Meeting,
    MeetingRequest,
    MeetingRound,
    MeetingSide,
    MeetingTable,
    Participant,
    TimeSlot,
)
from .pages import EventIndexPage, EventPage
from .proposal import TimetableProposal
from .registration import Attendee, EventConsent, EventMail, Registration, RegistrationLog
from .series import EventSeries

__all__ = [
    "Attendee",
    "CheckIn",
    "Door",
    "EventConsent",
    "EventIndexPage",
    "EventMail",
    "EventPage",
    "EventSeries",
    "FormField",
    "InvitationCode",
    "Meeting",
    "MeetingRequest",
    "MeetingRound",
    "MeetingSide",
    "MeetingTable",
    "Participant",
    "Registration",
    "RegistrationDesk",
    "RegistrationLog",
    "SeatPool",
    "TimeSlot",
    "TimetableProposal",
]
