from django.urls import path

from policies.matching import views

app_name = "matching"
urlpatterns = [
    path("", views.steps, name="steps"),
    path("result/", views.result, name="result"),
    path("send/", views.send, name="send"),
]
