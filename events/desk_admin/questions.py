"""The questions of an event's form, one screen each; they are asked in the order of the list."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView, TemplateView

from events.desk_admin.base import DeskMixin
from events.desk_admin.forms import QuestionForm
from events.desk_admin.setup import UNPROCESSABLE
from events.errors import EventError
from events.models import FormField
from events.services.questions import is_answered, move_question, remove_question, save_question


class QuestionsMixin(DeskMixin):
    permission = "events.change_registrationdesk"
    header_icon = "form"


class QuestionsView(QuestionsMixin, TemplateView):
    template_name = "events/desk_admin/questions.html"
    page_title = _("Questions")

    @property
    def header_buttons(self) -> list:
        return self.form_button()

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(questions=self.desk.fields.all(), **kwargs)


class QuestionView(QuestionsMixin, FormView):
    """Add a question, or change one (`question_id`)."""

    form_class = QuestionForm
    template_name = "events/desk_admin/question.html"
    part = "desks:questions"
    part_label = _("Questions")

    @cached_property
    def question(self) -> FormField | None:
        if "question_id" not in self.kwargs:
            return None
        return get_object_or_404(self.desk.fields, pk=self.kwargs["question_id"])

    def get_page_title(self) -> str:
        return gettext("Change a question") if self.question else gettext("New question")

    def get_form_kwargs(self) -> dict:
        question = self.question
        return super().get_form_kwargs() | {
            "desk": self.desk,
            "instance": FormField.objects.get(pk=question.pk) if question else None,
            "answered": question is not None and is_answered(question),
        }

    def form_valid(self, form: QuestionForm) -> HttpResponse:
        try:
            save_question(
                desk=self.desk,
                values=form.cleaned_data,
                question=self.question,
                actor=self.request.user,
            )
        except EventError as error:
            form.add_error(error.field, str(error))
            return self.form_invalid(form)
        messages.success(self.request, gettext("The question is saved."))
        another = "another" in self.request.POST
        return redirect("desks:new_question" if another else "desks:questions", self.desk.pk)

    def form_invalid(self, form: QuestionForm) -> HttpResponse:
        messages.error(self.request, gettext("Not saved: please mend what is marked."))
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(question=self.question, **kwargs)


class QuestionActionView(QuestionsMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int, question_id: int, **kwargs) -> HttpResponse:
        question = self.desk.fields.filter(pk=question_id).first()
        if question is None:
            raise Http404
        self.act(question)
        return redirect("desks:questions", desk_id)

    def act(self, question: FormField) -> None:
        raise NotImplementedError("each button calls a service of its own")


class MoveQuestionView(QuestionActionView):
    """One place up or down."""

    def act(self, question: FormField) -> None:
        up = self.kwargs["direction"] == "up"
        move_question(question=question, up=up, actor=self.request.user)


class RemoveQuestionView(QuestionActionView):
    def act(self, question: FormField) -> None:
        if remove_question(question=question, actor=self.request.user):
            messages.success(self.request, gettext("The question is deleted."))
        else:
            messages.info(
                self.request,
                gettext("It has been answered: it is asked no more, and its answers stay."),
            )
