from django.db.models import BooleanField, Func
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet


class NoneAbove(Func):
    """Of the path of a page: that none of the pages `which`, a condition in SQL, is it or stands above it.

    Written out, because nearly every read of pages asks it: building it by the ORM took longer than
    the rest of such a query and its answer. A path is digits and capitals, so nothing in it has to be
    escaped for LIKE.
    """

    output_field = BooleanField()
    arity = 1
    template = (
        "NOT EXISTS(SELECT 1 FROM {page} closed WHERE {which} "
        "AND %(expressions)s LIKE closed.path || '%%%%')"
    )

    def __init__(self, path: str, which: str):
        names = {
            "page": Page._meta.db_table,
            "restriction": PageViewRestriction._meta.db_table,
        }
        super().__init__(path, template=self.template.format(which=which.format(**names), **names))


# Asked for apart: with an OR between them the database would look through all pages for each row.
RESTRICTED = (
    NoneAbove(
        "path",
        "closed.translation_key IN (SELECT closing.translation_key FROM {page} closing "
        "WHERE closing.id IN (SELECT page_id FROM {restriction}))",
    ),
    NoneAbove("path", "closed.alias_of_id IN (SELECT page_id FROM {restriction})"),
)


def visible(pages: PageQuerySet) -> PageQuerySet:
    """Of `pages` those that anybody may read: live, and not below a view restriction.

    As Wagtail's `.live().public()`, which asks for all restrictions in a query of its own each
    time; here the database does it in one. And a page that is private in one language is private
    in all: a restriction holds for the translations of its page, and for its aliases, too.
    """
    return pages.filter(*RESTRICTED).live()


def listed(pages: PageQuerySet) -> PageQuerySet:
    """Visible pages with their pictures at hand: as many queries for thirty rows as for one."""
    return visible(pages).select_related("picture").prefetch_related("picture__renditions")
