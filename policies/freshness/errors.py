"""What can go wrong when a policy is confirmed, in plain words."""

from django.utils.translation import gettext_lazy as _


class FreshnessError(Exception):
    """Base of all; `str(error)` is fit to be shown."""

    message = ""

    def __str__(self) -> str:
        return str(self.message)


class CheckNotAllowedError(FreshnessError):
    message = _("Your role does not allow this.")


class CheckInFutureError(FreshnessError):
    message = _("The day of the check lies in the future.")


class CheckOutdatedError(FreshnessError):
    message = _("The document has been checked on a later day already.")


class CheckBeforePublishingError(FreshnessError):
    message = _("The document is not published; there is nothing to confirm yet.")
