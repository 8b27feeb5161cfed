"""Compiles the interface catalogues (.po to .mo) without gettext's programs."""

from collections.abc import Iterable
from pathlib import Path

import polib


def compile_catalogues(folders: Iterable[Path]) -> int:
    """Compile every catalogue below `folders` that is newer than what it was compiled to.

    Returns the number of catalogues compiled.
    """
    count = 0
    for folder in folders:
        for po in Path(folder).rglob("*.po"):
            mo = po.with_suffix(".mo")
            if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
                polib.pofile(str(po)).save_as_mofile(str(mo))
                count += 1
    return count
