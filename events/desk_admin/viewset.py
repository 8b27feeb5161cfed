"""The desks in the admin: their list, and the pages of each."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from events.afterwards.viewset import desk_urls as report_urls
from events.desk_admin import changing, codes, confirming, entering, questions, seats, setup
from events.desk_admin.index import DeskIndexView
from events.desk_admin.overview import OpenView, OverviewView
from events.desk_admin.registration import RegistrationView
from events.desk_admin.telling import TellView
from events.doors.admin import desk_urls as door_urls


class DeskMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("events.view_registrationdesk")


def moves() -> list:
    """The addresses of what moves a registration."""
    view = confirming.MoveView.as_view()
    return [
        path(f"<int:desk_id>/registration/<int:pk>/{name}/", view, {"move": name}, name=name)
        for name in confirming.MOVE_VIEWS
    ]


class DeskViewSet(ViewSet):
    name = "desks"
    url_prefix = "events/desk"
    icon = "clipboard-list"
    menu_label = _("Registration desks")
    menu_item_class = DeskMenuItem

    def get_urlpatterns(self):
        return [
            path("", DeskIndexView.as_view(), name="index"),
            path("results/", DeskIndexView.as_view(results_only=True), name="index_results"),
            path("new/", setup.NewDeskView.as_view(), name="new"),
            path("page/<int:page_id>/", setup.PageDeskView.as_view(), name="for_page"),
            path("<int:desk_id>/", OverviewView.as_view(), name="overview"),
            path("<int:desk_id>/open/", OpenView.as_view(), {"is_open": True}, name="open"),
            path("<int:desk_id>/close/", OpenView.as_view(), {"is_open": False}, name="close"),
            path("<int:desk_id>/delete/", setup.DeleteDeskView.as_view(), name="delete"),
            path("<int:desk_id>/rules/", setup.RulesView.as_view(), name="rules"),
            *self.seats(),
            *self.questions(),
            *self.codes(),
            *self.registrations(),
            *door_urls(),
            *report_urls(),
        ]

    @staticmethod
    def seats() -> list:
        pool = "<int:desk_id>/seats/<int:pool_id>/"
        return [
            path("<int:desk_id>/seats/", seats.SeatsView.as_view(), name="seats"),
            path("<int:desk_id>/seats/new/", seats.PoolView.as_view(), name="new_pool"),
            path("<int:desk_id>/seats/follow/", seats.FollowProgrammeView.as_view(), name="follow"),
            path(pool, seats.PoolView.as_view(), name="pool"),
            path(f"{pool}remove/", seats.RemovePoolView.as_view(), name="remove_pool"),
        ]

    @staticmethod
    def questions() -> list:
        question, view = "<int:desk_id>/questions/<int:question_id>/", questions.QuestionView
        move = questions.MoveQuestionView.as_view()
        return [
            path("<int:desk_id>/questions/", questions.QuestionsView.as_view(), name="questions"),
            path("<int:desk_id>/questions/new/", view.as_view(), name="new_question"),
            path(question, view.as_view(), name="question"),
            path(f"{question}up/", move, {"direction": "up"}, name="question_up"),
            path(f"{question}down/", move, {"direction": "down"}, name="question_down"),
            path(
                f"{question}remove/", questions.RemoveQuestionView.as_view(), name="remove_question"
            ),
        ]

    @staticmethod
    def codes() -> list:
        code = "<int:desk_id>/codes/<int:code_id>/"
        return [
            path("<int:desk_id>/codes/", codes.CodesView.as_view(), name="codes"),
            path("<int:desk_id>/codes.xlsx", codes.CodesFileView.as_view(), name="codes_file"),
            path(f"{code}valid/", codes.CodeValidView.as_view(), name="code_valid"),
        ]

    @staticmethod
    def registrations() -> list:
        one = "<int:desk_id>/registration/<int:pk>/"
        view, several = RegistrationView.as_view(), confirming.ApproveSeveralView.as_view()
        resend = confirming.ResendView.as_view()
        return [
            path("<int:desk_id>/enter/", entering.EnterView.as_view(), name="enter"),
            path("<int:desk_id>/tell/", TellView.as_view(), name="tell"),
            path("<int:desk_id>/approve/", several, name="approve_several"),
            path(one, view, name="registration"),
            path(f"{one}reveal/", view, {"action": "reveal"}, name="reveal"),
            path(f"{one}change/", changing.ChangeView.as_view(), name="change"),
            path(f"{one}note/", view, {"action": "note"}, name="note"),
            path(f"{one}mail/<int:mail_id>/", resend, name="resend"),
            *moves(),
        ]
