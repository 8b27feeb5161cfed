"""Documents as tagged PDF (PDF/UA-1) or pictures, set by typst. Decision 0011 says why.

A template is a .typ file that reads all its words as data, `json(bytes(sys.inputs.data))`, so that
nothing of what people entered is ever read as markup.
"""

import json
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

import typst
from django.utils import timezone

from base.glyphs import font_folder, shown

# PDF/UA asks for tags, a title and a language, and refuses what has no sign.
STANDARD = "ua-1"


class TypesettingError(Exception):
    """typst can't set this; the message is its own, for the log."""


def typeset(
    template: Path,
    data: dict,
    *,
    form: str = "pdf",
    files: dict[str, bytes] | None = None,
    made_at: datetime | None = None,
    **options,
):
    """The template with the data, as bytes. Raises `TypesettingError`.

    `data` is anything that JSON can hold; signs that no font has become 〓 in all its texts.
    `files` are pictures by name, which the template reads with `image("name.svg")`. `made_at` is
    the file's own date (now). `form` and `options` go to typst: `form="png", ppi=72.0` gives
    pictures of the pages, a list when there are several.
    """
    if form == "pdf":
        options.setdefault("pdf_standards", STANDARD)
    with tempfile.TemporaryDirectory(prefix="typeset-") as folder:
        for name, content in (files or {}).items():
            (Path(folder) / name).write_bytes(content)
        try:
            return typst.compile(
                template.read_bytes(),
                root=folder,
                font_paths=_fonts(),
                format=form,
                sys_inputs={"data": json.dumps(all_shown(data), ensure_ascii=False)},
                timestamp=int((made_at or timezone.now()).timestamp()),
                **options,
            )
        except typst.TypstError as error:
            raise TypesettingError(error.message) from error


@cache
def _fonts() -> typst.Fonts:
    # Nothing of the machine: the same document looks the same wherever it is made.
    return typst.Fonts(include_system_fonts=False, font_paths=[str(font_folder())])


def all_shown(value):
    """All texts in a structure with signs that the fonts have."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {key: all_shown(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [all_shown(part) for part in value]
    return value
