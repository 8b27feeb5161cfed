from django.urls import path, re_path

from policies.api import views

app_name = "policies_api"
urlpatterns = [
    path("", views.about, name="about"),
    path("openapi.json", views.openapi, name="openapi"),
    path("policies/", views.policies, name="policies"),
    path("policies/clauses/", views.clauses, name="clauses"),
    path("policies/<uuid:key>/", views.policy, name="policy"),
    # With its slash: without one Django leads to the address that has it.
    re_path(r"^(?P<rest>[\s\S]+/)$", views.not_found, name="not_found"),
]
