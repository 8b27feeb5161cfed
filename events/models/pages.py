from datetime import date

from django.db import models
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from base.fields import BodyField
from base.models import ArticlePage, ColumnPage
from base.page_links import shown_page
from base.publish_check import Problem
from events.blocks import MaterialBlock, ProgrammeBlock
from events.models.query import EventManager


class EventIndexPage(ColumnPage):
    """Events to come, and an archive of past ones (`?page=`), narrowed by `events.public.listing`."""

    column_type = "工作动态"
    per_page = 20
    parent_page_types = ["home.HomePage"]
    subpage_types = ["events.EventPage"]

    class Meta:
        verbose_name = _("events")

    def serve(self, request, *args, **kwargs):
        """The list; another spelling of its address is sent on to the one address of that choice."""
        from events.public.index import plain_address

        plain = plain_address(self, request)
        return HttpResponseRedirect(plain) if plain else super().serve(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        from events.public.index import index_context

        # First, so that the text's links are looked up together with those of the list.
        listed = index_context(self, request)
        return super().get_context(request, *args, **kwargs) | listed


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
                FieldRowPanel([FieldPanel("organisers"), FieldPanel("event_languages")]),
                FieldPanel("series"),
                FieldPanel("is_called_off"),
            ],
            heading=_("The event"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("venue"), FieldPanel("address")]),
                FieldRowPanel([FieldPanel("enclave"), FieldPanel("is_online")]),
                FieldPanel("directions"),
            ],
            heading=_("Place"),
        ),
        FieldPanel("programme"),
        FieldPanel("materials"),
        MultiFieldPanel([FieldPanel("results"), FieldPanel("recordings")], heading=_("Afterwards")),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("venue"),
        index.SearchField("programme"),
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

    def publish_warnings(self) -> list[Problem]:
        """What is said once for all languages, and what each language must say for itself."""
        from events.services.facts import chief_of, differs

        warnings = super().publish_warnings()
        chief = chief_of(self)
        if chief is not None and chief.pk != self.pk and differs(self, chief):
            text = gettext(
                "Time, calling off and online are taken from the page in %(language)s: change them there."
            )
            name = chief.locale.get_display_name()
            warnings.append(Problem("starts_at", text % {"language": name}))
        before = EventPage.objects.filter(pk=self.pk, live=True).first()
        if before is not None and any(
            getattr(before, name) != getattr(self, name) for name in ("venue", "address")
        ):
            others = EventPage.objects.filter(translation_key=self.translation_key, live=True)
            for other in others.exclude(pk=self.pk).select_related("locale"):
                text = gettext("The place changes: the page in %(language)s has to say so, too.")
                name = other.locale.get_display_name()
                warnings.append(Problem("venue", text % {"language": name}))
        return warnings

    def get_context(self, request, *args, **kwargs):
        from events.public.page import page_context

        context = super().get_context(request, *args, **kwargs)
        return context | page_context(self, request)

    @property
    def linked_ids(self) -> list[int | None]:
        return [self.enclave_id]

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
    def state(self) -> str:
        """The same, or `called_off`: what a reader must know first."""
        return "called_off" if self.is_called_off else self.status

    @property
    def status_label(self) -> str:
        return {
            "upcoming": _("Announced"),
            "running": _("On now"),
            "past": _("Over"),
            "called_off": _("Called off"),
        }[self.state]

    @property
    def has_recordings(self) -> bool:
        return bool(self.recordings.raw_data)

    @property
    def search_tone(self) -> str:
        return "void" if self.is_called_off else ""

    @property
    def search_status(self) -> tuple[str, str, bool]:
        """Only what an editor said: what the clock says changes without the page."""
        if self.is_called_off:
            return "called_off", str(_("Called off")), False
        return super().search_status

    @property
    def search_date(self) -> date:
        """The day it begins: readers look for events by that, not by the day of publishing."""
        return timezone.localtime(self.starts_at).date()

    @property
    def search_facts(self) -> list[str]:
        return [self.get_kind_display()]

    def search_facets(self) -> dict[str, list[str]]:
        return {"year": [str(self.search_date.year)]}
