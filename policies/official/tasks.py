from django_tasks import task

from policies.services.versions import record_below


@task()
def record_opened(page_id: int) -> int:
    """Write the versions of policies that everybody may read from now on."""
    return record_below(page_id=page_id)
