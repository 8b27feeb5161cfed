from django.urls import path

from events.matchmaking import meeting_views, profile_views, request_views

app_name = "matchmaking"
urlpatterns = [
    path("<str:token>/", profile_views.home, name="home"),
    path("<str:token>/profile/", profile_views.profile, name="profile"),
    path("<str:token>/times/", profile_views.times, name="times"),
    path("<str:token>/leave/", profile_views.leave_meetings, name="leave"),
    path("<str:token>/participants/", request_views.participants, name="participants"),
    path("<str:token>/participants/<int:pk>/", request_views.participant, name="participant"),
    path("<str:token>/requests/", request_views.requests, name="requests"),
    path("<str:token>/requests/<int:pk>/", request_views.meeting_request, name="request"),
    path("<str:token>/timetable/", meeting_views.timetable, name="timetable"),
    path("<str:token>/timetable.ics", meeting_views.timetable_ics, name="timetable_ics"),
    path("<str:token>/meetings/<int:pk>/", meeting_views.meeting, name="meeting"),
    path("<str:token>/meetings/<int:pk>/off/", meeting_views.meeting_off, name="meeting_off"),
]
