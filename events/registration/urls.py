from django.urls import path

from events.registration import pages, views

app_name = "registration"
urlpatterns = [
    path("event/<int:page_id>/", views.form, name="form"),
    path("event/<int:page_id>/known/", views.known, name="known"),
    path("<str:token>/", pages.detail, name="detail"),
    path("<str:token>/change/", pages.change, name="change"),
    path("<str:token>/cancel/", pages.cancel, name="cancel"),
    path("<str:token>/accept/", pages.accept, name="accept"),
    path("<str:token>/withdraw/<slug:kind>/", pages.withdraw, name="withdraw"),
    path("<str:token>/tickets/", pages.tickets, name="tickets"),
    path("<str:token>/calendar.ics", pages.calendar, name="calendar"),
]
