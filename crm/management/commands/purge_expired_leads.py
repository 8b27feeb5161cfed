from django.core.management.base import BaseCommand

from crm.services import forget_old_counts, purge_expired


class Command(BaseCommand):
    help = "Erase the personal data of leads whose time is over; run it once a day from a timer."

    def handle(self, *args, **options):
        count = purge_expired()
        forget_old_counts()
        if options["verbosity"]:
            self.stdout.write(f"Personal data of {count} leads erased.")
