"""What can go wrong with a subscription, in plain words for whoever asked."""

from django.utils.translation import gettext_lazy as _


class AlertError(Exception):
    """Base of all; `str(error)` is fit to be shown."""

    message = ""

    def __str__(self) -> str:
        return str(self.message)


class ConsentMissingError(AlertError):
    message = _("Without this tick we may not store your address.")


class FilterTooLongError(AlertError):
    message = _("These are more conditions than an alert can keep. Please choose fewer.")


class ConfirmationOverError(AlertError):
    message = _("The link has expired: it was good for 48 hours. Please subscribe again.")


class TooManyFiltersError(AlertError):
    message = _("You follow as many filters as an address can. Please end one of them first.")


class UnknownSubscriptionError(AlertError):
    message = _("There is no such subscription any more.")
