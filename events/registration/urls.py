from django.urls import path

from events.registration import views

app_name = "registration"
urlpatterns = [
    path("<str:token>/", views.registration, name="detail"),
]
