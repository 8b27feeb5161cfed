"""Relations between policies as an editor would publish them."""

from datetime import date

from policies.models import PolicyPage, PolicyRelation


def publish_relation(
    page: PolicyPage, target: PolicyPage, kind: str, on: date | None = None, **more
):
    """`page` does `kind` to `target`: by a new revision, published."""
    page = draft_of(page)
    page.relations.add(PolicyRelation(kind=kind, target=target, effective_on=on, **more))
    page.save_revision().publish()


def stored(page) -> str:
    """The validity that is stored for a page."""
    return PolicyPage.objects.values_list("validity", flat=True).get(pk=page.pk)


def draft_of(page) -> PolicyPage:
    """The page as an editor opens it."""
    return PolicyPage.objects.get(pk=page.pk).get_latest_revision_as_object()
