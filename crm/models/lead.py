from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from base.chains import Chain
from crm.models.organisation import Contact, Organisation
from crm.models.sent import SentForm, SentFormQuerySet
from crm.regions import REGIONS


class LeadQuerySet(SentFormQuerySet):
    def visible_to(self, user) -> "LeadQuerySet":
        """Managers see all leads, officers their own and those that nobody owns yet."""
        if user.has_perm("crm.view_all_leads"):
            return self
        if not user.has_perm("crm.view_lead"):
            return self.none()
        return self.filter(models.Q(owner=user) | models.Q(owner=None))


class Currency(models.TextChoices):
    CNY = "CNY", _("Chinese yuan (CNY)")
    USD = "USD", _("US dollar (USD)")
    EUR = "EUR", _("Euro (EUR)")
    HKD = "HKD", _("Hong Kong dollar (HKD)")
    JPY = "JPY", _("Japanese yen (JPY)")
    GBP = "GBP", _("Pound sterling (GBP)")
    SGD = "SGD", _("Singapore dollar (SGD)")
    MOP = "MOP", _("Macao pataca (MOP)")
    TWD = "TWD", _("New Taiwan dollar (TWD)")


class Lead(SentForm):
    """One inquiry, as it was typed, and what has become of it."""

    class Stage(models.TextChoices):
        NEW = "new", _("New lead")
        SCREENING = "screening", _("Screening")
        TALKING = "talking", _("In talks")
        QUALIFIED = "qualified", _("Ready for a project")
        SHELVED = "shelved", _("Shelved")
        CLOSED = "closed", _("Closed")

    contact = models.ForeignKey(
        Contact,
        null=True,
        on_delete=models.SET_NULL,
        related_name="leads",
        verbose_name=_("contact"),
    )
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        on_delete=models.SET_NULL,
        related_name="leads",
        verbose_name=_("organisation"),
    )

    organisation_key = models.CharField(max_length=120, blank=True, db_index=True, editable=False)
    email_key = models.CharField(max_length=254, blank=True, db_index=True, editable=False)
    region = models.CharField(_("country or region"), max_length=10, blank=True, choices=REGIONS)
    chain = models.CharField(_("industry"), max_length=20, blank=True, choices=Chain.choices)
    # In units of ten thousand (万) of the currency, as Chinese investment figures are given.
    scale_min = models.DecimalField(
        _("smallest scale (ten thousand)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    scale_max = models.DecimalField(
        _("largest scale (ten thousand)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(
        _("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY
    )
    site_need = models.TextField(_("site need"), max_length=500, blank=True)
    message = models.TextField(_("message"), max_length=3000, blank=True)
    # What another part of the site laid beside the message, seen and let stand by the visitor.
    attached = models.TextField(_("sent along"), max_length=2000, blank=True)

    source_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("sent from the page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    source_title = models.CharField(_("title of that page"), max_length=255, blank=True)
    source_url = models.CharField(_("address of that page"), max_length=500, blank=True)

    stage = models.CharField(
        _("stage"), max_length=12, choices=Stage.choices, default=Stage.NEW, db_index=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="leads",
    )

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("work_lead", "Can take leads, change their stage, note and reveal contacts"),
            ("view_all_leads", "Can see leads of other owners"),
            ("assign_lead", "Can assign leads to others"),
            ("export_lead", "Can export leads"),
        ]

    @property
    def scale_text(self) -> str:
        """3,000–5,000 ten thousand CNY, or the one end that was given."""
        low, high = (
            "" if end is None else f"{Decimal(end).normalize():,f}"
            for end in (self.scale_min, self.scale_max)
        )
        if not low and not high:
            return ""
        if not high:
            pattern = gettext("from %(low)s ten thousand %(currency)s")
        elif not low:
            pattern = gettext("up to %(high)s ten thousand %(currency)s")
        elif low == high:
            pattern = gettext("%(low)s ten thousand %(currency)s")
        else:
            pattern = gettext("%(low)s–%(high)s ten thousand %(currency)s")
        return pattern % {"low": low, "high": high, "currency": self.currency}

    @property
    def language_label(self) -> str:
        return dict(settings.LANGUAGES).get(self.language, self.language)

    @property
    def allows_sharing(self) -> bool:
        """Whether a valid consent to pass the inquiry on is on file (PIPL article 23)."""
        return self.consents.active().filter(kind="sharing").exists()
