from django.core.management.base import BaseCommand

from search.query_log import KEEP_MONTHS, forget


class Command(BaseCommand):
    help = (
        f"Delete the counts of searches that are older than {KEEP_MONTHS} months; "
        "run it once a day."
    )

    def handle(self, *args, **options):
        count = forget()
        if options["verbosity"]:
            self.stdout.write(f"{count} rows deleted.")
