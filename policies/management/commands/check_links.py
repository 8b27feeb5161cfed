from django.core.management.base import BaseCommand

from policies.freshness.link_checks import check_links


class Command(BaseCommand):
    help = (
        "Tries a portion of the links of policies that are due, politely, and notes which are dead. "
        "Meant for a daily run or for several small ones."
    )

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=200, help="links at most (200)")
        parser.add_argument("--seconds", type=float, default=240, help="seconds at most (240)")

    def handle(self, *args, **options):
        done = check_links(limit=options["limit"], seconds=options["seconds"])
        if options["verbosity"] > 0:
            self.stdout.write(
                f"{done.pages_read} pages read, {done.tried} links tried, {done.failed} failed"
            )
        if done.is_offline:
            self.stderr.write("No server could be reached: nothing was noted.")
