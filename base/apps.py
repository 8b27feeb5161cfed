from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "base"
    verbose_name = _("Base")

    def ready(self):
        from wagtail.models import ReferenceIndex
        from wagtail.signals import page_published

        from base.tree import repair_child_count

        def after_publishing(instance, **kwargs):
            repair_child_count(instance)
            # Documents follow their pages (base/privacy.py): at once, not when the worker comes by.
            ReferenceIndex.create_or_update_for_object(instance)

        page_published.connect(after_publishing, weak=False, dispatch_uid="base.after_publishing")
