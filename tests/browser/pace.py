"""A visitor who takes as long as a person: a form that comes back at once is taken for a program's."""

import math
import time

from django.core.signing import b62_decode

from crm.form_token import MIN_SECONDS


def read_the_form(page) -> None:
    """Wait until the form in the page has been shown for long enough; its token says since when."""
    shown_at = b62_decode(page.locator("[name=token]").last.input_value().split(":")[-2])
    # Django compares whole seconds of the token with the clock.
    left = shown_at + MIN_SECONDS - time.time()
    page.wait_for_timeout(max(0, math.ceil(left * 1000) + 50))
