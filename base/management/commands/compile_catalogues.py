from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compiles the interface catalogues (.po to .mo) without gettext's programs."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        for folder in settings.LOCALE_PATHS:
            for po in Path(folder).rglob("*.po"):
                mo = po.with_suffix(".mo")
                if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
                    polib.pofile(str(po)).save_as_mofile(str(mo))
