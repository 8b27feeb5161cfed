"""The pictures of a document as files: photographs as JPEG, the site's own drawings as SVG or PNG."""

import contextlib
from functools import lru_cache

import typst

from base.drawings import Drawing, drawing_svg
from policies.official.layout import Block

# Pixels a centimetre at the width of the text, enough for paper.
SPEC = "max-1400x1400|format-jpeg"


def photograph(block: Block) -> bytes | None:
    """The block's photograph as JPEG; None when it has none or its file is gone."""
    if block.image is None:
        return None
    with contextlib.suppress(OSError):
        rendition = block.image.get_rendition(SPEC)
        with rendition.file.open("rb") as file:
            return file.read()
    return None


@lru_cache(maxsize=len(Drawing.values))
def drawing_png(code: str) -> bytes | None:
    """The same as PNG, which Word reads everywhere."""
    svg = drawing_svg(code)
    if svg is None:
        return None
    source = (
        "#set page(width: 900pt, height: 600pt, margin: 0pt)\n"
        f"#image(bytes({_quoted(svg.decode())}), width: 100%, height: 100%)"
    )
    return typst.compile(source.encode(), format="png", ppi=108.0)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
