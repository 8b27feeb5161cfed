from django.urls import path
from django.views.decorators.http import conditional_page

from policies.feeds import AtomFeed, RssFeed

app_name = "policies"
urlpatterns = [
    path("atom", conditional_page(AtomFeed()), name="feed"),
    path("rss", conditional_page(RssFeed()), name="rss"),
]
