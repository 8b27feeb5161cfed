from django.contrib.auth.models import Permission
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.contrib.search_promotions.wagtail_hooks import SearchPicksMenuItem

from search import (
    admin_promotions,
    attachment_hooks,  # noqa: F401 registers screens of its own
)
from search.admin_report import SearchesReportView
from search.notices import EnginePanel
from search.terms_admin import TermGroupViewSet


class SearchViewSetGroup(ViewSetGroup):
    """What editors do for the search. The report of searches stands with the other reports."""

    items = (TermGroupViewSet(),)
    menu_label = _("Site search")
    menu_name = "site-search"
    menu_icon = "search"
    menu_order = 160

    def get_submenu_items(self):
        promotions = SearchPicksMenuItem(
            _("Promoted results"),
            reverse("wagtailsearchpromotions:index"),
            name="promotions",
            icon_name="pick",
            order=10,
        )
        return [*super().get_submenu_items(), promotions]


class SearchesMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("search.view_queryday")


@hooks.register("register_admin_viewset")
def register_search_viewsets():
    return SearchViewSetGroup()


@hooks.register("construct_settings_menu")
def hide_second_way_to_promotions(request, menu_items):
    menu_items[:] = [item for item in menu_items if item.name != "promoted-search-results"]


@hooks.register("construct_reports_menu")
def hide_report_without_numbers(request, menu_items):
    """Wagtail's own report of searches counts in a table that this site does not fill."""
    menu_items[:] = [item for item in menu_items if item.name != "search-terms"]


@hooks.register("register_reports_menu_item")
def register_searches_report():
    return SearchesMenuItem(
        _("What readers search"),
        reverse("searches"),
        name="searches",
        icon_name="search",
        order=1250,
    )


@hooks.register("register_admin_urls", order=-1)
def register_search_urls():
    return [
        path("reports/searches/", SearchesReportView.as_view(), name="searches"),
        path(
            "reports/searches/results/",
            SearchesReportView.as_view(results_only=True),
            name="searches_results",
        ),
        *admin_promotions.urlpatterns,
    ]


@hooks.register("register_permissions")
def register_search_permissions():
    """Offer the report in the group form."""
    return Permission.objects.filter(content_type__app_label="search", codename="view_queryday")


@hooks.register("construct_homepage_panels")
def tell_of_the_engine(request, panels):
    panels.append(EnginePanel())
