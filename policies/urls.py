from django.urls import path

from policies.feeds import AtomFeed, RssFeed

app_name = "policies"
urlpatterns = [
    path("atom", AtomFeed(), name="feed"),
    path("rss", RssFeed(), name="rss"),
]
