"""What could not be done, said at the field that it is about."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.utils.translation import gettext

from crm.errors import TooManyInquiriesError
from crm.form_token import HastyTokenError, StaleTokenError
from crm.services import Count
from crm.views import TOO_MANY, UNPROCESSABLE
from events.errors import EventError

EXPLAINED = (
    EventError,
    HastyTokenError,
    StaleTokenError,
    TooManyInquiriesError,
    ValidationError,
)


def counting(address: str) -> Count:
    """The counting of one form of this address, which raises TooManyInquiriesError.

    Apart from inquiries and more generous: a whole delegation may sit behind one address.
    """
    return Count(address=f"events {address}", limit=settings.REGISTRATIONS_PER_HOUR)


def explain(form: Form, error: Exception) -> int:
    """Turn one of EXPLAINED into an error of the bound form; returns the answer's status."""
    if isinstance(error, TooManyInquiriesError):
        form.add_error(None, _too_many())
        return TOO_MANY
    if isinstance(error, EventError):
        form.add_error(error.field if error.field in form.fields else None, str(error))
    elif isinstance(error, ValidationError):
        form.add_error("phone", error)  # the one thing that only a service can read
    else:
        form.add_error(None, _stale() if isinstance(error, StaleTokenError) else _hasty())
    return UNPROCESSABLE


def _stale() -> str:
    return gettext(
        "The form had been open for too long, or was changed on its way. Nothing you "
        "wrote is lost: please send it again."
    )


def _hasty() -> str:
    return gettext("That was very quick. Please look it over and send it again.")


def _too_many() -> str:
    return gettext(
        "A good many forms have come from your connection within the hour. What you "
        "wrote is still here; please send it again later."
    )


def cookie_missing(form: Form) -> None:
    form.add_error(
        None,
        gettext(
            "The form could not be checked, because the browser did not send this site's cookie. "
            "Nothing you wrote is lost: please allow cookies and send it again."
        ),
    )
