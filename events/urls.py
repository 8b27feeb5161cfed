from django.urls import path

from events.feeds import AtomFeed, RssFeed

app_name = "events"
urlpatterns = [
    path("atom", AtomFeed(), name="feed"),
    path("rss", RssFeed(), name="rss"),
]
