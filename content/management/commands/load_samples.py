from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from content.files import ContentFileError
from content.loader import Loader, forget_samples
from content.sample_clauses import load_sample_clauses
from content.sample_desks import load_sample_desks
from content.sample_leads import load_sample_leads
from content.sample_series import load_sample_series


class Command(BaseCommand):
    help = "Loads the samples (sites, events, leads), each marked as one. Never under production settings."

    def add_arguments(self, parser):
        parser.add_argument(
            "--again", action="store_true", help="load them anew after remove_samples"
        )

    def handle(self, *args, **options):
        if not settings.SAMPLES_ALLOWED:
            raise CommandError("Samples are for trials; these settings do not allow them.")
        if options["again"]:
            forget_samples()
        load_sample_series()
        try:
            result = Loader("samples").load()
        except ContentFileError as error:
            raise CommandError(str(error)) from error
        leads = load_sample_leads() if result.created else 0
        clauses = load_sample_clauses() if result.created else 0
        desks = load_sample_desks()
        self.stdout.write(
            f"Samples: {result.created} pages, {clauses} clauses, {leads} leads and {desks} desks of "
            f"events created, {result.kept} kept."
        )
