"""What a page type tells the search about itself, beside its words."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.fields import StreamField

# What Wagtail's admin keeps of a page, and what stands in the head of its own page alone.
NOT_LISTED = (
    "draft_title",
    "owner",
    "search_description",
    "live_revision",
    "latest_revision",
    "latest_revision_created_at",
    "has_unpublished_changes",
    "go_live_at",
    "expire_at",
    "expired",
    "locked",
    "locked_at",
    "locked_by",
)


class SearchableMixin:
    """How a page is sorted, filtered and marked in lists of results.

    A page type says what it has and leaves the rest. What is said here is written into the index
    whenever the page is indexed, so it must depend on the page's own fields.
    """

    # What it means to readers of this site, whatever they look for: 3 for the site's own pages and
    # national documents, less for those of a province (2) or of another city (1).
    search_rank: int = 3
    # The place it speaks for.
    search_place: str = ""
    # The modifier of the tag that shows `search_status`: `force`, `draft` or `void`.
    search_tone: str = ""

    # The last day on which `search_status` says "valid", where it ends by itself.
    search_valid_until: date | None = None

    @classmethod
    def search_kind(cls) -> str:
        """The code of the kind of page: `policy` for a PolicyPage, `section` for every column."""
        if getattr(cls, "column_type", ""):
            return "section"
        return cls._meta.model_name.removesuffix("page") or "page"

    @classmethod
    def search_listed(cls) -> QuerySet:
        """The pages of this type as a list of results needs them: without their texts.

        That of a statute is longer than the whole list, and the fields of the admin are half of all. A
        type may add what its result says.
        """
        texts = [field.name for field in cls._meta.fields if isinstance(field, StreamField)]
        return cls._default_manager.defer(*texts, *NOT_LISTED)

    @property
    def kind_label(self) -> str:
        """The kind in words, on cards and in search results."""
        return str(self._meta.verbose_name)

    def search_facets(self) -> dict[str, list[str]]:
        """The codes that results can be narrowed by: {name of a facet: codes} (`search.facets`)."""
        return {}

    @property
    def search_date(self) -> date | None:
        """The day that results are sorted by: the day of publication."""
        return timezone.localtime(self.pub_date).date() if self.pub_date else None

    @property
    def search_published(self) -> date | None:
        """The day of publication, where that is another one than the day it is known by."""
        return self.search_date

    @property
    def search_status(self) -> tuple[str, str, bool]:
        """Code and label of the state a reader must know, and whether the page can be relied on."""
        return "", "", True

    @property
    def search_facts(self) -> list[str]:
        """Short marks above the title of a result, such as a level or a document number."""
        return []
