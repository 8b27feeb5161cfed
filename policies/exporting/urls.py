from django.urls import path

from policies.exporting import views

app_name = "policies_export"
urlpatterns = [
    path("policies.xlsx", views.public_xlsx, name="xlsx"),
    path("policies.json", views.public_json, name="json"),
]
