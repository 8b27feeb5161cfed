app_name = "doors"
urlpatterns: list = []
