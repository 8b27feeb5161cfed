from django.core.management.base import BaseCommand

from policies.importing.tending import tend_imports


class Command(BaseCommand):
    help = (
        "Ends imports of policies whose worker was killed and deletes files that are a week old: "
        "for the daily round."
    )

    def handle(self, *args, **options):
        tend_imports()
