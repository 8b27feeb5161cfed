"""Wagtail's screens for promoted results, with what this site does not use taken out.

Left out: external links, because a result here is a page; the number of views and the choice of
popular queries, because this site counts searches in its own table (`search.query_log`).
"""

from django import forms
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.widgets import AdminPageChooser
from wagtail.contrib.search_promotions import views
from wagtail.contrib.search_promotions.forms import QueryForm, SearchPromotionsFormSet
from wagtail.contrib.search_promotions.models import SearchPromotion

from search.query_log import tidy


class PromotedQueryForm(QueryForm):
    query_string = forms.CharField(
        label=_("Searched"),
        help_text=_(
            "The whole search as readers type it. Capitals, full-width letters and extra blanks make "
            "no difference."
        ),
        max_length=100,
    )

    def clean_query_string(self):
        query = tidy(self.cleaned_data["query_string"])
        if not query:
            raise forms.ValidationError(_("These are no words that can be searched."))
        return query


class PromotionForm(WagtailAdminModelForm):
    sort_order = forms.IntegerField(required=False)
    page = forms.ModelChoiceField(
        SearchPromotion._meta.get_field("page").related_model.objects.all(),
        label=_("Page"),
        widget=AdminPageChooser,
        help_text=_(
            "Shown only while anybody may read it; in another language its translation is shown."
        ),
    )

    class Meta(WagtailAdminModelForm.Meta):
        model = SearchPromotion
        fields = ("query", "page", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"description": _("Shown below the title, in place of the passage found.")}


class PromotionFormSet(SearchPromotionsFormSet):
    form = PromotionForm


TITLE = _("Promoted results")


class PagesOnly:
    form_class = PromotedQueryForm
    page_subtitle = TITLE
    success_message = _("The promoted results for “%(query)s” are saved.")

    def get_breadcrumbs_items(self):
        breadcrumbs = super().get_breadcrumbs_items()
        breadcrumbs[-2]["label"] = TITLE
        return breadcrumbs

    @cached_property
    def searchpicks_formset(self):
        data = self.request.POST if self.request.method == "POST" else None
        return PromotionFormSet(data, instance=self.object)


class PromotionIndexView(views.IndexView):
    page_title = TITLE
    add_item_label = _("Add promoted results")
    columns = [
        TitleColumn(
            "query_string",
            label=_("Searched"),
            width="40%",
            url_name="wagtailsearchpromotions:edit",
            sort_key="query_string",
        ),
        views.SearchPromotionColumn("editors_picks", label=_("Promoted pages")),
    ]


class PromotionCreateView(PagesOnly, views.CreateView):
    template_name = "search/admin/promotion_add.html"

    def get_initial(self):
        """`?query=` fills the field: the report of searches links here."""
        return {**super().get_initial(), "query_string": tidy(self.request.GET.get("query", ""))}


class PromotionEditView(PagesOnly, views.EditView):
    template_name = "search/admin/promotion_edit.html"


class PromotionDeleteView(views.DeleteView):
    success_message = _("The promoted results are deleted.")


# Found before Wagtail's own views of these addresses, which keep their names.
urlpatterns = [
    path("searchpicks/", PromotionIndexView.as_view()),
    path("searchpicks/results/", PromotionIndexView.as_view(results_only=True)),
    path("searchpicks/add/", PromotionCreateView.as_view()),
    path("searchpicks/<int:query_id>/", PromotionEditView.as_view()),
    path("searchpicks/<int:query_id>/delete/", PromotionDeleteView.as_view()),
]
