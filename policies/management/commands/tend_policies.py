from django.core.management.base import BaseCommand

from policies.effects import tend


class Command(BaseCommand):
    help = "Lets what takes effect today change the validity of policies: called by `housekeeping`."

    def handle(self, *args, **options):
        changed = tend()
        if options["verbosity"]:
            self.stdout.write(f"Policies: the validity of {changed} pages changed.")
