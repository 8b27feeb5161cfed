from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnclavesConfig(AppConfig):
    name = "enclaves"
    verbose_name = _("Enclaves")
