"""Compiles the interface catalogues (.po to .mo) without gettext's programs."""

import os
from collections.abc import Iterable
from pathlib import Path

import polib
from django.utils.translation.reloader import translation_file_changed


def compile_catalogues(folders: Iterable[Path]) -> int:
    """Compile every catalogue below `folders` that is newer than what it was compiled to.

    Returns the number of catalogues compiled. This process reads them, too: the first `make run` fills the
    database in the one that compiles, and would write its untranslated words into the index.
    """
    count = 0
    for folder in folders:
        for po in Path(folder).rglob("*.po"):
            mo = po.with_suffix(".mo")
            if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
                # In one step: another process that starts now must not read half a catalogue.
                new = mo.with_suffix(f".mo.{os.getpid()}")
                polib.pofile(str(po)).save_as_mofile(str(new))
                new.replace(mo)
                translation_file_changed(None, mo)
                count += 1
    return count
