from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="site")
class OfficialSettings(BaseSiteSetting):
    """What a Chinese government site must say of itself at its foot.

    All of it is assigned by somebody else, so all of it is empty until the owner fills it in, and
    an empty item renders nothing. Rules: 国办发〔2017〕47号; formats as in public use.
    """

    organiser = models.CharField(_("organiser (主办单位)"), max_length=100, blank=True)
    operator = models.CharField(_("operator (承办单位)"), max_length=100, blank=True)
    organiser_contact = models.CharField(_("contact of the organiser"), max_length=200, blank=True)
    telephone = models.CharField(_("telephone for investors"), max_length=40, blank=True)
    site_id_code = models.CharField(
        _("government site code (网站标识码)"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^\d{10}$", _("The code has ten digits."))],
    )
    icp_number = models.CharField(
        _("ICP record (ICP备案号)"),
        max_length=40,
        blank=True,
        validators=[
            RegexValidator(
                r"^[\u4e00-\u9fff]ICP备\d{8}号(-\d+)?$", _("Written like 晋ICP备12345678号-1.")
            )
        ],
    )
    police_number = models.CharField(
        _("public security record (公安备案号)"),
        max_length=40,
        blank=True,
        validators=[
            RegexValidator(
                r"^[\u4e00-\u9fff]公网安备\s?\d{14}号$",
                _("Written like 晋公网安备 14040402000000号."),
            )
        ],
    )
    party_mark_url = models.URLField(
        _("address of the government mark (党政机关网站标识)"), blank=True
    )
    error_report_url = models.URLField(
        _("national error report (政府网站找错)"),
        blank=True,
        help_text=_("Address given by the national platform; empty: the site's own form is used"),
    )
    map_approval_number = models.CharField(_("map approval (审图号)"), max_length=40, blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("organiser"),
                FieldPanel("operator"),
                FieldPanel("organiser_contact"),
                FieldPanel("telephone"),
            ],
            heading=_("Who runs the site"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("site_id_code"),
                FieldPanel("icp_number"),
                FieldPanel("police_number"),
                FieldPanel("party_mark_url"),
                FieldPanel("error_report_url"),
                FieldPanel("map_approval_number"),
            ],
            heading=_("Assigned numbers and marks"),
        ),
    ]

    class Meta:
        verbose_name = _("official details")

    @property
    def police_digits(self) -> str:
        """The digits of the public security record, as its public look-up wants them."""
        return "".join(c for c in self.police_number if c.isdigit())
