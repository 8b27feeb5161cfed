from django.core.management.base import BaseCommand

from content.loader import remove_samples
from content.sample_clauses import remove_sample_clauses
from content.sample_desks import remove_sample_desks
from content.sample_leads import remove_sample_leads
from content.sample_series import remove_sample_series


class Command(BaseCommand):
    help = "Takes away every sample page, sample clause, sample lead and all at the desks of sample events."

    def handle(self, *args, **options):
        leads = remove_sample_leads()
        clauses = remove_sample_clauses()
        desks = remove_sample_desks()
        pages = remove_samples()
        remove_sample_series()
        self.stdout.write(
            f"Removed {pages} sample pages, {clauses} sample clauses, {leads} sample leads and "
            f"{desks} desks of sample events."
        )
