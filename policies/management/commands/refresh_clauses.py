from django.core.management.base import BaseCommand

from policies.services.clauses import refresh_clauses


class Command(BaseCommand):
    help = (
        "Once a day: clauses that were changed past the desk become drafts, and the search forgets those "
        "that have ended."
    )

    def handle(self, *args, **options):
        done = refresh_clauses()
        if options["verbosity"]:
            self.stdout.write(f"Clauses: {done} brought up to date.")
