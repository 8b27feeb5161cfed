from datetime import date

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from base.fields import BodyField
from base.models import ArticlePage, ColumnPage
from base.page_links import shown_page
from base.publish_check import Problem
from base.visibility import listed
from events.blocks import MaterialBlock, ProgrammeBlock


class EventQuerySet(PageQuerySet):
    def upcoming(self):
        """Not over yet, the next one first."""
        now = timezone.now()
        return self.filter(
            Q(ends_at__gte=now) | Q(ends_at__isnull=True, starts_at__gte=now)
        ).order_by("starts_at")

    def past(self):
        """Over, the last one first."""
        now = timezone.now()
        return self.filter(
            Q(ends_at__lt=now) | Q(ends_at__isnull=True, starts_at__lt=now)
        ).order_by("-starts_at")


EventManager = PageManager.from_queryset(EventQuerySet)


class EventIndexPage(ColumnPage):
    """Events to come, and an archive of past ones (`?page=`)."""

    column_type = "工作动态"
    per_page = 20
    parent_page_types = ["home.HomePage"]
    subpage_types = ["events.EventPage"]

    class Meta:
        verbose_name = _("events")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        events = listed(EventPage.objects.child_of(self))
        context["upcoming"] = events.upcoming()
        context["past"] = Paginator(events.past(), self.per_page).get_page(request.GET.get("page"))
        return context


class EventPage(ArticlePage):
    """An event of the window: a seminar, a product promotion, a matchmaking meeting."""

    class Kind(models.TextChoices):
        SEMINAR = "seminar", _("Seminar")
        PRODUCT_PROMOTION = "product_promotion", _("Product promotion")
        MATCHMAKING = "matchmaking", _("Matchmaking meeting")
        OPEN_DAY = "open_day", _("Open day")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    starts_at = models.DateTimeField(_("begins"), db_index=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    enclave = models.ForeignKey(
        "enclaves.EnclavePage",
        verbose_name=_("enclave"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    is_online = models.BooleanField(_("also online"), default=False)
    event_languages = models.CharField(_("languages spoken"), max_length=100, blank=True)
    organisers = models.CharField(_("organisers"), max_length=300, blank=True)
    directions = models.TextField(_("how to get there"), max_length=1000, blank=True)
    series = models.ForeignKey(
        "events.EventSeries",
        verbose_name=_("series"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_called_off = models.BooleanField(
        _("called off"), default=False, help_text=_("The page stays and says so")
    )
    programme = BodyField(ProgrammeBlock(required=False), blank=True, verbose_name=_("programme"))
    materials = BodyField(
        MaterialBlock(required=False), blank=True, verbose_name=_("papers before the event")
    )
    recordings = BodyField(
        MaterialBlock(required=False),
        blank=True,
        verbose_name=_("recordings and papers afterwards"),
    )
    results = models.TextField(
        _("what came of it"), max_length=2000, blank=True, help_text=_("Shown once it is over")
    )

    objects = EventManager()

    parent_page_types = ["events.EventIndexPage"]
    subpage_types: list[str] = []
    content_panels = ArticlePage.panels_for(
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldRowPanel([FieldPanel("venue"), FieldPanel("address")]),
                FieldRowPanel([FieldPanel("enclave"), FieldPanel("is_online")]),
                FieldRowPanel([FieldPanel("organisers"), FieldPanel("event_languages")]),
            ],
            heading=_("The event"),
        ),
        FieldPanel("programme"),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("venue"),
        index.FilterField("kind"),
        index.FilterField("starts_at"),
    ]
    override_translatable_fields = [
        *ArticlePage.override_translatable_fields,
        SynchronizedField("kind"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def publish_problems(self) -> list[Problem]:
        problems = super().publish_problems()
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            problems.append(Problem("ends_at", gettext("The end lies before the beginning.")))
        if not self.venue.strip() and not self.is_online:
            problems.append(Problem("venue", gettext("The venue is missing.")))
        return problems

    @property
    def shown_enclave(self) -> Page | None:
        """The enclave's page as the reader may see it, or None."""
        return shown_page(self.enclave_id)

    @property
    def status(self) -> str:
        """`upcoming`, `running` or `past`, by the clock."""
        now = timezone.now()
        if now < self.starts_at:
            return "upcoming"
        return "running" if self.ends_at and now <= self.ends_at else "past"

    @property
    def status_label(self) -> str:
        return {"upcoming": _("Announced"), "running": _("On now"), "past": _("Over")}[self.status]

    @property
    def search_date(self) -> date:
        """The day it begins: readers look for events by that, not by the day of publishing."""
        return timezone.localtime(self.starts_at).date()

    @property
    def search_facts(self) -> list[str]:
        return [self.get_kind_display()]

    def search_facets(self) -> dict[str, list[str]]:
        return {"year": [str(self.search_date.year)]}
