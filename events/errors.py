"""What can go wrong at an event's desk, in plain words for whoever asked; `str(error)` is fit to be shown."""

from django.utils.translation import gettext_lazy as _


class EventError(Exception):
    """Base of all. `field` names the field of the form that it is about, None the whole form."""

    message = ""
    field: str | None = None

    def __init__(self, message: str = "", *, field: str | None = None):
        super().__init__(message)
        self.text = message
        if field:
            self.field = field

    def __str__(self) -> str:
        return str(self.text or self.message)


class NotOpenError(EventError):
    message = _("Registration for this event is closed.")


class NotOpenYetError(NotOpenError):
    message = _("Registration for this event has not begun.")


class DeadlineOverError(NotOpenError):
    message = _("The deadline for this has passed.")


class ChoiceError(EventError):
    """Pools that don't go together, or are not of this event."""

    message = _("This can't be chosen.")


class InvitationError(EventError):
    message = _("This needs an invitation code, and the code is not valid (any more).")
    field = "invitation"


class TooManyError(EventError):
    message = _("More persons than one registration may bring.")
    field = "companions"


class ContactMissingError(EventError):
    message = _("Give a telephone number or an e-mail address, so that we can answer.")
    field = "email"


class ConsentMissingError(EventError):
    message = _("Without this tick we may not store what you wrote.")
    field = "consent_event"


class SoldOutError(EventError):
    """No seats and no waiting list. `pools` are those that are full."""

    message = _("All seats are taken.")

    def __init__(self, pools=(), message: str = ""):
        super().__init__(message)
        self.pools = list(pools)


class WaitingListFullError(SoldOutError):
    message = _("All seats are taken, and the waiting list is full.")


class AlreadyRegisteredError(EventError):
    """`registration` is the earlier one. Who asks may not be told anything about it but by mail."""

    message = _("There is a registration with this address already.")

    def __init__(self, registration):
        super().__init__()
        self.registration = registration


class MoveError(EventError):
    """The registration is not in a state in which this can be done; somebody may have been faster."""

    message = _("This can't be done any more: the registration has changed meanwhile.")


class OfferOverError(MoveError):
    message = _("The seat was held for you for a time that has passed.")
