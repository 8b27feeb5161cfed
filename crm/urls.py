from django.urls import path

from crm import views

app_name = "crm"
urlpatterns = [
    path("submit/", views.submit, name="submit"),
    path("status/<str:token>/", views.status, name="status"),
    path("status/<str:token>/withdraw/<str:kind>/", views.withdraw, name="withdraw"),
]
