"""What editors see of the texts of attachments: a report, and a line in a document's form."""

import django_filters
from django.db.models import QuerySet
from django.forms import RadioSelect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.documents import get_document_model
from wagtail.documents.forms import BaseDocumentForm
from wagtail.documents.permissions import permission_policy

from search.admin_report import BOM, safe_cell
from search.attachments import explain
from search.models import AttachmentText

State = AttachmentText.State
UNREAD = "unread"


def text_of(document) -> AttachmentText | None:
    return getattr(document, "search_text", None)


class DocumentForm(BaseDocumentForm):
    """Says below the file whether readers find the document by its text."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "file" in self.fields:
            self.fields["file"].help_text = _("Search: %(state)s") % {
                "state": explain(text_of(self.instance))
            }


class WithoutTextFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="filter_state",
        choices=[
            (State.EMPTY, State.EMPTY.label),
            (State.FAILED, State.FAILED.label),
            (State.UNSUPPORTED, State.UNSUPPORTED.label),
            (UNREAD, _("not read yet")),
        ],
        widget=RadioSelect,
    )

    class Meta:
        model = get_document_model()
        fields = ["state"]

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == UNREAD:
            return queryset.filter(search_text=None)
        return queryset.filter(search_text__state=value)


class WithoutTextReportView(ReportView):
    """Documents that readers can't find by their text, of those that the editor may change."""

    model = get_document_model()
    permission_policy = permission_policy
    any_permission_required = ["change"]
    page_title = _("Attachments without text")
    header_icon = "doc-full-inverse"
    filterset_class = WithoutTextFilterSet
    default_ordering = "title"
    index_url_name = "attachments_without_text"
    index_results_url_name = "attachments_without_text_results"
    no_results_message = _("Every attachment is found by its text.")
    export_filename = "attachments-without-text"
    columns = [
        TitleColumn(
            "title",
            label=_("Title"),
            sort_key="title",
            get_url=lambda document: reverse("wagtaildocs:edit", args=[document.pk]),
        ),
        Column("filename", label=_("File")),
        Column("result", label=_("State"), accessor=lambda document: explain(text_of(document))),
        DateColumn("created_at", label=_("Created"), sort_key="created_at"),
    ]
    list_export = ["title", "filename", "result", "created_at"]
    export_headings = {
        "title": _("Title"),
        "filename": _("File"),
        "result": _("State"),
        "created_at": _("Created"),
    }

    def get_base_queryset(self) -> QuerySet:
        documents = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ["change"]
        )
        return (
            documents.exclude(search_text__state=State.READ)
            .select_related("search_text")
            .defer("search_text__text")
        )

    def decorate_paginated_queryset(self, object_list):
        for document in object_list:
            document.result = explain(text_of(document))
        return object_list

    def preprocess_field_value(self, field, value, export_format):
        return safe_cell(super().preprocess_field_value(field, value, export_format))

    def stream_csv(self, queryset):
        yield BOM
        yield from super().stream_csv(queryset)
