from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from base import sitemaps, views
from base.display import display
from base.publish_views import PageEditView, WorkflowActionView
from policies.clauses.list import clause_list

handler403 = "base.views.permission_denied"
handler404 = "base.views.page_not_found"

urlpatterns = [
    path("healthz/", views.healthz, name="healthz"),
    path("robots.txt", views.robots),
    path("favicon.ico", views.favicon),
    path("sitemap.xml", sitemaps.sitemap_xml, name="sitemap_xml"),
    path("display/", display, name="display"),
    path("media/images/<path:path>", views.media),
    path("admin/pages/<int:page_id>/edit/", require_admin_access(PageEditView.as_view())),
    path(
        "admin/pages/workflow/action/<int:page_id>/<slug:action_name>/<int:task_state_id>/",
        require_admin_access(WorkflowActionView.as_view()),
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns += staticfiles_urlpatterns()

urlpatterns += i18n_patterns(
    path("leaving/", views.leaving, name="leaving"),
    path("sitemap/", views.sitemap_html, name="sitemap_html"),
    path("search/", include("search.urls")),
    path("feeds/policies.", include("policies.urls")),
    path("policy-record/", include("policies.official.urls")),
    path("policies/match/", include("policies.matching.urls")),
    path("exports/", include("policies.exporting.urls")),
    path("api/", include("policies.api.urls")),
    path("feeds/events.", include("events.feed_urls")),
    path("event/", include("events.public.urls")),
    path("registration/", include("events.registration.urls")),
    path("door/", include("events.doors.urls")),
    path("one-to-one/", include("events.matchmaking.urls")),
    path("policy-clauses/", clause_list, name="policy_clauses"),
    path("alerts/", include("policies.alerts.urls")),
    path("inquiry/", include("crm.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
