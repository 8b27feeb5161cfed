from django.core.management.base import BaseCommand

from policies.clauses.words import add_delivered
from policies.models import GateWord


class Command(BaseCommand):
    help = (
        "Adds the delivered words of the fairness gate that are missing; words that are there stay as "
        "publishers made them."
    )

    def handle(self, *args, **options):
        added = add_delivered(GateWord)
        if options["verbosity"]:
            self.stdout.write(f"Words of the gate: {added} added.")
