from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, PageManager
from wagtail.query import PageQuerySet

from base.models import ArticlePage, ColumnPage
from base.publish_check import Problem
from base.visibility import listed
from policies.choices import InterpretationKind
from policies.record.family import pages_in_language


class InterpretationQuerySet(PageQuerySet):
    def of_document(self, translation_key) -> "InterpretationQuerySet":
        """Interpretations of the document with this translation key."""
        further = InterpretationDocument.objects.filter(policy__translation_key=translation_key)
        return self.filter(
            Q(document__translation_key=translation_key) | Q(pk__in=further.values("page"))
        )


InterpretationManager = PageManager.from_queryset(InterpretationQuerySet)


class InterpretationIndexPage(ColumnPage):
    """The interpretations (解读) of policies, the newest first (`?page=`)."""

    column_type = "政策解读"
    per_page = 20
    parent_page_types = ["policies.PolicyIndexPage"]
    subpage_types = ["policies.InterpretationPage"]

    class Meta:
        verbose_name = _("interpretations of policies")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        found = listed(InterpretationPage.objects.child_of(self)).select_related("document")
        pages = Paginator(found.order_by("-first_published_at", "-pk"), self.per_page)
        context["interpretations"] = pages.get_page(request.GET.get("page"))
        return context


class InterpretationPage(ArticlePage):
    """Says what a document means: in words, in pictures, by questions, before the press."""

    Kind = InterpretationKind

    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=InterpretationKind.choices,
        default=InterpretationKind.TEXT,
    )
    document = models.ForeignKey(
        "policies.PolicyPage",
        verbose_name=_("document explained"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interpretations",
    )
    interpreter = models.CharField(
        _("explained by"), max_length=200, blank=True, help_text=_("The body that explains")
    )

    objects = InterpretationManager()

    parent_page_types = ["policies.InterpretationIndexPage"]
    subpage_types: list[str] = []
    content_panels = ArticlePage.panels_for(
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("kind"), FieldPanel("interpreter")]),
                FieldPanel("document"),
                InlinePanel(
                    "further_documents",
                    heading=_("Further documents explained"),
                    label=_("Document"),
                ),
            ],
            heading=_("Interpretation"),
        ),
    )

    class Meta:
        verbose_name = _("interpretation of a policy")
        verbose_name_plural = _("interpretations of policies")

    def publish_problems(self) -> list[Problem]:
        problems = super().publish_problems()
        if self.document_id is None:
            problems.append(Problem("document", gettext("The document explained is missing.")))
        return problems

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["documents"] = self.documents()
        return context

    def documents(self) -> list:
        """The public documents it explains, in the active language where they have a page in it."""
        policies = [self.document] if self.document else []
        policies += [
            one.policy
            for one in self.further_documents.select_related("policy").order_by("sort_order")
        ]
        keys = list(dict.fromkeys(policy.translation_key for policy in policies))
        pages = pages_in_language(keys)
        return [pages[key] for key in keys if key in pages]


class InterpretationDocument(Orderable):
    """A further document that an interpretation explains."""

    page = ParentalKey(
        InterpretationPage, on_delete=models.CASCADE, related_name="further_documents"
    )
    policy = models.ForeignKey(
        "policies.PolicyPage",
        verbose_name=_("document"),
        on_delete=models.CASCADE,
        related_name="further_interpretations",
    )

    panels = [FieldPanel("policy")]

    class Meta(Orderable.Meta):
        verbose_name = _("document explained")
        verbose_name_plural = _("documents explained")

    def __str__(self) -> str:
        return str(self.policy_id)
