from django.core.management.base import BaseCommand, CommandError

from content.files import ContentFileError
from content.loader import Loader


class Command(BaseCommand):
    help = "Loads the seed content. What was loaded once is never loaded again or overwritten."

    def handle(self, *args, **options):
        try:
            result = Loader("seed").load()
        except ContentFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Seed content: {result.created} pages created, {result.kept} kept.")
