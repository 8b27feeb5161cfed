"""Telephone numbers as people type them: understood, kept in one form, and masked."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOME_REGION = "CN"
MAINLAND_DIGITS = 11
MAX_LENGTH = 40

_LOOKS_MAINLAND_MOBILE = re.compile(r"(?:\+?86)?(1\d*)\Z")


def normalise_phone(typed: str) -> str:
    """Return `typed` in the form +8613800000000.

    Mainland mobile and fixed numbers may come without the country code, all others need it.
    Raises ValidationError with words for the person who typed it.
    """
    digits = _LOOKS_MAINLAND_MOBILE.match(re.sub(r"[^\d+]", "", typed))
    try:
        number = phonenumbers.parse(typed, HOME_REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and (
        phonenumbers.is_valid_number(number)
        or (number.country_code != 86 and phonenumbers.is_possible_number(number))
    ):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if digits and len(digits[1]) != MAINLAND_DIGITS:
        count = len(digits[1])
        raise ValidationError(
            ngettext(
                "A mobile number of mainland China has 11 digits; this one has %(count)d.",
                "A mobile number of mainland China has 11 digits; this one has %(count)d.",
                count,
            )
            % {"count": count},
            code="phone_length",
        )
    raise ValidationError(
        _(
            "We can't read this as a telephone number. Outside mainland China begin with + and the "
            "country code, for example +852 2345 6789."
        ),
        code="phone",
    )
