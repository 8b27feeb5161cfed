"""What the site is called on papers and in mails."""

from django.utils.translation import gettext


def site_name() -> str:
    """The name in the active language; `WAGTAIL_SITE_NAME` is the admin's."""
    return gettext("Shangdang promotion window")
