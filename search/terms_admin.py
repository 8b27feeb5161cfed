"""The synonyms in the admin."""

import secrets

import django_filters
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from search.models import IndexState, TermGroup


def terms_changed() -> None:
    """Tell every process that the synonyms are others now. Call it in the transaction that changes them.

    The version is a number that no other state had, a rolled-back one neither.
    """
    IndexState.load()
    IndexState.objects.filter(pk=1).update(terms_version=secrets.randbelow(2**31 - 1) + 1)


class TermGroupFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=TermGroup.Kind.choices)
    active = django_filters.BooleanFilter(label=gettext_lazy("In use"))
    origin = django_filters.ChoiceFilter(
        label=gettext_lazy("Comes from"),
        method="filter_origin",
        choices=[
            ("delivered", gettext_lazy("the delivered list")),
            ("own", gettext_lazy("an editor")),
        ],
    )

    class Meta:
        model = TermGroup
        fields = ["kind", "active", "origin"]

    def filter_origin(self, queryset, name, value):
        return queryset.exclude(seed="") if value == "delivered" else queryset.filter(seed="")


class SavedWithVersion:
    def save_instance(self):
        instance = super().save_instance()  # runs in a transaction of the view's
        terms_changed()
        return instance


class TermGroupCreateView(SavedWithVersion, generic.CreateView):
    def get_initial(self):
        """`?words=` fills the field: the report of searches links here."""
        words = self.request.GET.get("words", "").replace("\0", "")[:100]
        return {**super().get_initial(), **({"terms": f"{words}\n"} if words else {})}


class TermGroupEditView(SavedWithVersion, generic.EditView):
    pass


class TermGroupDeleteView(generic.DeleteView):
    """Deletes an editor's own group; a delivered one is switched off, or the next load would bring it back."""

    template_name = "search/admin/terms_delete.html"

    @property
    def confirmation_message(self):
        if self.object.seed:
            return _(
                "This group was delivered with the site. It will be switched off and stay in the "
                "list, so that the next delivery does not bring it back. Switch it off?"
            )
        return super().confirmation_message

    def get_success_message(self):
        if self.object.seed:
            return _("“%(group)s” is switched off.") % {"group": self.object}
        return super().get_success_message()

    def delete_action(self):
        with transaction.atomic():
            if self.object.seed:
                self.object.active = False
                self.object.save(update_fields=["active"])
                log(instance=self.object, action="wagtail.edit", content_changed=True)
            else:
                super().delete_action()
            terms_changed()


class TermGroupInspectView(generic.InspectView):
    def get_active_display_value(self):
        return in_use(self.object)

    def get_terms_display_value(self):
        return str(self.object)


def origin(group: TermGroup) -> str:
    return _("the delivered list") if group.seed else _("an editor")


def in_use(group: TermGroup) -> str:
    return _("in use") if group.active else _("off")


class TermGroupViewSet(ModelViewSet):
    model = TermGroup
    name = "synonyms"
    icon = "list-ul"
    menu_label = gettext_lazy("Synonyms")
    add_view_class = TermGroupCreateView
    edit_view_class = TermGroupEditView
    delete_view_class = TermGroupDeleteView
    inspect_view_class = TermGroupInspectView
    inspect_view_enabled = True
    inspect_view_fields = ["kind", "terms", "active", "note"]
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50
    # Editors' own groups first.
    ordering = ["seed", "kind", "terms"]
    search_fields = ["terms", "note"]
    filterset_class = TermGroupFilterSet
    list_display = [
        "__str__",
        Column("get_kind_display", label=gettext_lazy("Kind"), sort_key="kind"),
        StatusTagColumn(
            "active",
            label=gettext_lazy("In use"),
            sort_key="active",
            accessor=in_use,
            primary=lambda group: group.active,
        ),
        Column("origin", label=gettext_lazy("Comes from"), accessor=origin),
        Column("note", label=gettext_lazy("Note")),
    ]
    panels = [
        HelpPanel(template="search/admin/terms_help.html", heading=gettext_lazy("How it works")),
        FieldPanel("kind"),
        FieldPanel("terms"),
        FieldPanel("active"),
        FieldPanel("note"),
    ]

    def get_common_view_kwargs(self, **kwargs):
        # Nothing refers to a group.
        return super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})
