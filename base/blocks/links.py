from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from base.page_links import addresses, known_pages


class LinkValue(blocks.StructValue):
    @property
    def href(self) -> str:
        """The page's address in the reader's language, or the address elsewhere; "" when not public."""
        page = self.get("page")
        if page is not None:
            return addresses([page.pk])[page.pk] or ""
        return self.get("url") or ""

    @property
    def is_external(self) -> bool:
        return self.get("page") is None

    @property
    def label(self) -> str:
        page = self.get("page")
        return self.get("title") or (page.title if page is not None else self.href)


class KnownPageChooserBlock(blocks.PageChooserBlock):
    """A page chooser that takes the pages which the request has looked up for its links anyway."""

    def bulk_to_python(self, values):
        known = known_pages()
        if all(value is None or value in known for value in values):
            return [known.get(value) for value in values]
        return super().bulk_to_python(values)

    class Meta:
        icon = "doc-empty-inverse"


class LinkBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Words of the link"), required=False, max_length=200)
    page = KnownPageChooserBlock(label=_("Page of this site"), required=False)
    url = blocks.URLBlock(label=_("Address elsewhere"), required=False)
    note = blocks.CharBlock(label=_("Note"), required=False, max_length=300)

    def clean(self, value):
        cleaned = super().clean(value)
        if bool(cleaned.get("page")) == bool(cleaned.get("url")):
            raise blocks.StructBlockValidationError(
                {"page": ValidationError(_("Give a page or an address, not both."))}
            )
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")
        value_class = LinkValue


class LinksBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(LinkBlock(), **kwargs)

    class Meta:
        icon = "link"
        label = _("Links")
        template = "components/blocks/links_block.html"
        description = _("Related pages and sources")
        preview_value = [
            {"title": "优化营商环境条例", "url": "https://www.gov.cn/", "note": "国务院"}
        ]


class DocumentItemBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    note = blocks.CharBlock(label=_("Note"), required=False, max_length=300)


class DocumentsBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(DocumentItemBlock(), **kwargs)

    class Meta:
        icon = "doc-full"
        label = _("Documents")
        template = "components/blocks/documents_block.html"
        preview_template = "components/blocks/documents_preview.html"
        description = _("Files to take away")
        preview_value = []
