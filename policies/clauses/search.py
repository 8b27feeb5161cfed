"""What the search reads of a policy's clauses: a policy is found by the words of those that are shown."""

from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import override


def with_clause_mark(pages: QuerySet) -> QuerySet:
    """Policy pages with the mark `has_clauses`: whether the policy has a published clause."""
    published = _clauses().filter(state="published")
    mine = published.filter(policy__translation_key=OuterRef("translation_key"))
    return pages.annotate(has_clauses=Exists(mine))


def searchable_texts(page) -> str:
    """The words of the policy's public clauses, in the language of `page` where there are some."""
    if not getattr(page, "has_clauses", True):
        return ""
    code = page.locale.language_code
    clauses = _clauses().public().of_page(page).prefetch_related("translations")
    texts = []
    with override(code):
        for clause in clauses:
            words = clause.words_in(code)
            texts += [words.title, clause.get_support_display(), *words.texts]
            if words is clause:
                texts.append(clause.quote)
    return "\n".join(text for text in texts if text)


def _clauses() -> QuerySet:
    # Asked for by the page's own module, which is read before that of the clauses.
    return apps.get_model("policies", "Clause").objects.all()
