from django.conf import settings
from django.core.management.base import BaseCommand

from base.catalogues import compile_catalogues


class Command(BaseCommand):
    help = "Compiles the interface catalogues (.po to .mo) without gettext's programs."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        compile_catalogues(settings.LOCALE_PATHS)
