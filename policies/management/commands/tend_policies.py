from django.conf import settings
from django.core.management.base import BaseCommand

from policies.alerts.upkeep import tend_alerts
from policies.freshness.link_checks import check_links
from policies.importing.tending import tend_imports
from policies.record import effects
from policies.services.clauses import refresh_clauses

# One daily portion: so many links, and so many seconds at most, for the housekeeper has other work.
LINKS, SECONDS = 200, 120


class Command(BaseCommand):
    help = (
        "Lets what takes effect today change the validity of policies and sends the alerts that are due, "
        "looks after imports; with --daily also after clauses and, with LINK_CHECKS, links. Called by `housekeeping`."
    )

    def add_arguments(self, parser):
        parser.add_argument("--daily", action="store_true", help="what is done once a day, too")

    def handle(self, *args, **options):
        changed = effects.tend()
        tend_imports()
        if options["daily"]:
            refresh_clauses()
            if settings.LINK_CHECKS:
                check_links(limit=LINKS, seconds=SECONDS)
        sent = tend_alerts()
        if options["verbosity"]:
            self.stdout.write(
                f"Policies: the validity of {changed} pages changed, {sent.tried} alerts tried."
            )
