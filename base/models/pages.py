from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from base.blocks import BodyStreamBlock
from base.drawings import drawing_choices
from base.fields import BodyField
from base.models.searchable import SearchableMixin
from base.page_links import preload
from base.plates import Plate
from base.publish_check import Problem, PublishCheckForm, PublishCheckPanel
from base.slugs import ascii_slug


class ListingMixin(models.Model):
    """How a page shows itself elsewhere: in lists, in search results, when it is shared."""

    summary = models.TextField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("Stands below the title and in lists"),
    )
    illustration = models.CharField(
        _("drawing"),
        max_length=30,
        blank=True,
        choices=drawing_choices,
        help_text=_("Shown, and labelled as a drawing, as long as there is no photograph"),
    )
    picture = models.ForeignKey(
        "base.CustomImage",
        verbose_name=_("photograph"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    share_image = models.ForeignKey(
        "base.CustomImage",
        verbose_name=_("share picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown when the page is shared; empty: the photograph"),
    )
    keywords = models.CharField(
        _("keywords"), max_length=200, blank=True, help_text=_("Separated by commas")
    )
    is_sample = models.BooleanField(
        _("sample"),
        default=False,
        help_text=_("Made up for a trial: marked as a sample wherever it appears"),
    )

    class Meta:
        abstract = True

    @cached_property
    def plate(self) -> Plate | None:
        return Plate.of(image=self.picture, drawing=self.illustration)


class SourceMixin(models.Model):
    """Where an article comes from, and when this site published it."""

    source_name = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    source_on = models.DateField(_("date of the source"), null=True, blank=True)
    displayed_at = models.DateTimeField(
        _("displayed publication time"),
        null=True,
        blank=True,
        help_text=_("Empty: the time of first publishing. It can't be set back."),
    )

    class Meta:
        abstract = True

    @property
    def pub_date(self) -> datetime | None:
        """The publication time that readers, feeds and the meta tag PubDate are given."""
        times = [at for at in (self.displayed_at, self.first_published_at) if at]
        return max(times) if times else None


class BasePage(SearchableMixin, ListingMixin, SourceMixin, Page):
    """What every page of the site is made of.

    `column_type` makes a page a column (栏目) in the sense of 国办发〔2017〕47号 and gives the
    value of its `ColumnType` tag; pages without it are articles.
    """

    column_type = ""
    requires_source = True
    base_form_class = PublishCheckForm

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("illustration"), FieldPanel("picture")], heading=_("Picture")),
    ]
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("keywords"),
                FieldPanel("share_image"),
            ],
            heading=_("For search engines and sharing"),
        ),
        MultiFieldPanel([FieldPanel("show_in_menus")], heading=_("Menu")),
        PublishCheckPanel(),
    ]
    source_panels = [
        MultiFieldPanel(
            [
                FieldPanel("source_name"),
                FieldPanel("source_url"),
                FieldPanel("source_on"),
                FieldPanel("displayed_at"),
            ],
            heading=_("Source and date"),
        )
    ]
    settings_panels = [*Page.settings_panels, FieldPanel("is_sample")]

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("keywords"),
        index.FilterField("is_sample"),
    ]
    override_translatable_fields = [
        SynchronizedField("slug"),
        SynchronizedField("illustration"),
        SynchronizedField("source_url"),
        SynchronizedField("is_sample"),
        TranslatableField("source_name"),
    ]

    class Meta:
        abstract = True

    def _set_core_field_defaults(self):
        """Give Chinese titles and typed Chinese slugs a pinyin address.

        Wagtail's own method, which runs before every saving, would keep the characters or, asked
        for ASCII, drop them.
        """
        if self.path and not (self.slug and self.slug.isascii()):
            slug = ascii_slug(self.slug or self.title)
            if slug:
                self.slug = self._get_autogenerated_slug(slug)
        super()._set_core_field_defaults()

    def clean(self):
        super().clean()
        if not self.displayed_at:
            return
        # A false publication date is a ground for rejecting a whole site (国办秘函〔2019〕19号).
        if self.displayed_at > timezone.now():
            raise ValidationError({"displayed_at": _("The publication time lies in the future.")})

    def publish_problems(self) -> list[Problem]:
        """What keeps the page from being published, in the order of the form."""
        problems = []
        # Not in `clean`, which runs again while a page is published for the first time.
        first = self.first_published_at
        if first and self.displayed_at and self.displayed_at < first:
            problems.append(
                Problem(
                    "displayed_at",
                    gettext(
                        "The page was first published later than this. Give the date of an "
                        "older original as the date of the source."
                    ),
                )
            )
        if not self.summary.strip():
            problems.append(Problem("summary", gettext("The summary is missing.")))
        if not self.search_description.strip():
            problems.append(
                Problem("search_description", gettext("The description for search is missing."))
            )
        if self.requires_source and not self.source_name.strip():
            problems.append(Problem("source_name", gettext("The source is missing.")))
        return problems

    def publish_warnings(self) -> list[Problem]:
        """What looks wrong but keeps nobody from publishing; the editor is told."""
        return []

    @cached_property
    def ancestor_list(self) -> list[Page]:
        """The pages above this one from the root on, as plain pages, asked for once."""
        return list(self.get_ancestors().order_by("path")) if self.path else []

    @property
    def line_above(self) -> list[Page]:
        """The pages above this one, the home page first."""
        return [page for page in self.ancestor_list if page.depth > 1]

    def get_view_restrictions(self):
        """As Wagtail's, with the ancestors that the page knows already, and in every language.

        What is private in Chinese is private in English (base/visibility.py says the same).
        """
        line = [*self.ancestor_list, self]
        return PageViewRestriction.objects.filter(
            Q(page__translation_key__in=[page.translation_key for page in line])
            | Q(page_id__in=[page.alias_of_id for page in line if page.alias_of_id])
        )

    @property
    def column(self) -> Page | None:
        """The nearest column above the page, or the page itself when it is one."""
        if self.column_type:
            return self
        for ancestor in reversed(self.line_above):
            if getattr(ancestor.cached_content_type.model_class(), "column_type", ""):
                return ancestor
        return None


class ArticleMixin(models.Model):
    """A page with a body of blocks."""

    body = BodyField(BodyStreamBlock(), blank=True, verbose_name=_("text"))

    body_panels = [FieldPanel("body")]
    body_search_fields = [index.SearchField("body")]

    class Meta:
        abstract = True

    @property
    def linked_ids(self) -> list[int | None]:
        """Pages that the page links to outside of its text."""
        return []

    def shows_body(self, request) -> bool:
        """Whether the page as it is asked for shows its text, whose links are then looked up."""
        return True

    def get_context(self, request, *args, **kwargs):
        if self.shows_body(request):
            preload(self.body, self.linked_ids)
        return super().get_context(request, *args, **kwargs)

    @cached_property
    def contents(self) -> list[tuple[str, str]]:
        """The headings of the body as (anchor, text)."""
        return [
            (f"s-{block.id[:8]}", block.value)
            for block in self.body
            if block.block_type == "heading" and block.id
        ]


class ColumnPage(ArticleMixin, BasePage):
    """A column (栏目): one of its kind below its parent, listing what stands below it.

    A subclass names `column_type`, its parents and its children.
    """

    requires_source = False
    max_count_per_parent = 1

    content_panels = [*BasePage.content_panels, *ArticleMixin.body_panels]
    search_fields = [*BasePage.search_fields, *ArticleMixin.body_search_fields]

    class Meta:
        abstract = True


class ArticlePage(ArticleMixin, BasePage):
    """A page with a text, a source and a date. Its own panels come by `panels_for`."""

    content_panels = [
        *BasePage.content_panels,
        *ArticleMixin.body_panels,
        *BasePage.source_panels,
    ]
    search_fields = [*BasePage.search_fields, *ArticleMixin.body_search_fields]

    class Meta:
        abstract = True

    @staticmethod
    def panels_for(*own) -> list:
        """The panels of the editor's first tab, with a type's own between the head and the text."""
        return [
            *BasePage.content_panels,
            *own,
            *ArticleMixin.body_panels,
            *BasePage.source_panels,
        ]
