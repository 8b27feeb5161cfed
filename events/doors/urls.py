from django.urls import path

from events.doors import views

app_name = "doors"
urlpatterns = [
    path("<str:token>/", views.door, name="door"),
    path("<str:token>/list.json", views.ticket_list, name="list"),
    path("<str:token>/sync.json", views.sync, name="sync"),
    path("<str:token>/worker.js", views.worker, name="worker"),
    path("<str:token>/badge/<int:attendee_id>.pdf", views.badge, name="badge"),
]
