from django.urls import path

from policies.official import views

app_name = "policy_record"
urlpatterns = [
    path("<int:pk>/official/", views.official, name="official"),
    path("<int:pk>/word/", views.download, {"kind": "word"}, name="word"),
    path("<int:pk>/pdf/", views.download, {"kind": "pdf"}, name="pdf"),
    path("<int:pk>/versions/", views.versions, name="versions"),
    path("<int:pk>/versions/<int:number>/", views.official, name="version"),
    path(
        "<int:pk>/versions/<int:number>/word/",
        views.download,
        {"kind": "word"},
        name="version_word",
    ),
    path(
        "<int:pk>/versions/<int:number>/pdf/", views.download, {"kind": "pdf"}, name="version_pdf"
    ),
    path("<int:pk>/compare/", views.compare, name="compare"),
]
