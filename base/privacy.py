"""Documents follow the pages that carry them: what no public page shows can't be read by address.

Wagtail guards documents by their collection only, so the file of an unpublished page would be
open to whoever guesses its address (its issue 10283).
"""

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from wagtail.documents.permissions import permission_policy
from wagtail.models import Page, ReferenceIndex

from base.visibility import visible


def is_public(document) -> bool:
    """True when a live page without a view restriction, or something that is no page, refers to it."""
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(document),
        to_object_id=str(document.pk),
    )
    page_type = ContentType.objects.get_for_model(Page)
    page_ids = []
    for base_type_id, object_id in references.values_list("base_content_type_id", "object_id"):
        if base_type_id != page_type.pk:
            return True
        page_ids.append(object_id)
    return visible(Page.objects.filter(pk__in=page_ids)).exists()


def guard_document(document, request: HttpRequest) -> None:
    """Answer 404 to readers of a document that no public page shows; editors may look."""
    user = request.user
    if user.is_authenticated and permission_policy.user_has_any_permission_for_instance(
        user, ["change", "delete", "choose"], document
    ):
        return
    if not is_public(document):
        raise Http404
