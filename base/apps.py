from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "base"
    verbose_name = _("Base")

    def ready(self):
        from wagtail.signals import page_published

        from base.tree import repair_child_count

        def repair(instance, **kwargs):
            repair_child_count(instance)

        page_published.connect(repair, weak=False, dispatch_uid="base.repair_child_count")
