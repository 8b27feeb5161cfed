from django.db import models
from django.db.models import Case, IntegerField, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from base.blocks import KeyFiguresBlock
from base.fields import BodyField
from base.models import ArticlePage, ColumnPage
from base.visibility import listed


class EnclaveQuerySet(PageQuerySet):
    def by_state(self):
        """Open ones first, then those being looked for, then the planned."""
        order = Case(
            *(When(state=state, then=Value(i)) for i, state in enumerate(EnclavePage.State.values)),
            output_field=IntegerField(),
        )
        return self.annotate(state_order=order).order_by("state_order", "path")


EnclaveManager = PageManager.from_queryset(EnclaveQuerySet)


class EnclaveIndexPage(ColumnPage):
    """The science-and-innovation enclaves (科创飞地) and their true state."""

    column_type = "概况信息"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["enclaves.EnclavePage"]

    class Meta:
        verbose_name = _("enclaves")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["enclaves"] = listed(EnclavePage.objects.child_of(self)).by_state()
        return context


class EnclavePage(ArticlePage):
    """One enclave. What is not open is never shown as if it were."""

    class State(models.TextChoices):
        OPERATING = "operating", _("Operating")
        CHOOSING = "choosing", _("Choosing a place")
        PLANNED = "planned", _("Planned")

    city = models.CharField(_("city"), max_length=30)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    space_note = models.CharField(_("space"), max_length=300, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    key_figures = BodyField(KeyFiguresBlock(), blank=True, verbose_name=_("numbers"))

    objects = EnclaveManager()

    parent_page_types = ["enclaves.EnclaveIndexPage"]
    subpage_types: list[str] = []
    content_panels = ArticlePage.panels_for(
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("city"), FieldPanel("state")]),
                FieldPanel("address"),
                FieldPanel("opened_on"),
                FieldPanel("space_note"),
                FieldPanel("contact"),
            ],
            heading=_("The enclave"),
        ),
        FieldPanel("key_figures"),
    )
    search_fields = [
        *ArticlePage.search_fields,
        index.SearchField("city"),
        index.SearchField("address"),
        index.FilterField("state"),
    ]
    override_translatable_fields = [
        *ArticlePage.override_translatable_fields,
        SynchronizedField("state"),
    ]

    class Meta:
        verbose_name = _("enclave")
        verbose_name_plural = _("enclaves")

    @property
    def state_tone(self) -> str:
        """The modifier of the line's stop and of the tag."""
        return {"operating": "open", "choosing": "search"}.get(self.state, "planned")

    @property
    def search_status(self) -> tuple[str, str, bool]:
        return self.state, self.get_state_display(), True

    @property
    def search_tone(self) -> str:
        """As on the page itself: only what is open is green."""
        return {"operating": "force", "choosing": "draft"}.get(self.state, "")

    @property
    def search_facts(self) -> list[str]:
        return [self.city]

    def search_facets(self) -> dict[str, list[str]]:
        return {"status": [self.state]}

    @property
    def facts(self) -> list[tuple[str, str]]:
        opened = date_format(self.opened_on, "DATE_FORMAT") if self.opened_on else ""
        pairs = [
            (_("Host city"), self.city),
            (_("State"), self.get_state_display()),
            (_("Address"), self.address),
            (_("Opened on"), opened),
            (_("Space"), self.space_note),
            (_("Contact"), self.contact),
        ]
        return [(label, value) for label, value in pairs if value]
