"""Wagtail's command of this name, with the check before publishing that every other way has.

It stands before Wagtail's own, because `base` stands before `wagtail` in INSTALLED_APPS.
"""

from django.core.management.base import BaseCommand

from base.scheduled import publish_due, take_down_expired


class Command(BaseCommand):
    help = "Takes down pages whose time is over and publishes those whose time has come."

    def handle(self, *args, **options):
        down, up = take_down_expired(), publish_due()
        if options["verbosity"]:
            self.stdout.write(f"{down} taken down, {up} published")
