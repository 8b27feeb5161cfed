"""What can go wrong in running a desk, beside what `events.errors` has."""

from django.utils.translation import gettext_lazy as _

from events.errors import EventError


class NotAllowedError(EventError):
    message = _("Your role does not allow this.")


class DeskExistsError(EventError):
    """`desk` is the one that is there."""

    message = _("This event has a registration desk already.")

    def __init__(self, desk):
        super().__init__()
        self.desk = desk


class InUseError(EventError):
    message = _("Somebody has registered with this: it can be switched off, but not deleted.")


class DeskInUseError(EventError):
    message = _(
        "There are registrations or meetings at this desk. Close it, or withdraw the page: it can't "
        "be deleted."
    )


class LongerKeepingError(EventError):
    message = _("People have registered who were told of a shorter time: it can't be made longer.")
    field = "keep_days"


class ErasedError(EventError):
    message = _(
        "The personal data of this registration were erased; it can't be worked on any more."
    )


class ReasonMissingError(EventError):
    message = _("Say why: the reason is kept, and mailed if you mail it.")
    field = "note"


class MailOutdatedError(EventError):
    message = _("What this mail says is not true any more: it can't be sent again.")


class MailOnItsWayError(EventError):
    message = _("This mail is on its way already.")


class MailNowhereError(EventError):
    message = _("There is no e-mail address to write to.")


class CodesExistError(EventError):
    message = _("This code is there already.")
    field = "code"
