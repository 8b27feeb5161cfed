from django.core.management.base import BaseCommand

from content.loader import remove_samples
from content.sample_leads import remove_sample_leads


class Command(BaseCommand):
    help = "Takes away every sample page and sample lead."

    def handle(self, *args, **options):
        leads = remove_sample_leads()
        pages = remove_samples()
        self.stdout.write(f"Removed {pages} sample pages and {leads} sample leads.")
