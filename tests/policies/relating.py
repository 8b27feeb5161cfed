"""Relations between policies as an editor would publish them."""

from datetime import date

from policies.models import PolicyPage, PolicyRelation


def publish_relation(
    page: PolicyPage, target: PolicyPage, kind: str, on: date | None = None, **more
):
    """`page` does `kind` to `target`: by a new revision, published."""
    page = page.get_latest_revision_as_object()
    page.relations.add(PolicyRelation(kind=kind, target=target, effective_on=on, **more))
    page.save_revision().publish()


def stored(page) -> str:
    """The validity that is stored for a page."""
    return PolicyPage.objects.values_list("validity", flat=True).get(pk=page.pk)
