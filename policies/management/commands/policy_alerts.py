from django.core.management.base import BaseCommand

from policies.alerts.upkeep import tend_alerts


class Command(BaseCommand):
    help = (
        "Sees which policies are new or changed, sends the alerts that are due and what could not be "
        "sent before, erases what was not confirmed. Meant for every hour or more often."
    )

    def handle(self, *args, **options):
        done = tend_alerts()
        if options["verbosity"] > 0:
            self.stdout.write(
                f"{done.editions} editions, {done.digests} digests, {done.tried} mails tried, "
                f"{done.forgotten} unconfirmed subscriptions erased"
            )
