"""What an event's page gives away: calendar files, poster."""

from django.urls import path

from events.public import views

app_name = "event_pages"
urlpatterns = [
    path("calendar.ics", views.calendar, name="calendar"),
    path("<int:pk>.ics", views.event_calendar, name="ics"),
    path("<int:pk>/poster-a4.pdf", views.poster, {"size": "a4"}, name="poster-a4"),
    path("<int:pk>/poster-a3.pdf", views.poster, {"size": "a3"}, name="poster-a3"),
]
