"""What can go wrong in the services, in plain words for whoever asked. Views show the message."""

from django.utils.translation import gettext_lazy as _


class CrmError(Exception):
    """Base of all; `str(error)` is fit to be shown."""

    message = ""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else str(self.message)


class ContactMissingError(CrmError):
    message = _("Give a telephone number or an e-mail address, so that we can answer.")


class ConsentMissingError(CrmError):
    message = _("Without your consent we may not store the inquiry.")


class ScaleError(CrmError):
    message = _("The smallest scale is larger than the largest.")


class TooManyInquiriesError(CrmError):
    message = _(
        "A good many inquiries have come from your connection within the hour. What you wrote is "
        "still here; please send it again later, or call us."
    )


class StageError(CrmError):
    message = _("A lead can't go from this stage to that one.")


class ReasonMissingError(CrmError):
    message = _("Say why: a change of stage needs a reason.")


class OwnerMissingError(CrmError):
    message = _("Somebody must own the lead before it goes to this stage.")


class AlreadyOwnedError(CrmError):
    message = _("Somebody else has just taken this lead.")


class NotAllowedError(CrmError):
    message = _("Your role does not allow this.")


class NoteEmptyError(CrmError):
    message = _("The note is empty.")


class AnonymisedError(CrmError):
    message = _("The personal data of this lead has been erased; it can't be worked on any more.")


class ConsentAlreadyWithdrawnError(CrmError):
    message = _("This consent was withdrawn before.")
