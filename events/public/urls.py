app_name = "event_pages"
urlpatterns: list = []
