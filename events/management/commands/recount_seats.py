from django.core.management.base import BaseCommand, CommandError

from events.models import RegistrationDesk
from events.services import recount, seat_drift


class Command(BaseCommand):
    help = (
        "Compares the seats that are counted with those that are held; exit code 1 when they differ. "
        "With --mend sets the counts to what is registered."
    )

    def add_arguments(self, parser):
        parser.add_argument("--mend", action="store_true", help="set the counts right")

    def handle(self, *args, **options):
        found = seat_drift()
        for drift in found:
            self.stdout.write(
                f"{drift.pool.desk.page.slug}, pool {drift.pool.pk}: {drift.taken} taken, {drift.held} held"
            )
        if options["mend"]:
            desks = RegistrationDesk.objects.filter(pk__in={drift.pool.desk_id for drift in found})
            for desk in desks:
                recount(desk)
        elif found:
            raise CommandError("The seats don't add up.")
        if options["verbosity"] and not found:
            self.stdout.write("The seats add up.")
