from django_tasks import task
from wagtail.documents import get_document_model

from search import attachment_pages, attachments


@task()
def read_attachment(document_id: int) -> bool:
    """Read a document if its file changed, and index the pages that show it: it has a title, too."""
    document = get_document_model().objects.filter(pk=document_id).first()
    if document is None:
        return False
    was_read = attachments.refresh_attachment(document, reindex=False)
    attachment_pages.reindex_pages(attachment_pages.pages_showing([document_id]))
    return was_read


@task()
def reindex_pages(page_ids: list[int]) -> None:
    """Index pages again whose documents changed."""
    attachment_pages.reindex_pages(page_ids)


@task()
def send_changes() -> None:
    """Send Elasticsearch what changed, unless it is away: then its return does it."""
    from search import changes, upkeep
    from search.models import EngineState

    backend = upkeep.elasticsearch()
    if backend is not None and EngineState.load().up:
        changes.send(backend)


@task()
def rebuild_elasticsearch() -> None:
    """Make the index of Elasticsearch when it has none."""
    from search import upkeep

    if upkeep.elasticsearch() is not None:
        upkeep.rebuild(upkeep.ELASTICSEARCH)
