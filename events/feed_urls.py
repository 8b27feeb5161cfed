from django.urls import path

from events.feeds import AtomFeed, RssFeed

app_name = "event_feeds"
urlpatterns = [
    path("atom", AtomFeed(), name="feed"),
    path("rss", RssFeed(), name="rss"),
]
