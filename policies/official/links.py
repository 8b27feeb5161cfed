"""Where the links of a recorded text lead today, and which of its pictures and files may be shown.

A version remembers the ids of what it showed. Files and pictures are shown only while the page that
is public now has them: what was taken away may have been taken away for a reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from base.glyphs import clean
from base.models import CustomDocument, CustomImage
from base.page_links import shown_pages
from policies.official.content import Paragraph, read_body
from policies.official.words import Run


class Resolver:
    """Knows the targets of all paragraphs with one query for pages, files and pictures each.

    `images` has the pictures that may be shown, by id. `base` stands before addresses of this site.
    """

    def __init__(self, policy, paragraphs: Sequence[Paragraph], base: str = ""):
        self.base = base
        shown_now = read_body(policy.body.raw_data)
        wanted = _ids(paragraphs)
        now = _ids(shown_now)
        self.pages = shown_pages(wanted["page"]) if wanted["page"] else {}
        documents = wanted["document"] & now["document"]
        images = wanted["image"] & now["image"]
        self.documents = CustomDocument.objects.in_bulk(documents) if documents else {}
        self.images = (
            CustomImage.objects.prefetch_related("renditions").in_bulk(images) if images else {}
        )

    def resolve(self, paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
        """The paragraphs with addresses in place of ids; a link to what is not public is plain words.

        Links and files without any words left are dropped.
        """
        made = []
        for paragraph in paragraphs:
            cells = tuple(tuple(map(self._run, cell)) for cell in paragraph.cells)
            paragraph = replace(paragraph, cells=cells)
            if paragraph.kind not in ("link", "document") or paragraph.parts[0]:
                made.append(paragraph)
        return made

    def _run(self, run: Run) -> Run:
        kind, _, key = run.href.partition(":")
        if kind == "page":
            page = self.pages.get(int(key))
            if page is None:
                return replace(run, href="")
            return replace(run, text=run.text or page.title, href=f"{self.base}{page.url}")
        if kind == "document":
            document = self.documents.get(int(key))
            if document is None:
                return replace(run, href="")
            text = run.text or clean(document.title)
            return replace(run, text=text, href=f"{self.base}{document.url}")
        return run


def _ids(paragraphs: Iterable[Paragraph]) -> dict[str, set[int]]:
    ids: dict[str, set[int]] = {"page": set(), "document": set(), "image": set()}
    for paragraph in paragraphs:
        if isinstance(paragraph.image, int) and paragraph.image:
            ids["image"].add(paragraph.image)
        for cell in paragraph.cells:
            for run in cell:
                kind, _, key = run.href.partition(":")
                if kind in ids and key.isdecimal():
                    ids[kind].add(int(key))
    return ids
