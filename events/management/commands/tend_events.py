from django.core.management.base import BaseCommand

from events.tending import tend


class Command(BaseCommand):
    help = (
        "Ends offers whose time is over, passes seats on, sends mails and reminders; with --daily also "
        "erases what has outlived its time. Called by `housekeeping`."
    )

    def add_arguments(self, parser):
        parser.add_argument("--daily", action="store_true", help="what is done once a day, too")

    def handle(self, *args, **options):
        done = tend(daily=options["daily"])
        if options["verbosity"]:
            self.stdout.write("Events: " + ", ".join(f"{name} {n}" for name, n in done.items()))
