from django.core.management.base import BaseCommand

from crm.services import deliver_pending


class Command(BaseCommand):
    help = "Send what the outbox still holds; run it at start and every few minutes from a timer."

    def handle(self, *args, **options):
        count = deliver_pending()
        if options["verbosity"]:
            self.stdout.write(f"{count} deliveries tried.")
